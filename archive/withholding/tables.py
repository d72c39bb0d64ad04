"""Places of words that need no cleaning, and why: the tables, pages in memory, the program's files."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from archive import page_cache

from .register import Producer

# Tables whose rows are shown to everybody: those of a withheld paragraph or document go with it.
SHOWN = (
    "Body", "BodyMention", "Document", "DocumentSeries", "DroppedLine", "Mention", "OwnReference",
    "Paragraph", "Pinpoint", "Resolution", "ShortLink", "State", "StateMention", "SymbolAlias",
    "Theme", "ThemeMention", "ThesaurusConcept", "Treaty", "TreatyMention", "MovedAnchor",
    "CatalogueRecord", "FetchAttempt", "Share", "Summary", "SummaryRevision",
)  # fmt: skip
# Tables that keep the words and show them to nobody, or only as far as law allows.
KEPT = (
    "ImportOutcome", "ImportRun", "IssuedText", "RetiredDocument", "SecondOriginal", "SourceFile",
    "DocumentRevision", "Revision", "ShippedRecord", "IntakeBatch", "IntakeItem",
)  # fmt: skip
DESK = (
    "admin.LogEntry", "auth.Group", "auth.Permission", "auth.User", "contenttypes.ContentType",
    "sessions.Session", "axes.AccessAttempt", "axes.AccessAttemptExpiration", "axes.AccessFailureLog",
    "axes.AccessLog", "otp_static.StaticDevice", "otp_static.StaticToken", "otp_totp.TOTPDevice",
)  # fmt: skip


def producers() -> Iterator[Producer]:
    yield Producer(
        "page_cache",
        lambda: _("内存中的网页"),
        remove=page_cache.forget,
        why="a page is found under the stamp of the archive's state alone, which withholding changes",
    )
    yield Producer(
        "database",
        lambda: _("数据库"),
        owns=lambda path: len(path.parts) == 1 and path.name.startswith("archive.sqlite3"),
        models=tuple(f"archive.{name}" for name in (*SHOWN, *KEPT)),
        public=False,
        why="what every page is made of; what is withheld stays in its history, as it may",
    )
    yield Producer(
        "desk",
        lambda: _("编辑台"),
        models=DESK,
        public=False,
        why="who may edit and what was done, by symbol and address; editors alone read it",
    )
    yield Producer(
        "cache",
        lambda: _("词典和计数"),
        owns=lambda path: path.parts[0] == "cache",
        public=False,
        why="the dictionary by which texts are cut into words, and how often readers asked; no text",
    )
    yield Producer(
        "static",
        lambda: _("静态文件"),
        owns=lambda path: path.parts[0] == "static",
        public=False,
        why="the program's own files",
    )
