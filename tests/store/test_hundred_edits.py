"""A hundred random edits of every bundled source, in a chain of imports: every link ever issued answers, and
none shows other words without saying so.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from urllib.parse import unquote

import pytest

from archive.intake.importing import read_source
from archive.models import Document, ShortLink
from archive.store.addresses.paths import paragraph_path
from archive.store.ingest.values import Source
from archive.store.links.ranges import Outline, join, spell
from archive.text.fingerprint import digest, fingerprint
from tests.conftest import BUNDLED
from tests.tools.edits import Editor
from tests.tools.factories import taken_in
from tests.tools.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EDITS, IMPORTS = 100, 5
ASKED = 1 if "WHOLE" in os.environ else 3  # of so many links, plain addresses and ranges one is asked
# Every link is asked for its JSON twin, which tells what the page tells; the first of each fate and one in
# so many also for the page.
PAGES = 6
FORMS = 24  # of so many links one is asked in every other form too
RANGES = 12  # from one block in so many a range begins
FILES = (".json", ".txt", ".ris", ".bib", ".csl.json", "/cite")
QUICK = [BUNDLED / "S_2010_52.txt"]  # in every run; the others where there is time
SOURCES = [path for path in sorted(BUNDLED.iterdir()) if path.suffix in (".txt", ".md")]


class Issued:
    """What was public under each address, as the test saw it: the archive's own history is not asked."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}
        self.words: dict[str, list[str]] = defaultdict(list)
        self.ranges: dict[tuple[str, str], str] = {}

    def note(self, document: Document) -> None:
        """Links to all paragraphs, and to a few ranges of up to three, as they are public now."""
        rows = list(document.paragraphs.order_by("position").values_list("anchor", "text"))
        outline = Outline(document)
        for place in range(len(self.ranges) % RANGES, len(rows) - 2, RANGES):
            first, last = rows[place][0], rows[place + place % 2 + 1][0]
            start, end = outline.bounds(first, last)
            text = join(text for _anchor, text in rows[start:end])
            self.ranges[spell(first, last), fingerprint(text)] = text
        for anchor, words, text in document.paragraphs.values_list("anchor", "fingerprint", "text"):
            self.texts[anchor, words] = text
            if self.words[anchor][-1:] != [words]:
                self.words[anchor].append(words)


def import_with_edits(path, seed: int) -> tuple[str, Issued, Editor]:
    """The symbol, what was issued, and the edits made. None of these edits is a reason to refuse a text."""
    original = read_source(path)
    issued, editor = Issued(), Editor(original.content.decode("utf-8"), seed)
    symbol = ""
    for number in range(IMPORTS + 1):
        if number:
            editor.edit(EDITS // IMPORTS)
        source = Source(original.name, editor.text.encode(), original.sidecar)
        document = taken_in(source)
        assert document.symbol == (symbol or document.symbol)
        symbol = document.symbol
        issued.note(document)
    return symbol, issued, editor


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=() if path in QUICK else pytest.mark.long) for path in SOURCES],
)
def test_every_link_ever_issued_answers_honestly(client, path, record_property):
    symbol, issued, editor = import_with_edits(path, seed=1540)
    assert not editor.idle and sum(editor.done.values()) == EDITS, editor.done
    fates: Counter[str] = Counter()
    for (anchor, words), text in list(issued.texts.items())[::ASKED]:
        fate, twin = check_cited_words(client, symbol, anchor, words, text)
        if not fates[fate] or int(words, 16) % PAGES == 0:
            check_page(client.get(paragraph_path(symbol, anchor, words)), twin, text)
        if int(words, 16) % FORMS == 0:
            check_long_fingerprints(client, symbol, anchor, text, fate)
            check_files_and_card(client, symbol, anchor, words, text, fate)
        fates[fate] += 1
    anchors = list(issued.words.items())[::ASKED]
    plain = Counter(check_plain(client, symbol, anchor, words) for anchor, words in anchors)
    codes = check_codes(client, symbol, issued)
    figures = {"links": len(issued.texts), **fates, "anchors": len(issued.words), **plain, "codes": codes}
    ranges = Counter(
        check_range(client, symbol, *link, text) for link, text in list(issued.ranges.items())[::ASKED]
    )
    figures["ranges"] = dict(ranges)
    record_property("figures", figures)
    print(f"{symbol}: {EDITS} edits, {IMPORTS} imports: {figures}")
    assert set(fates) - {"identical_but_form"} == {"identical", "moved", "edited", "withdrawn"}, fates


def check_cited_words(client, symbol: str, anchor: str, words: str, text: str):
    """The JSON twin of a link with fingerprint; returns the fate that it tells, and the response."""
    address = paragraph_path(symbol, anchor, words)
    twin = client.get(f"{address}.json")
    told = twin.json()
    fate = told["fate"]
    assert twin.status_code == {"withdrawn": 410}.get(fate, 200), (address, fate)
    if fate in ("identical", "moved"):
        now = told["paragraph"]
        assert now["text"] == text, address
        assert fingerprint(now["text"]) == words == now["fingerprint"], address
        assert (now["anchor"] == anchor) == (fate == "identical"), address
        assert fate == "identical" or told["steps"], address
    elif fate == "identical_but_form":
        assert text in [told["paragraph"]["text"], *(form["text"] for form in told["forms"])], address
        assert told["forms"] and fingerprint(told["paragraph"]["text"]) == words, address
    elif fate == "edited":
        assert fingerprint(told["then"]["text"]) == words != told["now"]["fingerprint"], address
        assert told["changes"] and told["steps"], address
    else:
        assert fate == "withdrawn" and fingerprint(told["text"]) == words, address
    return fate, twin


