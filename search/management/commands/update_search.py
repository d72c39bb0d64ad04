"""``manage.py update_search``: bring the search index up to date with the database."""

from __future__ import annotations

import sys
import time

from django.core.management import CommandError

from archive.management.base import ArchiveCommand
from search.engine.index.generations import IndexBusyError, IndexUnavailableError
from search.engine.live.update import update_index

EVERY = 500  # paragraphs between two lines of progress, where standard output is no terminal


class Command(ArchiveCommand):
    help = "使检索索引与数据库一致：只处理有改动的文件，在旁新建，完成后整体切换。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="不沿用现有索引，全部重建")
        parser.add_argument("--queued", action="store_true", help="已有更新在进行时，什么也不做")

    def handle(self, *, rebuild: bool, queued: bool, verbosity: int, **options) -> None:
        self.shown = 0.0
        try:
            update = update_index(rebuild, self._progress if verbosity else None, wait=not queued)
        except IndexBusyError:
            return
        except IndexUnavailableError as error:
            raise CommandError(f"索引未更新，仍用原有索引：{error}") from error
        if not verbosity:
            return
        if update.indexed or update.removed or update.rebuilt:
            how = "重建" if update.rebuilt else "更新"
            self.stdout.write(
                f"检索索引已{how}：{update.indexed}份文件编入，{update.removed}份移出，共{update.paragraphs}段。"
            )
        else:
            self.stdout.write(f"检索索引与数据库一致，共{update.paragraphs}段，未作改动。")

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or (sys.stdout.isatty() and now - self.shown > 0.2) or done % EVERY == 0:
            self.shown = now
            self.stdout.write(f"编入索引 {done}/{total}")
