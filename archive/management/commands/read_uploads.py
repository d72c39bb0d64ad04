"""``manage.py read_uploads``: reads, publishes and withdraws what was sent to the desk, as it comes."""

from __future__ import annotations

import os
import socket
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management import CommandError
from django.db import close_old_connections, reset_queries
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.desk.uploads.receiving import receive_folder
from archive.desk.uploads.worker import State, expire, work
from archive.management.base import ArchiveCommand, stream_of
from archive.store.infrastructure_errors import OF_DATABASES, trouble_of
from archive.store.ingest.values import RefusedError
from archive.store.search_index import Following

PAUSE = 1.0  # seconds between two looks where nothing waits


class Command(ArchiveCommand):
    help = (
        "读取编辑台收到的文件，并照编者的决定发布或撤下；与网站同时运行，中途停下的再做。可以同时运行几个。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完现有的就结束")
        parser.add_argument(
            "--from",
            dest="folder",
            metavar="文件夹",
            help="把文件夹（如fetch_documents取来的）收作一批，先不读",
        )
        parser.add_argument("--beside", action="store_true", help="启动它的程序结束时，也结束")

    def handle(
        self, *args: Any, once: bool, beside: bool, folder: str | None, verbosity: int, **options: Any
    ) -> None:
        if folder is not None:
            self._receive(folder)
            if not once:
                return
        owner, parent = f"{socket.gethostname()}:{os.getpid()}"[-100:], os.getppid()
        # A worker that was killed may have published what no index has.
        self.index = Following(True, stream_of(self.stdout), 0, before=True)
        if once:
            self._work_all(owner)
            return
        if verbosity:
            self.stdout.write(_("等候编辑台收到的文件；Ctrl-C结束。"))
        with suppress(KeyboardInterrupt):
            while not beside or os.getppid() == parent:
                try:
                    self._work_all(owner)
                except (OSError, *OF_DATABASES) as error:  # what was taken up is taken up again
                    trouble = trouble_of(error)
                    if trouble is None:
                        raise
                    self.stderr.write(trouble.words)
                close_old_connections()
                time.sleep(PAUSE)

    def _receive(self, folder: str) -> None:
        try:
            batch = receive_folder(folder, "read_uploads")
        except RefusedError as error:
            raise CommandError(str(error)) from error
        told = {"count": batch.items.count(), "path": reverse("intake_batch", args=[batch.pk])}
        self.stdout.write(_("收下%(count)d份，读完后在%(path)s核对。") % told)

    def _work_all(self, owner: str) -> None:
        """Does all that waits; the index follows where nobody's decision waits any more."""
        while (done := work(owner)) is not None:
            if done is State.WAITING:
                self._bring_along()
            reset_queries()  # a site under development keeps them all
        self._bring_along()
        expire()

    def _bring_along(self) -> None:
        try:
            self.index.finish()
        except CommandError as error:  # it is behind and says so, and the next act brings it along
            self.stderr.write(str(error))
            self.index = Following(True, stream_of(self.stdout), 0)