def check_page(page, twin, text: str) -> None:
    """The page tells the fate that its JSON twin tells, and shows the words as they were cited."""
    fate, address = twin.json()["fate"], page.request["PATH_INFO"]
    assert page.status_code == twin.status_code, address
    tree, problems = read(page.content)
    assert not problems, (address, problems)
    said = {
        "identical": "文字与引用时相同。",
        "moved": "文字与引用时相同，位置变了",
        "identical_but_form": "文字与引用时相同，",
        "edited": "文字在引用之后有改动",
        "withdrawn": "这里已没有这一段",
    }
    assert said[fate] in tree.text, (address, fate)
    shown = tree.all(css="reading")
    assert any(fingerprint(text) == fingerprint(part.text) for part in _parts(shown)), (address, fate)


def _parts(shown):
    for part in shown:
        yield part
        yield from part.all("p", "text")


def check_plain(client, symbol: str, anchor: str, words: list[str]) -> str:
    """A link without fingerprint: never 404, and no other words without a word about it."""
    address = paragraph_path(symbol, anchor)
    twin = client.get(f"{address}.json")
    whole = int(words[0], 16) % PAGES == 0
    for ending in FILES if int(words[0], 16) % FORMS == 0 else ():
        check_file(client, address, ending, twin.status_code)
    for ending in ("", "/cited-by") if whole else ():
        assert client.get(address + ending).status_code in (twin.status_code, 200), (address, ending)
    if twin.status_code == 410:
        assert twin.json()["text"], address
        return "gone"
    kind = "stands"
    if twin.status_code == 301:
        twin, kind = client.get(unquote(twin["Location"])), "redirected"
        assert address in [move["from"] for move in twin.json()["moved_here"]], address
    assert twin.status_code == 200, address
    now = twin.json()["paragraph"]["fingerprint"]
    if now != words[-1] or len(words) > 1 and kind == "stands":
        assert twin.json()["earlier_texts"], address
        if whole:
            page = client.get(twin.json()["paragraph"]["url"])
            assert "有过改动" in page.content.decode(), address
    return kind


def check_files_and_card(client, symbol: str, anchor: str, words: str, text: str, fate: str) -> None:
    """A file leads to the same words, has what was cited or leads to the page that tells; a card quotes."""
    address = paragraph_path(symbol, anchor, words)
    stands = fate in ("identical", "moved", "identical_but_form")
    for ending in FILES[1:]:
        answer = client.get(address + ending)
        if fate == "edited" and answer.status_code == 200:
            assert ending in (".ris", ".bib", ".csl.json") and words in answer.content.decode()
            continue
        assert answer.status_code == 302, address + ending
        if not stands:
            assert unquote(answer["Location"]) == unquote(address), address + ending
        elif ending == ".txt":
            assert fingerprint(client.get(answer["Location"]).content.decode()) == words, address


def check_long_fingerprints(client, symbol: str, anchor: str, text: str, fate: str) -> None:
    """Links with more digits of the fingerprint: the same answer, for all digits are those of the words."""
    whole = digest(text)
    for length in (9, 64):
        told = client.get(f"{paragraph_path(symbol, anchor, whole[:length])}.json").json()
        assert told["fate"] == fate, (anchor, length)
    wrong = f"{whole[:8]}{'0' if whole[8] != '0' else '1'}"
    assert client.get(f"{paragraph_path(symbol, anchor, wrong)}.json").status_code == 404, (anchor, wrong)


def check_file(client, address: str, ending: str, status: int) -> None:
    """A file stands, moved or is gone as its paragraph; a page of citations leads to the one that tells."""
    answer = client.get(address + ending)
    allowed = {status, 302} if ending == "/cite" else {status}
    assert answer.status_code in allowed, (address, ending, answer.status_code)
    if answer.status_code == 200 and ending == ".txt":
        assert client.get(f"{address}.json").json()["paragraph"]["text"] + "\n" == answer.content.decode()


def check_range(client, symbol: str, spelled: str, words: str, text: str) -> str:
    """A link to several paragraphs: never 404, and the words that were cited or a word about them."""
    address = paragraph_path(symbol, spelled, words)
    answer = client.get(f"{address}.json")
    told = answer.json()
    assert answer.status_code in (200, 410), (address, answer.status_code)
    fate = told.get("fate", "gone")  # an end is gone, and what was cited can no longer be put together
    assert fate != "gone" or (answer.status_code == 410 and told["unknown"]), address
    if fate in ("identical", "moved"):
        assert fingerprint(told["range"]["text"]) == words, address
    elif fate in ("edited", "withdrawn") and told["then"]:
        assert told["then"]["text"].replace("\n", "") == text.replace("\n", ""), address
    for ending in FILES if int(words, 16) % FORMS == 0 else ():
        bare = client.get(paragraph_path(symbol, spelled) + ending)
        assert bare.status_code != 404 or fate != "identical", (address, ending)
    return fate


def check_codes(client, symbol: str, issued: Issued) -> int:
    """Short codes lead to the link that they were given for."""
    codes = ShortLink.objects.filter(symbol=symbol)
    assert {(code.anchor, code.fingerprint) for code in codes} >= set(issued.texts)
    for code in codes[::PAGES]:
        response = client.get(f"/c/{code.code}")
        assert response.status_code in (301, 302), code.code
        target = paragraph_path(code.symbol, code.anchor, code.fingerprint)
        assert unquote(response["Location"]).endswith(unquote(target)), code.code
    return len(codes)
