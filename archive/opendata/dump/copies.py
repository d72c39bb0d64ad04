"""The dump as a copy of the archive's words: made anew without those that law forbids to show, or gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.withholding.register import Producer
from archive.withholding.words import Forbidden
from archive.workplace import unfinished

from .manifest import NAME, offered, read_manifest
from .texts import texts_in
from .write import (
    DATABASE,
    LINES,
    NAMES,
    half_written,
    place_of_work,
    remove_dump,
    sweep_dump,
    write_dump,
)


def producers() -> Iterator[Producer]:
    yield Producer("dump", lambda: _("整库下载"), dump_holds, remake_dump, _is_of_dump)


def dump_holds(words: Forbidden | None) -> Sequence[str]:
    """Whether the dump was made before other words were withheld, or holds forbidden ones all the same."""
    storage = offered()
    manifest = read_manifest(storage)
    names = [*(part.name for part in unfinished(place_of_work().parent, NAME)), *half_written(storage)]
    left = [_("没有做完的%(name)s") % {"name": name} for name in names]
    if manifest is None:
        lying = [name for name in (LINES, DATABASE) if storage.exists(name)]
        return [*left, *(_("%(name)s没有清单") % {"name": name} for name in lying)]
    if not manifest.is_clean:
        return [*left, _("制作于依法不予显示的文字有变之前，现在不提供下载")]
    if words:
        left += dict.fromkeys(name for name, text in texts_in(storage) if words.found_in(text))
    return left


def remake_dump() -> None:
    """Make the dump anew where there is one; where that fails there is none."""
    storage = offered()
    sweep_dump(storage)
    whole = read_manifest(storage) is not None
    try:
        if whole:
            write_dump(storage)
    except BaseException:
        remove_dump(storage)
        raise
    if not whole:
        remove_dump(storage)


def _is_of_dump(path: Path) -> bool:
    return path.parts[0] == Path(settings.OPEN_DATA_DIR).name and path.name in NAMES
