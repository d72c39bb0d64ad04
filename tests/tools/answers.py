"""Answers of every machine address, over the bundled documents and those of every genre."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from archive.site.opendata.operations import PAGES, Route, machine_routes
from tests.tables import rows_from

GENRES = Path(__file__).parents[1] / "documents"
BUNDLED = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
# Answers of one address, from all over what is stored; `make test-all` asks for more of them.
MOST = 40 if "WHOLE" in os.environ else 12
RANGES = [("S/2010/52", "annex.3-5"), ("S/AC.44/SR.74", "3-4"), ("S/2031/1", "1-2"), ("S/2031/2", "t1.r1-r2")]
DRAFTS = rows_from(__name__, "DRAFTS")
# What an address needs to be asked beyond its path.
ASKED = rows_from(__name__, "ASKED")  # fmt: skip


# Values of addresses that name nothing stored, or little of it.
GIVEN = {
    "year": [{"year": year} for year in ("2004", "2010", "2016", "1999")],
    "symbol with_": [{"symbol": symbol, "with_": "en"} for symbol in ("S/2031/1", "S/2031/2")],
}


@contextmanager
def archive_of_everything(root: Path, blocker) -> Iterator[None]:
    """All of it and its index under ``root``, both made once; both answer inside the context."""
    from .bundled import archive_once

    with archive_once(_store_everything, root, blocker):
        yield


def _store_everything() -> None:
    """The bundled documents, those of every genre, one of which nothing is known, and one with a table."""
    from archive.text.parsed import Kind

    from .bundled import store_bundled
    from .factories import block, parsed, store

    store_bundled()
    store_files(GENRES)
    store(parsed("S/2031/1", ("1", "甲"), ("2", "乙")))
    store(parsed("S/2031/1", ("1", "甲改"), ("2", "乙")))
    store(parsed("S/2031/1", ("1", "One."), ("2", "Two."), language="en"))
    rows = [block(f"t1.r{row}", f"东港\t{row}", kind=Kind.ROW) for row in (1, 2)]
    pair = "A/81/77-S/2026/88"
    store(parsed("S/2031/2", *rows, ("u1", f"见{pair}号文件。"), mentions=[("u1", pair, pair)]))


def store_files(*folders: Path) -> None:
    from archive.intake.importing import read_source

    from .factories import taken_in

    for path in sorted(path for folder in folders for path in folder.iterdir()):
        if path.suffix in (".txt", ".md"):
            taken_in(read_source(path))


def addresses(route: Route) -> Iterator[str]:
    """Addresses of a route over what is stored, at most ``MOST``."""
    queries = ASKED.get(route.page, [{}])
    paths = _spread(list(_paths(route)), max(1, MOST // len(queries)))
    for path, query in product(paths, queries):
        yield f"{path}?{urlencode(query)}" if query else path


def _spread(paths: list[str], most: int) -> list[str]:
    """At most ``most``: half as they stand, for the special ones come first, then some of the rest."""
    first, rest = paths[: most - most // 2], paths[most - most // 2 :]
    return first + rest[:: max(1, -(-len(rest) // max(1, most // 2)))][: most // 2]


def _paths(route: Route) -> Iterator[str]:
    for values in _values({name: kind for name, kind, _regex in route.parameters}, route):
        path = route.path
        for name, value in values.items():
            path = path.replace("{" + name + "}", quote(value, safe="/()"))
        yield path


def _values(wanted: dict[str, str], route: Route) -> Iterator[dict[str, str]]:
    from archive.models import (
        Body,
        Document,
        IssuedText,
        Mention,
        Paragraph,
        ShortLink,
        State,
        ThesaurusConcept,
        Treaty,
    )

    names = set(wanted)
    if names == {"symbol"}:
        yield {"symbol": "S/2031/2"}  # which has a table
        held = Paragraph.objects.order_by().values_list("document__symbol", flat=True).distinct()
        cited = Mention.objects.order_by().values_list("symbol", flat=True).distinct()
        yield from ({"symbol": symbol} for symbol in _mixed(sorted(set(held)), sorted(set(cited))))
    elif names == {"symbol", "anchor"}:
        yield {"symbol": "S/RES/1540(2004)", "anchor": "3"}  # not held, and cited
        yield from ({"symbol": "S/2031/2", "anchor": anchor} for anchor in ("t1.r1", "t1.r2"))
        rows = Paragraph.objects.order_by("anchor", "pk").values_list("document__symbol", "anchor")
        yield from ({"symbol": symbol, "anchor": anchor} for symbol, anchor in list(rows)[::17])
    elif names == {"symbol", "anchor", "fingerprint"}:
        rows = IssuedText.objects.order_by("until", "pk").values_list("symbol", "anchor", "fingerprint")
        table = rows.filter(symbol="S/2031/2")
        yield from (
            dict(zip(("symbol", "anchor", "fingerprint"), row, strict=True))
            for row in [*table, *list(rows)[::29]]
        )
        yield from (
            dict(zip(("symbol", "anchor", "fingerprint"), row, strict=True))
            for row in rows.exclude(until=None)
        )
    elif "spelled" in names:
        yield from _ranges(names)
    elif names == {"symbol", "digest"}:
        held = Document.objects.order_by("symbol").values_list("symbol", "source__sha256")
        yield from ({"symbol": symbol, "digest": sha256[:8]} for symbol, sha256 in held)
    elif names == {"slug"}:
        model = {"treaty": Treaty, "concept": ThesaurusConcept}.get(route.page, Body)
        yield from ({"slug": slug} for slug in model.objects.order_by("pk").values_list("slug", flat=True))
    elif names == {"alpha3"}:
        codes = State.objects.order_by("pk").values_list("alpha3", flat=True)
        yield from ({"alpha3": code} for code in dict.fromkeys(["UKR", "ESP", "KOR", "CUB", *codes]))
    elif names == {"who"}:
        spoken = Paragraph.objects.with_whence().order_by("document", "position")
        rows = spoken.values_list("speaker_name", "whence")
        yield from ({"who": f"{name}({whence})"} for name, whence in dict.fromkeys(rows))
    elif given := GIVEN.get(" ".join(sorted(names))):
        yield from given
    elif names == {"typed"}:
        yield from (
            {"typed": code} for code in ShortLink.objects.order_by("pk").values_list("code", flat=True)
        )
    elif not names:
        yield {}


def _ranges(names: set[str]) -> Iterator[dict[str, str]]:
    """With a fingerprint: of the words as they stand, as they stood, and of none."""
    from archive.models import Document
    from archive.store.links.ranges import Outline, read_blocks
    from archive.text.fingerprint import fingerprint

    for symbol, spelled in RANGES:
        named = {"symbol": symbol, "spelled": spelled}
        if "fingerprint" not in names:
            yield named
            continue
        outline = Outline(Document.objects.find(symbol))
        now = read_blocks(outline, *outline.ends(spelled)).fingerprint
        yield from ({**named, "fingerprint": cited} for cited in (now, fingerprint("甲乙"), "00000000"))


def _mixed(*lists: list[str]) -> Iterator[str]:
    """One of each in turn, so that the first few are of all kinds."""
    for row in product(range(max(map(len, lists))), lists):
        if row[0] < len(row[1]):
            yield row[1][row[0]]


def answers(client: Any, route: Route, method: str = "get") -> Iterator[tuple[str, Any]]:
    """Address and content of the good answers; redirects and what is withdrawn are left out."""
    if method == "post":
        sent = ((route.path, client.post(route.path, {"text": draft[:5000]})) for draft in drafts())
        yield from ((path, response.json()) for path, response in sent if response.status_code == 200)
        return
    for address in addresses(route):
        response = client.get(address)
        if response.status_code == 200:
            yield address, json.loads(b"".join(response) if response.streaming else response.content)


def drafts() -> Iterator[str]:
    """Words of the archive as they stand and changed, cited rightly and wrongly; words of none."""
    from archive.models import Paragraph

    rows = (
        Paragraph.objects.exclude(kind="heading")
        .order_by("pk")
        .values_list("text", "document__symbol", "number")
    )
    for text, symbol, number in list(rows)[::40]:
        yield f"“{text[:60]}”({symbol}，第{number}段)。"
        yield f"“{text[:40].replace('的', '之')}及其他”({symbol}，第99段)。"
    yield from DRAFTS


def described() -> list[tuple[Route, str]]:
    """The addresses and methods that answer with JSON of ours."""
    return [
        (route, method)
        for route in machine_routes()
        for method in PAGES[route.page].methods
        if route.is_json and route.name != "openapi"
    ]


def read_moments(value: Any) -> Any:
    """``value`` with its moments read: ``05.000Z``, ``05Z`` and ``05+00:00`` are one."""
    if isinstance(value, dict):
        return {name: read_moments(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [read_moments(inner) for inner in value]
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and MOMENT.match(value) else value
