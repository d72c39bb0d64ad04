"""The pages of a bundle: the stored text, links that lead somewhere, nothing from the network; the search."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from unicodedata import category
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.bundle.paths import document_page, file_name
from archive.bundle.searching import fold_rule
from archive.text.folding import fold_literally
from tests.bundles import exported, make_history
from tests.conftest import ROOT


@pytest.fixture
def bundle(bundled_documents, tmp_path):
    make_history()
    return exported(tmp_path / "bundle")


class Page(HTMLParser):
    """The ids, addresses and forbidden things of a page, and the text of each block by its id."""

    VOID = {"meta", "link", "input", "br"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str, bool]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        block = given.get("id") or (self._open[-1][1] if self._open else "")
        inside = "text" in (given.get("class") or "").split() or bool(self._open and self._open[-1][2])
        if "id" in given:
            self.ids.append(given["id"])
        self.addresses += [given[name] for name in ("href", "src", "action") if given.get(name)]
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(self.get_starttag_text())
        if tag == "script" and not given.get("src"):
            self.inline.append(self.get_starttag_text())
        if tag not in self.VOID:
            self._open.append((tag, block, inside))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        if self._open and self._open[-1][2]:
            block = self._open[-1][1]
            self.texts[block] = self.texts.get(block, "") + data


def pages_of(bundle):
    return {file: Page(file.read_text("utf-8")) for file in bundle.rglob("*.html")}


def test_every_paragraph_stands_on_its_documents_page_character_for_character(bundle):
    pages = {file.relative_to(bundle).as_posix(): page for file, page in pages_of(bundle).items()}
    rows = [json.loads(line) for line in (bundle / "data/paragraphs.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) > 300
    for row in rows:
        texts = pages[document_page(*row["document"])].texts
        assert texts[f"p-{row['anchor']}"] == row["text"]


def test_every_past_text_stands_on_its_documents_page(bundle):
    pages = {file.relative_to(bundle).as_posix(): page for file, page in pages_of(bundle).items()}
    rows = [json.loads(line) for line in (bundle / "data/issued_texts.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        if row["until"] and not row["withheld"]:
            texts = pages[document_page(row["symbol"], row["language"])].texts
            assert texts[f"p-{row['anchor']}.{row['fingerprint']}"] == row["text"]


def test_every_link_leads_to_a_file_and_a_place_in_the_bundle(bundle):
    pages = pages_of(bundle)
    for file, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            assert not parts.scheme and not parts.netloc and not parts.path.startswith("/"), address
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            assert target.is_file() and target.is_relative_to(bundle.resolve()), (file, address)
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].ids, (file, address)


def test_no_page_holds_a_script_or_style_of_its_own_and_no_id_twice(bundle):
    for file, page in pages_of(bundle).items():
        assert page.inline == []
        assert len(page.ids) == len(set(page.ids)), file


def test_nothing_is_fetched_from_a_network(bundle):
    for file in [*bundle.glob("static/*")]:
        assert not re.search(r"https?://|url\(|@import|fetch\(|XMLHttpRequest", file.read_text("utf-8")), file


def test_all_texts_are_there_for_the_search(bundle):
    script = "".join(file.read_text("utf-8") for file in sorted(bundle.glob("search/texts-*.js")))
    for line in (bundle / "data/paragraphs.jsonl").read_text("utf-8").splitlines():
        assert json.dumps(json.loads(line)["text"], ensure_ascii=False) in script


NAMES = [
    ("S/2010/52", "S_2010_52", "slashes"),
    ("S/RES/1540(2004)", "S_RES_1540(2004)", "brackets stay"),
    ("A/RES/ES-10/13", "A_RES_ES-10_13", "a hyphen"),
    ("EU:(CFSP)2018/1939", "EU~3a~(CFSP)2018_1939", "what a file system may not bear"),
    ("S/2010/52/Add.1", "S_2010_52_A~64~~64~.1", "small letters, where case is not told apart"),
    ("S_2010_52", "S~5f~2010~5f~52", "a line that is no slash"),
]


@pytest.mark.parametrize(("symbol", "name", "remark"), NAMES)
def test_a_page_is_named_by_its_symbol(symbol, name, remark):
    assert file_name(symbol) == name, remark


@given(st.text(max_size=20), st.text(max_size=20))
def test_two_symbols_never_share_a_page(one, other):
    assert (file_name(one).lower() == file_name(other).lower()) is (one == other)


# Folding in the page's script, against the core's.
FOLDED = [
    "第 1540（2004）号「決議」", "ﾊﾞﾋﾟ", "e\u0301\u0323Ａ", "ﬁ ßẞ ſ", "\u1100\u1161\u11a8", "İI", "ΣΌΣ",
    "\u3000\u2028", "\u0301x", "“\u0301”", "㈢①㎏", "𝐀𝟘", "ｶﾞ", "각", "ᾷ", "\U0001f1e8\U0001f1f3",
    "…—", "\u0344", "a\u200d\u0300b",
]  # fmt: skip


def _fold_in_script(tmp_path, texts):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = (ROOT / "archive/bundle/files/search.js").read_text("utf-8")
    (tmp_path / "rule.json").write_text(json.dumps(fold_rule()), "utf-8")
    (tmp_path / "texts.json").write_text(json.dumps(texts), "utf-8")
    (tmp_path / "run.js").write_text(
        "global.window = { location: { search: '' } };\n"
        "global.document = { currentScript: { dataset: {} }, querySelector: () => null };\n"
        + script
        + "\nconst fs = require('fs');\narchiveFold(JSON.parse(fs.readFileSync('rule.json', 'utf8')));\n"
        "const texts = JSON.parse(fs.readFileSync('texts.json', 'utf8'));\n"
        "process.stdout.write(JSON.stringify(texts.map((text) => fold(text).text)));\n",
        "utf-8",
    )
    done = subprocess.run([node, "run.js"], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_folds_as_the_archive_does(tmp_path):
    # What this Python's Unicode does not know yet may be a mark to a newer one.
    single = [chr(code) for code in range(0x20, 0x30000) if category(chr(code)) not in ("Cs", "Cn")]
    marked = [letter + "\u3099" for letter in "かハｶ一a(「"] + [f"{mark}\u0301b" for mark in "“’ ß"]
    texts = [*FOLDED, *marked, "".join(single), *single[::7]]
    assert _fold_in_script(tmp_path, texts) == [fold_literally(text) for text in texts]


def test_the_rule_is_the_whole_of_the_folding():
    rule = fold_rule()
    assert rule["one"]["Ａ"] == "a" and rule["one"]["㈢"] == "(三)" and rule["one"][" "] == ""
    assert all(fold_literally(letter) == fold for letter, fold in rule["one"].items())
