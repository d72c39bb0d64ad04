"""``manage.py makemessages``: Django's own, which reads templates as the pages do, and the reference data.

What commands print is for operators, in one language, and in no catalogue.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages
from django.utils.translation import templatize

from archive.site.template_loader import joined

TIMED = ('"POT-Creation-Date:', '"Report-Msgid-Bugs-To:')


# Which field of a record a page shows by ``reference_words``.
SHOWN = {"series.json": "name", "themes.json": "name", "resolutions.json": "summary"}


class JoinedFile(makemessages.BuildFile):
    """A file to be read for messages; a template with its broken lines put together, of records one field."""

    def preprocess(self) -> None:
        if self.path.endswith(".json"):
            field, read = SHOWN.get(Path(self.path).name), Path(self.path).read_text("utf-8")
            shown = [record["fields"][field] for record in json.loads(read)] if field else []
            lines = [f"pgettext('reference', {text!r})\n" for text in shown if text]
            Path(self.work_path).write_text("".join(lines), "utf-8")
        elif self.is_templatized:
            source = joined(Path(self.path).read_text("utf-8"))
            Path(self.work_path).write_text(templatize(source, origin=self.path[2:]), "utf-8")


class Command(makemessages.Command):
    build_file_class = JoinedFile
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Writes the catalogue without the time at which that was done: only messages differ."""
        super().write_po_file(potfile, locale)
        path = Path(potfile).with_name(locale) / "LC_MESSAGES" / f"{self.domain}.po"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(TIMED)), "utf-8")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(extensions=["html", "py", "xml", "json"], all=True, add_location="file")
        parser.set_defaults(no_wrap=True, no_obsolete=True, keep_pot=False)
        parser.set_defaults(ignore_patterns=["*/management/*", "tests/*", "var/*", "build/*", "docs/*"])
