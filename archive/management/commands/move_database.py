"""``manage.py move_database ADDRESS``: copy the whole archive into another database, SQLite or PostgreSQL."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import environ
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.databases import POSTGRESQL, SQLITE, configured
from archive.management.base import ArchiveCommand
from archive.moving import Moved, MovingError, move_archive


class Command(ArchiveCommand):
    help = (
        "把整个库逐行复制到一个空的数据库（postgres://user:password@host/name或sqlite:////folder/file.sqlite3），"
        "连同账户和不得公开的文字，并逐行对照。或全部到齐，或什么也没有；现在的数据库不变。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="新的数据库，写法同DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"]
        scheme, mark, _rest = address.partition("://")
        maker = environ.Env.DB_SCHEMES.get(scheme) if mark else None
        database = environ.Env.db_url_config(address) if maker in (SQLITE, POSTGRESQL) else {}
        if not database.get("NAME"):
            raise CommandError(self._unread(address), returncode=2)
        try:
            moved = move_archive(
                address, configured(database, pooled=False), self._told(options["verbosity"])
            )
        except MovingError as error:
            raise CommandError(str(error)) from error
        rows = sum(table.rows for table in moved)
        self.stdout.write(
            _("已搬移%(tables)d张表、%(rows)d行，逐行读回，与原库相同。")
            % {"tables": len(moved), "rows": rows}
        )
        self.stdout.write(_("请停下网站，把DATABASE_URL设为新地址，再启动；搜索索引仍可用，不必重建。"))
        self.stdout.write(_("搬移期间如有人写入原库，那些内容不在新库里：请在搬移前停下写入。"))

    def _told(self, verbosity: int) -> Any:
        def tell(moved: Moved) -> None:
            if verbosity > 1 or moved.rows:
                self.stdout.write(f"{moved.rows:>10} {moved.table}")

        return tell if verbosity else lambda _moved: None

    def _unread(self, address: str) -> str:
        return _(
            "%(address)s不是数据库地址；写作postgres://用户:密码@主机/库名，或sqlite:////文件夹/文件.sqlite3。"
        ) % {"address": address}
