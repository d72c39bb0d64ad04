"""The forms of a citation as a page offers them: text, the same with links, and the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.site.http.formats import formats_of
from archive.site.presenters.wording import day_in_words, in_chinese, reads_english

from . import styles
from .in_english import InEnglish, in_english
from .page_metadata import json_ld, meta_tags
from .record import Record
from .styles import gbt7714_2015, gbt7714_2025


@dataclass(frozen=True, slots=True)
class Form:
    """One form: ``text`` as it is pasted, ``html`` the same words with the link in them."""

    key: str
    label: str | Promise
    text: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Choice:
    """A citation style offered to a reader, with its forms. ``lang`` is the language of its text."""

    key: str
    label: str | Promise
    lang: str
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """The functions that make the forms of a style. ``slow`` ones call the CSL processor."""

    key: str
    label: str | Promise
    ways: tuple[tuple[str, str | Promise, Callable[[Record], str]], ...]
    lang: str = "zh-Hans"
    slow: bool = False

    def choice(self, record: Record) -> Choice:
        made = []
        for ending, label, write in self.ways:
            text = write(record)
            made.append(Form(self.key + ending, label, text, linked(text, record)))
        return Choice(self.key, self.label, self.lang, tuple(made))


PLAIN, LINKED = _("脚注"), _("脚注，写明链接和查阅日期")
ENTRY = _("参考文献条目")
STYLES = (
    Style(
        "un",
        _("联合国脚注"),
        (
            ("", PLAIN, styles.footnote_chinese),
            ("-link", LINKED, lambda record: styles.footnote_chinese(record, linked=True)),
        ),
    ),
    Style(
        "un-en",
        _("联合国脚注，英文"),
        (
            ("", PLAIN, styles.footnote_english),
            ("-link", LINKED, lambda record: styles.footnote_english(record, linked=True)),
        ),
        "en",
    ),
    Style("gbt7714-2025", "GB/T 7714—2025", (("", ENTRY, gbt7714_2025),)),
    Style("gbt7714-2015", "GB/T 7714—2015", (("", ENTRY, gbt7714_2015),)),
    Style("chicago", "Chicago", (("", PLAIN, styles.chicago),), "en", slow=True),
    Style("oscola", "OSCOLA", (("", PLAIN, styles.oscola),), "en", slow=True),
)


def choices(record: Record, slow: bool = False) -> list[Choice]:
    """Returns all styles, each in its own language, the first that of the page; without ``slow`` those that
    cost nothing.
    """
    english = reads_english()
    with in_chinese():
        made = [style.choice(record) for style in STYLES if slow or not style.slow]
    return sorted(made, key=lambda one: one.key != "un-en") if english else made


def forms(record: Record, slow: bool = False) -> dict[str, str]:
    """Returns the text of every form by its key: ``un``, ``un-link``, ``gbt7714-2025`` …"""
    return {form.key: form.text for choice in choices(record, slow) for form in choice.forms}


def linked(text: str, record: Record) -> SafeString:
    """Returns the words of ``text`` with the link in them; tags stripped, it is ``text`` again.

    The link is on the address where that is written out, else on what is cited, as UN documents link symbols.
    """
    if not record.link:
        return escape(text)
    if record.link in text:
        before, _link, after = text.partition(record.link)
        return format_html('{}<a href="{}">{}</a>{}', before, record.link, record.link, after)
    for cited in (styles.cited_chinese(record), styles.cited_english(record)):
        if text.startswith(cited):
            return format_html('<a href="{}">{}</a>{}', record.link, cited, text.removeprefix(cited))
    return escape(text)


# What a reading page shows of a citation: the forms that cost nothing, the files, the way to all forms.


@dataclass(frozen=True, slots=True)
class Panel:
    """For ``_citation.html`` and ``_harvest.html``. ``page`` is the page of all forms; links are absolute."""

    link: str
    fingerprint: str
    accessed: str
    undated: bool
    year: int | None
    choices: list[Choice]
    files: list[tuple[str, str, str]]
    page: str
    meta: list[tuple[str, str]]
    json_ld: SafeString
    english: InEnglish
    ocr_confidence: int | None = None
    doubts: tuple[dict, ...] = ()
    held: bool = True


def panel(record: Record, slow: bool = False) -> Panel:
    """Returns the panel of a record; with ``slow`` all forms are in it and no other page is offered."""
    with in_chinese():
        meta, data = meta_tags(record), json_ld(record)
    return Panel(
        link=record.link,
        fingerprint=record.fingerprint,
        accessed=day_in_words(record.accessed),
        undated=record.issued is None,
        year=record.year,
        choices=choices(record, slow),
        files=[(one.label, record.address + one.ending, one.media) for one in formats_of("citation")],
        page="" if slow else f"{record.address}/cite",
        meta=meta,
        json_ld=data,
        english=in_english(record),
        ocr_confidence=record.ocr_confidence,
        doubts=record.doubts,
        held=record.held,
    )
