"""``fetch_documents``: what comes in, what is recorded, and when it stops."""

from __future__ import annotations

import fcntl
import io
import json
from datetime import timedelta

import docx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive.intake.fetching import judge, kept, ods
from archive.intake.fetching.family import Family, Member, families
from archive.intake.importing import ImportBatch
from archive.intake.retirement import withdraw_document
from archive.models import Document, FetchAttempt, ImportRun
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import Source
from archive.store.withholding.act import clean_copies, unclean_copies
from archive.text.language import language_of
from tests.tables import each_row
from tests.tools.standin import Clock, StandIn, page

pytestmark = pytest.mark.django_db
SYMBOL = "S/2031/7"


def text_of(
    symbol: str, words: str = "委员会通过了第1540(2004)号决议执行情况的报告，并请各国提交补充资料。"
) -> bytes:
    head = f"联合国 {symbol}\n安全理事会\nDistr.: General\n1 March 2031\nChinese\n\n"
    return f"{head}1. {words}\n\n2. 见第1540(2004)号决议第3段。\n".encode()


def english(symbol: str) -> bytes:
    words = "The Committee, having considered the report of the group of experts, requests that it be kept. "
    return f"United Nations {symbol}\nSecurity Council\n\n1. {words * 8}\n".encode()


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    """Plain text counts as a document, so that no reader is needed; nobody sleeps."""
    settings.DATA_DIR = tmp_path
    settings.FETCH_CONTACT = "desk@archive.example"
    monkeypatch.setattr(judge, "DOCUMENTS", (*judge.DOCUMENTS, "text"))
    clock = Clock()
    monkeypatch.setattr(ods.Pace, "__init__", _timed(ods.Pace.__init__, clock))
    return clock


def _timed(init, clock):
    return lambda self, **options: init(self, **options, clock=clock, sleep=clock.sleep)


def files_of(*symbols: str) -> dict:
    return {(symbol, "doc"): text_of(symbol) for symbol in symbols}


def run(service: StandIn | None, *symbols: str, **options) -> tuple[str, str, int]:
    """Standard output, standard error with the refusal, and the exit status."""
    out, err = io.StringIO(), io.StringIO()
    if service:
        options["address"] = service.address
    try:
        call_command("fetch_documents", *symbols, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}", error.returncode
    return out.getvalue(), err.getvalue(), 0


def outcomes() -> dict[str, str]:
    return {row.symbol: row.outcome for row in FetchAttempt.objects.order_by("pk")}


# --- each way, to the end ---


@each_row("WAYS")
def test_what_comes_of_each_way(way, outcome, status, words, remark):
    files = files_of(SYMBOL) | {(f"{SYMBOL}.en", "doc"): english(SYMBOL)}
    with StandIn(way, files) as service:
        out, err, exit_status = run(service, SYMBOL)
    row = FetchAttempt.objects.get()
    assert (row.outcome, exit_status) == (outcome, status), (out, err)
    assert words in out + err
    assert Document.objects.filter(symbol=SYMBOL).exists() == (outcome == "held")
    assert len(row.steps) == len(service.paths) and row.asked <= row.answered


def test_a_document_that_came_says_where_from():
    with StandIn("ok", files_of(SYMBOL)) as service:
        run(service, SYMBOL)
    document, row = Document.objects.get(symbol=SYMBOL), FetchAttempt.objects.get()
    assert row.address in document.provenance and row.sha256 in document.provenance
    assert document.source.sha256 == row.sha256
    assert row.kept == ""
    assert ImportRun.objects.get().finished


@pytest.mark.parametrize(
    ("content", "outcome", "words", "remark"),
    [
        (text_of("S/2031/8"), "answered", "自称S/2031/8", "another document"),
        (text_of("S/RES/1540(2004)"), "answered", "自称S/RES/1540(2004)", "another document"),
        (text_of(f"A/85/1-{SYMBOL}"), "held", "", "one with two symbols"),
        (
            "委员会通过了报告，并请各国提交补充资料。\n".encode() * 9,
            "answered",
            "认不出",
            "it says no symbol",
        ),
        (english(SYMBOL), "not_in_language", "英文本", "another language"),
        (f"{SYMBOL} 12345\n".encode(), "answered", "哪一种语文", "no language at all"),
        (b"\xffWPC\0" + b"x" * 50, "answered", "读不出", "WordPerfect"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "answered",
            "读不出",
            "with NULs",
        ),
        (b"%PDF-1.7\n%%EOF\n", "answered", "读不出", "a damaged file"),
    ],
)
def test_the_bytes_decide_what_came(content, outcome, words, remark):
    with StandIn("ok", {(SYMBOL, "pdf"): content}) as service:
        out, err, _status = run(service, SYMBOL)
    row = FetchAttempt.objects.get()
    assert row.outcome == outcome, (remark, row.reason)
    assert words in out + err, remark
    if outcome == "answered":
        assert (kept.folder().parent / row.kept).read_bytes() == content


