"""Base class of all management commands of the archive."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import Any, TextIO

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from archive.store.infrastructure_errors import OF_DATABASES, trouble_of


def stream_of(output: OutputWrapper) -> TextIO:
    """Returns the stream of a command's output, for writers that end their lines themselves."""
    return output._out  # type: ignore[return-value]  # the stubs take it for a method


class Unbroken:
    """A stream whose reader may go away while the work goes on (``| head -1``): what is told after that is
    told to nobody.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._leave()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._leave()

    def _leave(self) -> None:
        """Redirects the stream to the null device, for the output still in its buffer at exit."""
        with suppress(OSError, ValueError, io.UnsupportedOperation):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class ArchiveCommand(BaseCommand):
    """A command that reports a locked database, a full disk or a read-only place in one sentence.

    Exit statuses: 0 done; 1 refused, or something is wrong with what was looked at; 2 called wrongly; 69 the
    database cannot be reached; 74 nothing can be written; 75 locked, try again later.

    Of the settings those are looked at that say where things lie. The addresses of pages, which lead to the
    whole program, are a matter of ``check``.
    """

    requires_system_checks: list[str] = [Tags.files, Tags.compatibility]

    def execute(self, *args: Any, **options: Any) -> str | None:
        for name, told in (("stdout", self.stdout), ("stderr", self.stderr)):
            stream = options.get(name) or stream_of(told)
            options[name] = stream if isinstance(stream, Unbroken) else Unbroken(stream)
        try:
            return super().execute(*args, **options)
        except (OSError, *OF_DATABASES) as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise CommandError(trouble.words, returncode=trouble.status) from error
