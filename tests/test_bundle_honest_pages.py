"""Pages, rows and files that differ from the data are found, also where the owner signed them anew."""

import json
import shutil
from pathlib import Path

import pytest
from django.db import transaction

from archive.bundle import verify
from archive.bundle.tables import TABLES
from archive.text.parsed import Kind, Speaker
from tests.bundled import store_bundled
from tests.bundles import PUBLIC, exported, make_history
from tests.factories import block, parsed, store
from tests.test_bundle_tampering import replace, sign_anew

PAGE, CITED, RECORD = "documents/S_2020_1.html", "cited/S_RES_1540(2004).html", "documents/S_PV.1.html"


@pytest.fixture(scope="module")
def sound(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_history()
        speech = block("1", "我发言。", speaker=Speaker("Sison", "女士", "美利坚合众国"))
        note = block("fn1", "见该处。", kind=Kind.FOOTNOTE, number="1")
        store(parsed("S/PV.1", speech, block("2.a", "分项。", kind=Kind.SUBPARAGRAPH, number="a"), note))
        store(parsed("S/2020/12", ("1", "甲，乙。")))
        store(parsed("S/2020/12", ("1", "甲,乙。")))
        directory = exported(tmp_path_factory.mktemp("sound") / "bundle")
        transaction.set_rollback(True)
    return directory


@pytest.fixture
def bundle(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "bundle")


def add(path: str, content: str = "x"):
    """A file that the manifest lists like the others."""

    def change(bundle: Path) -> None:
        (bundle / path).parent.mkdir(parents=True, exist_ok=True)
        (bundle / path).write_text(content)
        manifest = json.loads((bundle / "manifest.json").read_bytes())
        manifest["files"].append({"path": path, "size": 0, "sha256": ""})
        (bundle / "manifest.json").write_text(json.dumps(manifest))
        sign_anew(bundle)

    return change


def repeat(table: str):
    """The first row of a table once more."""

    def change(bundle: Path) -> None:
        file = bundle / f"data/{table}.jsonl"
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join([lines[0], *lines]), "utf-8")
        sign_anew(bundle)

    return change


TAMPERINGS = [
    (replace(PAGE, "乙乙乙。</p>", "丁丁丁。</p>"), "page", "words of a paragraph"),
    (replace(PAGE, "甲。</p>", "丁。</p>"), "page", "past words"),
    (replace(PAGE, ">1</a>", ">2</a>"), "page", "a number"),
    (replace(PAGE, 'aria-label="第4段"', 'aria-label="第5段"'), "page", "the name of a paragraph"),
    (replace(PAGE, "<h1>一封&lt;信&gt;</h1>", "<h1>一封信</h1>"), "page", "a title"),
    (replace(PAGE, "2020年，日期未印", "2021年，日期未印"), "page", "a date"),
    (replace(PAGE, "来源文件已更换", "没有改过"), "page", "a reason"),
    (replace(PAGE, "S_RES_1540(2004).html", "S_RES_1541(2004).html"), "page", "where a mention leads"),
    (
        replace(PAGE, '<div class="paragraph" id="p-4"', '<div class="paragraph" id="p-9"'),
        "page",
        "an anchor",
    ),
    (replace(PAGE, '58a9a242">', '58a9a243">'), "page", "a fingerprint"),
    (replace(PAGE, "</article>", "<p>另有一段。</p></article>"), "page", "a paragraph that is none"),
    (replace(PAGE, "</article>", "<script>1</script></article>"), "page", "a script"),
    (replace(PAGE, '<p class="text">乙', '<p class="text" hidden>乙'), "page", "words hidden"),
    (replace(PAGE, '<p class="text">乙', '<p class="text" onclick="x()">乙'), "page", "a handler"),
    (replace(PAGE, "不是联合国官方出版物", "是联合国官方出版物"), "page", "words of the frame"),
    (replace(RECORD, "Sison女士", "Simon女士"), "page", "a speaker"),
    (replace(RECORD, "美利坚合众国", "古巴"), "page", "a delegation"),
    (replace(RECORD, ">(a)</a>", ">(b)</a>"), "page", "the letter of an item"),
    (replace("documents/S_2020_12.html", "甲,乙。", "甲，乙。"), "page", "a comma of another width"),
    (replace("documents/S_2020_4.html", "决定者：编辑", "决定者：别人"), "page", "who decided"),
    (replace("documents/S_2020_2.html", "即S/2020/3", "即S/2020/4"), "page", "where another symbol leads"),
    (replace(CITED, "引用S/RES/1540(2004)的1段", "引用S/RES/1540(2004)的2段"), "page", "how many cite it"),
    (replace(CITED, "已改。", "未改。"), "page", "words of a citing paragraph"),
    (replace(CITED, "S/2020/1 ", "S/2020/9 "), "page", "the symbol that cites"),
    (replace("index.html", "一封", "两封"), "page", "a title in the list"),
    (replace("index.html", "3段", "9段"), "page", "a count"),
    (replace("search.html", "在全部", "在几乎全部"), "page", "the page of the search"),
    (replace("search/texts-1.js", "乙乙乙", "丁丁丁"), "page", "words that are searched"),
    (add("documents/S_2099_1.html"), "unexpected", "a page of no document"),
    (add("extra/readme.txt"), "unexpected", "a folder of its own"),
    (add("data/secrets.jsonl", ""), "unexpected", "a table that is none"),
    (add("sources/0000.txt"), "unexpected", "a source of nothing"),
    (lambda bundle: (bundle / "documents" / "empty").mkdir(), "extra", "an empty folder"),
    *(
        (repeat(table), "twice", f"a row of {table} twice")
        for table in ("paragraphs", "issued_texts", "mentions")
    ),
    *(
        (repeat(table), "twice", f"a row of {table} twice")
        for table in ("documents", "short_links", "bodies")
    ),
]


@pytest.mark.parametrize(("tamper", "code", "remark"), TAMPERINGS, ids=[row[2] for row in TAMPERINGS])
def test_what_differs_from_the_data_is_found(bundle, tamper, code, remark):
    tamper(bundle)
    _manifest, findings = verify.check_bundle(bundle, PUBLIC)
    assert code in {finding.code for finding in findings}, findings


def test_nothing_is_found_where_nothing_differs(bundle):
    assert verify.check_bundle(bundle, PUBLIC)[1] == []


@pytest.mark.django_db
def test_the_pages_of_real_documents_are_found_right(tmp_path):
    store_bundled()
    assert verify.check_bundle(exported(tmp_path / "bundle"), PUBLIC)[1] == []


def test_the_verifier_knows_the_same_keys_as_the_tables():
    keys = {table.name: table.key for table in TABLES}
    for name, key in verify.KEYS.items():
        assert key == tuple("sidecar_sha256" if each == "sidecar" else each for each in keys[name])
    assert {table.name for table in TABLES} == verify.TABLES
