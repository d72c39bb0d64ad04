"""Errors of the machine in words: a lock, a full disk, a place that cannot be written."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Exit statuses, as sysexits.h has them.
UNAVAILABLE, CANNOT_WRITE, TRY_AGAIN = 69, 74, 75


class Trouble(NamedTuple):
    """A problem of the machine: ``words`` for a person, and the exit ``status`` of a command."""

    words: str
    status: int


_FULL = gettext_lazy("磁盘已满，或超出了配额；没有写完的不会留下。请腾出空间再试。")
_NOT_WRITABLE = gettext_lazy("数据所在的文件夹或文件不可写入（只读，或权限不够）；请检查后再试。")
_LOCKED = gettext_lazy("数据库正被另一个程序占用，等候已到时限；请稍后再试。")
_UNREACHABLE = gettext_lazy("数据库打不开或连不上；请检查DATABASE_URL、数据文件夹和数据库服务。")
_DAMAGED = gettext_lazy("磁盘读写出错；请检查磁盘，必要时由备份恢复。")
OF_SYSTEM = {
    errno.ENOSPC: (_FULL, CANNOT_WRITE),
    errno.EDQUOT: (_FULL, CANNOT_WRITE),
    errno.EFBIG: (_FULL, CANNOT_WRITE),
    errno.EROFS: (_NOT_WRITABLE, CANNOT_WRITE),
    errno.EACCES: (_NOT_WRITABLE, CANNOT_WRITE),
    errno.EPERM: (_NOT_WRITABLE, CANNOT_WRITE),
    errno.EIO: (_DAMAGED, CANNOT_WRITE),
}
# Errors of a database; the dump is written by SQLite itself.
OF_DATABASES = (DatabaseError, InterfaceError, sqlite3.Error)
# What SQLite and PostgreSQL say, in the order in which it is looked for.
OF_DATABASE = (
    ("locked", _LOCKED, TRY_AGAIN),
    ("lock timeout", _LOCKED, TRY_AGAIN),
    ("deadlock detected", _LOCKED, TRY_AGAIN),
    ("disk is full", _FULL, CANNOT_WRITE),
    ("No space left", _FULL, CANNOT_WRITE),
    ("readonly database", _NOT_WRITABLE, CANNOT_WRITE),
    ("read-only transaction", _NOT_WRITABLE, CANNOT_WRITE),
    ("disk I/O error", _DAMAGED, CANNOT_WRITE),
    ("unable to open database", _UNREACHABLE, UNAVAILABLE),
    ("connection", _UNREACHABLE, UNAVAILABLE),
    ("no such table", gettext_lazy("数据库里还没有本库的表；请先执行migrate。"), 1),
    ("does not exist", gettext_lazy("数据库里还没有本库的表；请先执行migrate。"), 1),
)


# What SQLite says where it cannot make or lengthen a file, be there no room, no permission or a broken disk.
UNSURE = ("disk I/O error", "readonly database", "unable to open database")
NO_ROOM = 64 << 10  # bytes


def _is_full() -> bool:
    try:
        return shutil.disk_usage(settings.DATA_DIR).free < NO_ROOM
    except OSError:
        return False


def trouble_of(error: BaseException) -> Trouble | None:
    """Describes an ``error`` of the machine (disk, database, permission); None for one of the program."""
    if isinstance(error, OSError) and error.errno in OF_SYSTEM:
        words, status = OF_SYSTEM[error.errno]
        place = f"{error.filename}：" if error.filename else ""
        return Trouble(f"{place}{words}", status)
    if isinstance(error, OF_DATABASES):
        said = str(error)
        if any(part in said for part in UNSURE) and _is_full():
            return Trouble(_("%(words)s（%(said)s）") % {"words": _FULL, "said": said.strip()}, CANNOT_WRITE)
        for part, words, status in OF_DATABASE:
            if part in said:
                return Trouble(_("%(words)s（%(said)s）") % {"words": words, "said": said.strip()}, status)
    return None


def place_of_fault(error: BaseException) -> str:
    """Returns the file and line in which an error arose, for a log that holds no words of readers."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
