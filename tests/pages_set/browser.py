"""Prints a document by a browser: other fonts, other wraps and another order of the file than ours."""

from __future__ import annotations

import html
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from .copy import Copy, Item
from .setter import MONTHS, Style

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_HEAD = "Distr.: General<br>"


def print_pages(copy: Copy, style: Style) -> bytes:
    """The PDF that the browser prints of a document in a layout. Raises OSError where it prints none."""
    if BROWSER is None:
        raise OSError("no browser is installed that could print pages")
    with tempfile.TemporaryDirectory() as name:
        page, out = Path(name) / "page.html", Path(name) / "page.pdf"
        page.write_text(page_of(copy, style), "utf-8")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={name}/profile",
        ]
        subprocess.run(
            [BROWSER, *flags, f"--print-to-pdf={out}", page.as_uri()],
            capture_output=True,
            timeout=120,
            check=False,
        )
        return out.read_bytes()


def page_of(copy: Copy, style: Style) -> str:
    """The document as a page of HTML with the layout as its style."""
    facts = copy.facts
    body = "\n".join(
        f"<table>{''.join(map(_row, items))}</table>"
        if rows
        else "\n".join(_element(item, style) for item in items)
        for rows, items in groupby(copy.items, key=lambda item: item.shape == "row")
    )
    notes = "\n".join(_notes(copy))
    head = f"<div class=head>{html.escape(facts.symbol or '')}</div>" if style.head else ""
    return f"""<!doctype html><html lang=zh><meta charset=utf-8><style>{_css(style)}</style>{head}
<div class=mast><b>联合国</b><span>{html.escape(facts.symbol or "")}</span></div>
<div class=mast><big>安全理事会</big><span>{_HEAD}{_day(copy)}Chinese</span></div>
<div class=text>{body}</div>{f"<div class=notes>{notes}</div>" if notes else ""}</html>"""


def _css(style: Style) -> str:
    weight = "bold" if style.heading in ("bold", "both") else "normal"
    size = 1.2 if style.heading in ("large", "both") else 1
    centre = "center" if style.heading == "centred" else "left"
    align = "justify" if style.justified else "left"
    border = "border: .5pt solid; padding: 2pt 3pt" if style.grid else "padding: 1pt 1em 1pt 0"
    return f"""@page {{ size: {style.width}pt {style.height}pt; margin: {style.margin}pt }}
body {{ font: {style.size}pt/{style.leading} "Noto Sans CJK SC", sans-serif; margin: 0 }}
.text {{ columns: {style.columns}; column-gap: 24pt; margin-top: 14pt; text-align: {align} }}
p, h2, .s {{ margin: {style.gap}pt 0 0 }}
p.paragraph, p.item {{ text-indent: {style.indent}em }}
p.item {{ padding-left: {style.hang}em }}
h2 {{ font-size: {size}em; font-weight: {weight}; text-align: {centre} }}
h2 {{ margin-top: {style.gap + 6}pt; break-after: avoid }}
.s {{ margin-left: 45%; text-align: left }}
.a {{ text-align: right; margin: 0 }}
.head {{ position: fixed; top: -28pt; right: 0; font-size: 9pt; line-height: 1 }}
.mast {{ display: flex; justify-content: space-between; font-size: 9pt }}
.mast b {{ font-size: 15pt }}
.mast big {{ font-size: 18pt }}
.notes {{ border-top: .5pt solid; margin-top: 14pt; font-size: .82em }}
.notes p {{ margin: 0 }}
td {{ vertical-align: top; {border} }}
table {{ width: 100%; table-layout: fixed; text-align: left; border-collapse: collapse }}
tr {{ break-inside: avoid }}
sup {{ font-size: .65em; line-height: 0 }}"""


def _element(item: Item, style: Style) -> str:
    text = _marked(item)
    prefix = html.escape(item.prefix) + "\u3000" if item.prefix else ""
    if item.shape == "heading":
        return f"<h2>{prefix}{text}</h2>"
    if item.shape == "signature":
        return f"<div class=s>{text.replace(chr(10), '<br>')}</div>"
    if item.shape == "attribution":
        return f"<p class=a>{text}</p>"
    return f"<p class={item.shape}>{prefix}{text}</p>"


def _row(item: Item) -> str:
    cells = [*item.text.split("\t"), *[""] * max(0, item.level - item.text.count("\t") - 1)]
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _marked(item: Item) -> str:
    out, at = [], 0
    for place, number in item.marks:
        out += [html.escape(item.text[at:place]), f"<sup>{html.escape(number)}</sup>"]
        at = place
    return "".join([*out, html.escape(item.text[at:])])


def _notes(copy: Copy) -> Iterator[str]:
    for item in copy.items:
        for note in item.notes:
            yield f"<p><sup>{html.escape(note.prefix)}</sup> {html.escape(note.text)}</p>"


def _day(copy: Copy) -> str:
    if not copy.facts.date:
        return ""
    year, month, day = copy.facts.date.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}<br>"
