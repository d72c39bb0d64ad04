"""The dump as a copy of the archive's words: made anew without those that law forbids to show, or gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.withholding.register import Producer
from archive.withholding.words import Forbidden
from archive.workplace import unfinished

from .manifest import NAME, read_manifest
from .texts import texts_in
from .write import DATABASE, LINES, remove_dump, sweep_dump, write_dump


def producer() -> Producer:
    return Producer("dump", lambda: _("整库下载"), dump_holds, remake_dump, _is_of_dump)


def dump_holds(words: Forbidden | None) -> Sequence[str]:
    """Whether the dump was made before other words were withheld, or holds forbidden ones all the same."""
    folder = Path(settings.OPEN_DATA_DIR)
    manifest = read_manifest(folder)
    left = [_("没有做完的%(name)s") % {"name": part.name} for part in unfinished(folder, NAME)]
    if manifest is None:
        lying = [name for name in (LINES, DATABASE) if (folder / name).exists()]
        return [*left, *(_("%(name)s没有清单") % {"name": name} for name in lying)]
    if not manifest.is_clean:
        return [*left, _("制作于依法不予显示的文字有变之前，现在不提供下载")]
    if words:
        left += dict.fromkeys(name for name, text in texts_in(folder) if words.found_in(text))
    return left


def remake_dump() -> None:
    """Make the dump anew where there is one; where that fails there is none."""
    folder = Path(settings.OPEN_DATA_DIR)
    sweep_dump(folder)
    whole = read_manifest(folder) is not None
    try:
        if whole:
            write_dump(folder)
    except BaseException:
        remove_dump(folder)
        raise
    if not whole:
        remove_dump(folder)


def _is_of_dump(path: Path) -> bool:
    return path.parts[0] == Path(settings.OPEN_DATA_DIR).name and path.name in (LINES, DATABASE, NAME)
