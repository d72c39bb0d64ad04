"""``manage.py check_search``: compares the search index with the database."""

from __future__ import annotations

from django.core.management.base import CommandError

from archive.management.base import ArchiveCommand
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.consistency import DamagedIndexError, check_index
from search.engine.live.update import update_index


class Command(ArchiveCommand):
    help = "核对检索索引与数据库：缺少、多余或文字不同的段落；有差异时退出码为1。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="有差异或无法读取时，重建索引后再核对")

    def handle(self, *, repair: bool, verbosity: int, **options) -> None:
        sound = self._check(verbosity)
        if not sound and repair:
            if verbosity:
                self.stdout.write("正在重建检索索引……")
            update_index(rebuild=True)
            sound = self._check(verbosity)
        if not sound:
            raise CommandError("检索索引与数据库不一致。加上 --repair 可以修复。")

    def _check(self, verbosity: int) -> bool:
        try:
            result = check_index()
        except DamagedIndexError as error:
            if verbosity:
                self.stdout.write(f"检索索引的这些文件缺失或已损坏：{'、'.join(error.files)}")
            return False
        except IndexUnavailableError as error:
            if verbosity:
                self.stdout.write(f"检索索引无法读取：{error}")
            return False
        if verbosity:
            self.stdout.write(f"索引{result.indexed}段，数据库{result.stored}段。")
            for words, numbers in result.findings():
                shown = "、".join(map(str, numbers[:10])) + ("……" if len(numbers) > 10 else "")
                self.stdout.write(f"{words}：{len(numbers)}（编号{shown}）")
            if not result.ordered:
                self.stdout.write("原文索引的次序已损坏。")
            if result.outdated:
                self.stdout.write("索引按旧规则建成，下次更新时会重建。")
            if result.sound:
                self.stdout.write("检索索引与数据库一致。")
        return result.sound
