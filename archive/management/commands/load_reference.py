"""``manage.py load_reference``: bodies, States, resolutions, series, treaties and themes of ``fixtures/``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from archive.intake.reference_data import Loaded, load_reference_data
from archive.management.base import ArchiveCommand, stream_of
from archive.store.ingest.resolve import relink_names
from archive.store.ingest.subjects import relink_subjects
from archive.store.search_index import add_index_option, bring_along

SHOWN = 5


class Command(ArchiveCommand):
    help = "读入fixtures/中的参考资料。说明改了什么，什么也不删，随时可以再做。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        changed = self._load(options)
        if changed and not options["no_index"]:
            bring_along(stream_of(self.stdout), options["verbosity"])

    def _load(self, options: dict) -> set[str]:
        """Returns the names of the lists in which anything changed."""
        changed = set()
        for loaded in load_reference_data(settings.FIXTURE_DIRS[0]):
            if loaded.changed:
                changed.add(loaded.name)
            if options["verbosity"] >= 1:
                self.stdout.write(_line(loaded))
        if changed:
            relinked = relink_names()
            if relinked and options["verbosity"] >= 1:
                self.stdout.write(_("重新对应国家和机构：%(count)d处。") % {"count": relinked})
        if changed & {"treaties", "themes", "states"}:
            relinked = relink_subjects()
            if relinked and options["verbosity"] >= 1:
                self.stdout.write(
                    _("重新查找条约、国家和主题词：%(count)d份文件有变。") % {"count": relinked}
                )
        return changed


def _line(loaded: Loaded) -> str:
    counts = {
        "name": loaded.name,
        "created": len(loaded.created),
        "updated": len(loaded.updated),
        "unchanged": loaded.unchanged,
        "kept": loaded.kept,
    }
    line = _("%(name)s：新增%(created)d，更新%(updated)d，不变%(unchanged)d，另存%(kept)d。") % counts
    names = loaded.updated[:SHOWN]
    if names:
        line += _("更新：%(names)s") % {"names": "、".join(names)} + (
            "…" if len(loaded.updated) > SHOWN else "。"
        )
    if loaded.differing:
        shown = "、".join(loaded.differing[:SHOWN]) + ("…" if len(loaded.differing) > SHOWN else "")
        line += _(
            "%(count)d项随附的与编者所改的不同，保留编者的，请在编辑台“随附资料”里取舍：%(names)s。"
        ) % {"count": len(loaded.differing), "names": shown}
    return line