@pytest.mark.parametrize(
    ("word", "remark"),
    [
        (b"\xffWPC\0" + b"x" * 50, "WordPerfect"),
        (english(SYMBOL), "another language"),
        (text_of("S/2031/8"), "another document"),
    ],
)
def test_where_the_word_file_is_of_no_use_the_pdf_is_asked_for(word, remark):
    with StandIn("ok", {(SYMBOL, "doc"): word, (SYMBOL, "pdf"): text_of(SYMBOL)}) as service:
        run(service, SYMBOL)
    row = FetchAttempt.objects.get()
    assert (row.outcome, len(row.steps)) == ("held", 2), (remark, row.reason)
    assert row.address.endswith("l=zh&t=pdf") and row.address in Document.objects.get().provenance


# --- what is asked ---


def test_what_is_held_withdrawn_or_nobodys_is_not_asked():
    for symbol in ("S/2031/1", "S/2031/2"):
        ImportBatch().import_source(Source("x.txt", text_of(symbol)))
    withdraw_document(Document.objects.get(symbol="S/2031/2"), "编者", "有误")
    with StandIn("ok", {}) as service:
        out, err, status = run(
            service, "s/2031/1", "S/2031/2", "EU:(CFSP)2018/1939", "no symbol", f"S/2031/{'9' * 200}"
        )
    assert service.asked == [] and status == 1
    assert "S/2031/1：已在库中" in out
    assert "S/2031/2：已由编者撤下" in err and "没有它的地址" in err and "no symbol" in err


def test_a_dry_run_asks_and_writes_nothing(settings):
    settings.FETCH_CONTACT = ""
    out, _err, status = run(None, "S/RES/1540(2004)", dry_run=True)
    assert "https://documents.un.org/api/symbol/access?s=S%2FRES%2F1540%282004%29&l=zh&t=doc" in out
    assert status == 0 and not FetchAttempt.objects.exists() and not kept.folder().exists()


def test_the_most_cited_are_asked_for_and_those_that_do_not_exist_once_only():
    words = "见S/2020/1号文件、S/2020/2号文件。"
    ImportBatch().import_source(Source("a.txt", text_of("S/2031/1", words)))
    ImportBatch().import_source(Source("b.txt", text_of("S/2031/2", "见S/2020/1号文件。")))
    with StandIn("ok", files_of("S/2020/2")) as service:
        run(service, from_wanted=3)
        assert outcomes() == {
            "S/RES/1540(2004)": "not_published", "S/2020/1": "not_published", "S/2020/2": "held",
        }  # fmt: skip
        asked = len(service.asked)
        out, _err, _status = run(service, from_wanted=3)
        assert len(service.paths) == asked - 1 and "没有要问的文件" in out
        run(service, "S/2020/1")
    assert [row.symbol for row in FetchAttempt.objects.order_by("pk")].count("S/2020/1") == 2


def test_of_a_family_only_what_speaks_of_it_is_taken(monkeypatch):
    members = tuple(Member(symbol, "why", True) for symbol in ("S/2031/1", "S/2031/2"))
    monkeypatch.setitem(families(), "1540", Family("1540", "1540", members))
    files = files_of("S/2031/1") | {("S/2031/2", "doc"): text_of("S/2031/2").replace(b"1540", b"1267")}
    with StandIn("ok", files) as service:
        _out, err, _status = run(service, family="1540")
        assert outcomes() == {"S/2031/1": "held", "S/2031/2": "answered"}
        assert "没有提到1540" in err
        run(service, "S/2031/2")  # a person may have it all the same
    assert Document.objects.count() == 2


def test_every_member_of_a_family_is_a_symbol_with_a_reason():
    for family in families().values():
        assert all(canonical_symbol(one.symbol) == one.symbol and one.why for one in family.documents)
        assert len({one.symbol for one in family.documents}) == len(family.documents)


def test_a_service_that_is_not_there_is_said_to_be(settings):
    with StandIn("ok", {}) as service:
        address = service.address
    _out, err, status = run(None, SYMBOL, address=address)
    assert status == 69 and "连不上" in err and not FetchAttempt.objects.exists()


