"""What every command of the archive has in common."""

from __future__ import annotations

from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from archive.http.trouble import OF_DATABASES, trouble_of


def stream_of(output: OutputWrapper) -> TextIO:
    """The stream behind a command's output, for what ends its lines itself."""
    return output._out  # type: ignore[return-value]  # the stubs take it for a method


class ArchiveCommand(BaseCommand):
    """A command that tells a locked database, a full disk or a place not writable in one sentence.

    Exit statuses: 0 done; 1 refused, or something is wrong with what was looked at; 2 called wrongly; 69 the
    database cannot be reached; 74 nothing can be written; 75 locked, try again later.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OSError, *OF_DATABASES) as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise CommandError(trouble.words, returncode=trouble.status) from error