def test_an_english_text_comes_in_beside_the_chinese_one():
    for language, content in (("zh", text_of(SYMBOL)), ("en", english(SYMBOL))):
        with StandIn("ok", {(SYMBOL, "doc"): content}) as service:
            _out, err, status = run(service, SYMBOL, language=language)
        assert service.paths[0].partition("&")[2] == f"l={language}&t=doc" and not (err or status)
    held = Document.objects.order_by("language").values_list("language", "source__name")
    assert list(held) == [("en", "S_2031_7-EN.text"), ("zh", "S_2031_7.text")]


def test_other_languages_are_kept_not_imported():
    french = f"{SYMBOL} Le Conseil rappelle les décisions du Comité et des États. ".encode() * 9
    with StandIn("ok", {(SYMBOL, "pdf"): french}) as service:
        _out, err, _status = run(service, SYMBOL, language="fr")
    assert [path.partition("&")[2] for path in service.paths] == ["l=fr&t=doc", "l=fr&t=pdf"]
    assert "这份法文本已原样保存，待能读时再入库" in err
    assert FetchAttempt.objects.get().kept and not Document.objects.exists()


# --- when it stops, and how it goes on ---


def test_a_refusal_ends_the_run_and_the_next_asks_for_the_rest():
    symbols = ["S/2031/1", "S/2031/2", "S/2031/3"]
    with StandIn("blocked", files_of(*symbols)) as service:
        _out, _err, status = run(service, *symbols)
        assert (status, len(service.paths)) == (69, 1)
        assert outcomes() == dict(zip(symbols, ("blocked", "planned", "planned"), strict=True))
        service.way = "ok"
        run(service, *symbols)
    assert set(outcomes().values()) == {"held"} and Document.objects.count() == 3
    assert FetchAttempt.objects.count() == 6


def test_the_budget_ends_a_run_and_the_next_goes_on(place):
    symbols = ["S/2031/1", "S/2031/2", "S/2031/3"]
    with StandIn("ok", files_of(*symbols)) as service:
        _out, err, status = run(service, *symbols, budget=3)
        assert status == 75 and "再运行同一条命令" in err and Document.objects.count() == 2
        run(service, *symbols, budget=3)
    assert Document.objects.count() == 3
    assert place.slept and min(place.slept) > 1.9


def test_a_run_that_was_killed_goes_on_with_what_was_under_way(monkeypatch):
    symbols = ["S/2031/1", "S/2031/2", "S/2031/3"]
    with StandIn("ok", files_of(*symbols)) as service:
        whole = ImportBatch.import_source

        def killed(self, source, path=""):
            if "S_2031_2" in source.name:
                raise KeyboardInterrupt
            return whole(self, source, path)

        monkeypatch.setattr(ImportBatch, "import_source", killed)
        with pytest.raises(KeyboardInterrupt):
            run(service, *symbols)
        assert outcomes() == dict(zip(symbols, ("held", "asked", "planned"), strict=True))
        monkeypatch.setattr(ImportBatch, "import_source", whole)
        run(service, *symbols)
    assert set(outcomes().values()) == {"held"}


@pytest.mark.parametrize(("after", "outcome"), [(True, "held"), (False, "broken")])
def test_the_record_of_a_killed_run_is_completed_by_the_next(monkeypatch, after, outcome):
    whole = ImportBatch.import_source

    def killed(self, *given):
        if after:
            whole(self, *given)
        raise KeyboardInterrupt

    with StandIn("ok", files_of("S/2031/1", "S/2031/2")) as service:
        monkeypatch.setattr(ImportBatch, "import_source", killed)
        with pytest.raises(KeyboardInterrupt):
            run(service, "S/2031/1")
        monkeypatch.setattr(ImportBatch, "import_source", whole)
        run(service, "S/2031/2")
    assert outcomes() == {"S/2031/1": outcome, "S/2031/2": "held"}


def test_answers_that_are_none_end_the_run_after_three():
    symbols = [f"S/2031/{number}" for number in range(1, 6)]
    with StandIn("wrongtype", {}) as service:
        _out, err, status = run(service, *symbols)
    assert len(service.paths) == 3 * 2 and status == 69 and "连续3次" in err


def test_nobody_asks_before_the_time_that_was_told():
    with StandIn("later", files_of(SYMBOL)) as service:
        run(service, SYMBOL)
        service.way, asked = "ok", len(service.asked)
        _out, err, status = run(service, SYMBOL)
        assert len(service.asked) == asked and status == 75 and "不早于" in err
        FetchAttempt.objects.update(answered=timezone.now() + timedelta(days=1))  # the clock was put back
        run(service, SYMBOL)
    assert Document.objects.filter(symbol=SYMBOL).exists()


def test_the_time_that_was_told_passes():
    with StandIn("later", files_of(SYMBOL)) as service:
        run(service, SYMBOL)
        service.way = "ok"
        FetchAttempt.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        run(service, SYMBOL)
    assert Document.objects.filter(symbol=SYMBOL).exists()


def test_a_word_file_comes_in_as_it_is():
    written = docx.Document()
    for line in text_of(SYMBOL).decode().splitlines():
        if line:
            written.add_paragraph(line)
    file = io.BytesIO()
    written.save(file)
    with StandIn("ok", {(SYMBOL, "doc"): file.getvalue()}) as service:
        _out, err, _status = run(service, SYMBOL, type="doc")
    row = FetchAttempt.objects.get()
    assert (row.outcome, row.format) == ("held", "docx"), err
    assert row.sha256 in Document.objects.get(symbol=SYMBOL).provenance


def test_the_pause_holds_from_one_run_to_the_next(place):
    with StandIn("ok", files_of("S/2031/1", "S/2031/2")) as service:
        run(service, "S/2031/1")
        place.slept.clear()
        run(service, "S/2031/2")
    assert len(place.slept) == 2 and 0 < place.slept[0] <= 2


def test_two_runs_do_not_ask_at_once():
    kept.folder().mkdir(parents=True)
    with (kept.folder() / ".lock").open("w") as lock, StandIn("ok", files_of(SYMBOL)) as service:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _out, err, status = run(service, SYMBOL)
    assert service.asked == [] and status == 75 and "正在进行" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"contact": "nobody"}, "请给出联系人"),
        ({"delay": 0.1}, "至少隔1秒"),
        ({"delay": float("nan")}, "至少隔1秒"),
        ({"budget": 0}, "--budget"),
        ({"address": "ftp://documents.un.org"}, "不是可用的地址"),
        ({"symbols": []}, "请给出文号"),
        ({"robots": "User-agent: *\nDisallow: /\n"}, "robots.txt"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_asked(options, words):
    symbols = options.pop("symbols", [SYMBOL])
    with StandIn("ok", files_of(SYMBOL), options.pop("robots", None)) as service:
        _out, err, status = run(None, *symbols, **{"address": service.address, **options})
    assert service.paths == [] and words in err and status in (2, 69)


def test_each_step_is_told_where_that_is_asked():
    with StandIn("redirect", files_of(SYMBOL)) as service:
        out, _err, _status = run(service, SYMBOL, verbosity=2)
    assert out.count("> GET ") == 3 + 1 and "location: /file?s=" in out  # and robots.txt
    assert "desk@" not in json.dumps(FetchAttempt.objects.get().steps)


# --- what is kept ---


def test_what_is_kept_of_a_withheld_document_is_removed():
    with StandIn("ok", {(SYMBOL, "pdf"): text_of("S/2031/8")}) as service:
        run(service, SYMBOL)
    ImportBatch().import_source(Source("x.txt", text_of(SYMBOL)))
    path = kept.folder().parent / FetchAttempt.objects.get().kept
    assert path.exists() and unclean_copies(deep=True) == []
    withdraw_document(Document.objects.get(symbol=SYMBOL), "编者", "依法", withheld=True)
    assert "fetched" in [one.producer for one in unclean_copies()]
    assert clean_copies() == [] and not path.exists()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (text_of(SYMBOL).decode(), "zh"),
        (english(SYMBOL).decode(), "en"),
        ("Le Comité a examiné les rapports des États et du Groupe dans le cadre des travaux. " * 4, "fr"),
        (
            "El Comité examinó los informes de los Estados y del Grupo por conducto de las misiones. " * 4,
            "es",
        ),
        ("Комитет рассмотрел доклады государств и просил представить дополнительные сведения. " * 4, "ru"),
        ("نظرت اللجنة في تقارير الدول وطلبت تقديم معلومات إضافية عن التنفيذ. " * 4, "ar"),
        ("第1540号决议 " * 2, None),
        ("qwerty asdfgh zxcvb " * 20, "und"),
    ],
)
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_a_page_that_is_no_document_is_kept_whole():
    body = page("Official Document System")
    with StandIn("ok", {(SYMBOL, "pdf"): body}) as service:
        run(service, SYMBOL)
    row = FetchAttempt.objects.get()
    assert row.outcome == "not_a_document"
    assert (kept.folder().parent / row.kept).read_bytes() == body
