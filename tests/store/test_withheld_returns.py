"""Withheld means gone: no import, undone merge or older wording brings the words back unasked."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest
from django.core.management import CommandError
from django.test import override_settings

from archive.models import Document, IssuedText
from archive.store.withholding.act import unclean_copies
from archive.store.withholding.words import shows_withheld
from search.engine.cluster.connection import Access
from search.engine.live.update import update_index

from .test_withholding import (
    OPEN,
    SECRET,
    TEXT,
    WHY,
    bring,
    filled,  # noqa: F401
    folders,  # noqa: F401
    run,
    withhold,
)

pytestmark = pytest.mark.django_db
PIECE = "代号为青鸟"  # of SECRET


def imported(folder, text: str, symbol: str = "S/2031/1", more: str = 'title = "信"') -> str:
    """What import_documents says to a file with ``text``; it is refused where "没有存入" is in it."""
    path = folder / "given" / f"{symbol.replace('/', '_')}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.with_suffix(".toml").write_text(f'symbol = "{symbol}"\n{more}\n')
    try:
        return run("import_documents", str(path))
    except CommandError as error:
        return str(error) + str(_reason())


def _reason() -> str:
    from archive.models import ImportOutcome

    return ImportOutcome.objects.order_by("pk").values_list("reason", flat=True).last() or ""


def shows(client, *addresses: str) -> list[str]:
    """The addresses that answer with the words."""
    return [one for one in addresses if PIECE in client.get(one, follow=True).content.decode()]


def copy_of(text: str, symbol: str) -> str:
    return text.replace("S/2031/1", symbol)


LATER = "3. 本段谈的是会议的安排。"
AGAIN = [
    # what is withheld, symbol, text, refused, remark
    ("", "S/2031/100", TEXT, True, "the same file under another symbol"),
    ("", "S/2031/1/Rev.1", TEXT, True, "a revision"),
    ("", "s/2031/1", TEXT, True, "another spelling of the symbol, which is retired"),
    ("2", "S/2031/100", TEXT, True, "of a paragraph: another document that prints it"),
    ("", "S/2031/100", TEXT.replace("次年春季", "次年夏季"), True, "a word corrected"),
    ("", "S/2031/100", f"S/2031/1\n\n1. {LATER[3:]}\n", False, "one paragraph of three, and no secret"),
    ("", "S/2031/100", f"S/2031/1\n\n1. {OPEN}\n", False, "words that are public elsewhere"),
    ("2", "S/2031/1", TEXT, False, "the source itself: the paragraph stays out"),
    ("2", "S/2031/1", TEXT.replace("1. ", "1. 首先，", 1), False, "corrected elsewhere"),
    ("2", "S/2031/1", TEXT.replace("次年春季", "次年夏季"), False, "corrected in it: stays out"),
    ("2", "S/2031/1", TEXT.replace("\n\n2. ", ""), True, "joined to the one before"),
    (
        "2",
        "S/2031/1",
        TEXT.replace("同时展开，", "同时展开。\n\n3. ").replace(LATER, f"4{LATER[1:]}"),
        True,
        "divided in two",
    ),
    (
        "2",
        "S/2031/1",
        TEXT.replace("次年春季", "次年夏季")
        .replace(LATER, f"4{LATER[1:]}")
        .replace("2. ", "2. 新的一段谈的是预算和人员问题。\n\n3. "),
        True,
        "corrected and numbered anew at once",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("anchor", "symbol", "text", "refused", "remark"), AGAIN)
def test_no_import_brings_withheld_words_back(client, filled, folders, anchor, symbol, text, refused, remark):  # noqa: F811
    if "public" in remark:
        imported(folders, f"S/2031/50\n\n1. {OPEN}\n", "S/2031/50")
    withhold(**({"paragraph": anchor} if anchor else {}))
    before = list(IssuedText.objects.order_by("pk").values_list("pk", "until"))
    said = imported(folders, copy_of(text, symbol), symbol)
    assert ("没有存入" in said or "不能入库" in said) is refused, (remark, said)
    if refused:
        assert "--undo" in said, "what to do"
        assert list(IssuedText.objects.order_by("pk").values_list("pk", "until")) == before
    addresses = ["/S/2031/1", "/S/2031/1.json", "/S/2031/1/history", f"/{symbol}", f"/{symbol}.txt"]
    addresses += [f"/{symbol}/p/{number}" for number in (1, 2, 3)]
    assert shows(client, *addresses) == [], remark
    assert unclean_copies(deep=True) == []


OTHER = "S/2031/100\n\n1. 别的文字在这里。\n"


@pytest.mark.parametrize(
    "more",
    [
        f'title = "{SECRET}"',
        f'title = "关于{SECRET[:20]}的信"',
        f'provenance = "抄自：{SECRET}"',
        f'sender = "{SECRET}"',
        f'title = "信"\nchange_reason = "{SECRET}"',
        f'title = "信"\n# {SECRET}',
    ],
)
def test_nor_as_a_title_or_any_other_fact(client, filled, folders, more):  # noqa: F811
    withhold(paragraph="2")
    assert "没有存入" in imported(folders, OTHER, "S/2031/100", more)
    assert status_of(client, "/S/2031/100") == 404


def status_of(client, address: str) -> int:
    return client.get(address).status_code


def test_nor_by_a_correction_at_the_desk(admin_client, filled, folders):  # noqa: F811
    withhold(paragraph="2")
    row = Document.objects.get(symbol="S/2031/2")
    address = f"/admin/archive/document/{row.pk}/change/"
    form = admin_client.get(address).context["adminform"].form
    sent = {name: value or "" for name, value in form.initial.items()} | {"title": SECRET}
    assert "依法不予显示" in admin_client.post(address, sent, follow=True).content.decode()
    assert Document.objects.get(pk=row.pk).title == "又一封信"
    admin_client.post(address, sent | {"title": "另一封信"}, follow=True)
    assert Document.objects.get(pk=row.pk).title == "另一封信"


def test_a_fact_that_stood_there_before_is_no_return(filled, folders):  # noqa: F811
    heading = "S/2031/6\n\n白鹭行动纲要及其二零三一年附录\n\n1. 第一段谈会议。\n"
    more = 'title = "白鹭行动纲要及其二零三一年附录"'
    imported(folders, heading, "S/2031/6", more)
    withhold("S/2031/6", paragraph="h1")
    assert "没有存入" not in imported(folders, heading, "S/2031/6", more)
    assert "没有存入" not in imported(folders, heading.replace("会议", "日程"), "S/2031/6", more)


@pytest.mark.parametrize(("length", "refused"), [(17, True), (16, False)])
def test_exactly_half_is_too_much(filled, folders, length, refused):  # noqa: F811
    """The 29 characters have 24 runs of six, of which 17 characters hold twelve."""
    withhold(paragraph="2")
    text = OTHER.replace("别的", f"“{SECRET[:length]}”和别的")
    assert ("没有存入" in imported(folders, text, "S/2031/100")) is refused


@pytest.mark.parametrize(("length", "shown"), [(20, True), (19, False)])
def test_exactly_half_is_too_much_in_an_original(length, shown):
    """Of 18 runs of twelve, 20 characters hold nine."""
    assert shows_withheld(f"{SECRET[:length]}等".encode(), [SECRET]) is shown


def test_exactly_half_of_what_is_known_by_fingerprints_is_too_much(filled, folders):  # noqa: F811
    withhold()
    IssuedText.objects.filter(withheld=True).update(text="")
    known = IssuedText.objects.filter(symbol="S/2031/1", withheld=True).count()
    assert known == 3, "no half of three"
    one, both = f"S/2031/100\n\n1. {SECRET}\n", f"S/2031/100\n\n1. {SECRET}\n\n2. {LATER[3:]}\n"
    assert "没有存入" not in imported(folders, one, "S/2031/100")
    assert "没有存入" in imported(folders, both.replace("/100", "/101"), "S/2031/101")


def test_after_a_decision_that_they_may_be_shown_the_import_goes_through(client, filled, folders):  # noqa: F811
    withhold(paragraph="2")
    joined = TEXT.replace("\n\n2. ", "")
    assert "没有存入" in imported(folders, joined)
    run("withdraw_document", "S/2031/1", paragraph="2", undo=True, by="编者乙")
    assert "没有存入" not in imported(folders, joined)
    assert shows(client, "/S/2031/1/p/1") == ["/S/2031/1/p/1"]


@pytest.mark.parametrize("options", [{}, {"paragraph": "2"}], ids=["document", "paragraph"])
def test_nor_in_an_archive_that_knows_them_by_their_fingerprints_alone(client, filled, folders, options):  # noqa: F811
    """A bundle holds no withheld words, so what is restored from it has none."""
    withhold(**options)
    IssuedText.objects.filter(withheld=True).update(text="")
    assert "没有存入" in imported(folders, copy_of(TEXT, "S/2031/100"), "S/2031/100")
    other = f"S/2031/1\n\n1. 别的文字在这里。\n\n2. {LATER[3:]}\n"
    assert "没有存入" not in imported(folders, copy_of(other, "S/2031/101"), "S/2031/101")
    assert shows(client, "/S/2031/100", "/S/2031/101") == []


@pytest.fixture
def merged(filled):  # noqa: F811
    copy = bring(copy_of(TEXT, "S/2031/9"), 'symbol = "S/2031/9"\ntitle = "同一封信"\n', "nine.txt")
    words = copy.paragraphs.get(anchor="2").fingerprint
    run("merge_document", "S/2031/9", "S/2031/1", **WHY)
    return f"/S/2031/9/p/2/{words}"


@pytest.mark.parametrize("options", [{}, {"paragraph": "2"}], ids=["document", "paragraph"])
def test_a_merge_is_not_undone_into_withheld_words(client, merged, options):
    withhold(**options)
    with pytest.raises(CommandError, match="S/2031/1"):
        run("merge_document", "S/2031/9", "S/2031/1", undo=True, by="编者乙")
    assert shows(client, merged, "/S/2031/9", "/S/2031/9/p/2") == []
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙", **options)
    run("merge_document", "S/2031/9", "S/2031/1", undo=True, by="编者乙")
    assert shows(client, merged, "/S/2031/9/p/2") == [merged, "/S/2031/9/p/2"]


def test_what_is_merged_into_a_document_is_withheld_as_that_is(client, filled):  # noqa: F811
    copy = bring(copy_of(TEXT, "S/2031/9"), 'symbol = "S/2031/9"\ntitle = "同一封信"\n', "nine.txt")
    words = copy.paragraphs.get(anchor="2").fingerprint
    withhold(paragraph="2")
    run("merge_document", "S/2031/9", "S/2031/1", **WHY)
    address = f"/S/2031/9/p/2/{words}"
    assert shows(client, address, f"{address}.json", "/S/2031/9/p/2") == []


def follow_advice(folder, text: str) -> None:
    """Run what the refusal of a copy advises, until the copy comes in."""
    for _time in range(2):
        said = imported(folder, copy_of(text, "S/2031/100"), "S/2031/100")
        if "没有存入" not in said:
            return
        symbol, _quote, option = (
            said.partition("withdraw_document '")[2].partition(" --undo")[0].partition("'")
        )
        run(
            "withdraw_document", symbol, paragraph=option.partition("--paragraph ")[2], undo=True, by="编者乙"
        )
    assert "没有存入" not in imported(folder, copy_of(text, "S/2031/100"), "S/2031/100")


def test_the_advice_works_for_an_earlier_wording_that_had_another_number(folders):  # noqa: F811
    bring()
    later = TEXT.replace("2. ", "2. 新的一段谈的是预算和人员问题。\n\n3. ").replace(LATER, f"4{LATER[1:]}")
    bring(later)
    bring(later.replace(SECRET, "秘密计划第七号改于来年秋天在南方五个沿海省份陆续展开，代号改为白鹭。"))
    withhold(paragraph="3")
    follow_advice(folders, TEXT)


def test_the_advice_works_where_a_document_was_merged_into_one_that_is_withheld(merged, folders):  # noqa: F811
    withhold()
    follow_advice(folders, TEXT)


# --- what stood in the document once ---

INTO_TWO = TEXT.replace("2. 秘密", "2. 会议的日程和议程各有一份附表，见下文所列。秘密")
DIVIDED = TEXT.replace("2. 秘密", "2. 会议的日程和议程各有一份附表，见下文所列。\n\n3. 秘密").replace(
    LATER, f"4{LATER[1:]}"
)


def test_a_paragraph_that_held_the_words_before_it_was_divided_is_withheld_too(client, folders):  # noqa: F811
    whole = bring(INTO_TWO).paragraphs.get(anchor="2").fingerprint
    words = bring(DIVIDED).paragraphs.get(anchor="3").fingerprint
    links = (f"/S/2031/1/p/2/{whole}", f"/S/2031/1/p/2/{whole}.json", f"/S/2031/1/p/3/{words}")
    assert shows(client, *links, "/S/2031/1/history") == [*links, "/S/2031/1/history"]
    withhold(paragraph="3")
    assert shows(client, *links, "/S/2031/1/history", "/S/2031/1/p/2", "/S/2031/1/p/2-3") == []
    assert client.get("/S/2031/1/p/2").status_code == 200, "what stands beside it stays"
    assert unclean_copies(deep=True) == []
    run("withdraw_document", "S/2031/1", paragraph="3", undo=True, by="编者乙")
    assert shows(client, *links) == [*links]


def test_taking_one_paragraph_back_shows_nothing_of_another_that_is_withheld(client, folders):  # noqa: F811
    both = TEXT.replace(f"\n\n{LATER}", f"第二项计划由南方五省承担，名为白鹭，时间待定。\n\n{LATER}")
    whole = bring(both).paragraphs.get(anchor="2").fingerprint
    bring(both.replace("第二项计划", "\n\n3. 第二项计划").replace(LATER, f"4{LATER[1:]}"))
    withhold(paragraph="2")
    withhold(paragraph="3")
    link = f"/S/2031/1/p/2/{whole}"
    run("withdraw_document", "S/2031/1", paragraph="3", undo=True, by="编者乙")
    assert shows(client, link, "/S/2031/1/p/2") == [], "it holds words of paragraph 2"
    run("withdraw_document", "S/2031/1", paragraph="2", undo=True, by="编者乙")
    assert shows(client, link, "/S/2031/1/p/2") == [link, "/S/2031/1/p/2"]


# --- what stands elsewhere ---


def test_whoever_withholds_is_told_where_the_words_stand_too(client, filled):  # noqa: F811
    bring(f"S/2031/7\n\n1. 信中说：“{SECRET}”\n", 'symbol = "S/2031/7"\ntitle = "报告"\n', "seven.txt")
    said = withhold(paragraph="2")
    assert "S/2031/1/p/2相同或大半相同的文字在别处仍然公开：/S/2031/7/p/1。" in said
    assert shows(client, "/S/2031/7/p/1") == ["/S/2031/7/p/1"], "a quotation is a decision of its own"
    assert "仍然公开" not in withhold("S/2031/2")
    assert Document.objects.filter(symbol="S/2031/7").exists()


def test_a_title_that_says_what_a_withheld_heading_said_is_named_too(filled):  # noqa: F811
    bring(
        "S/2031/6\n\n白鹭行动纲要及附录\n\n1. 第一段谈会议。\n",
        'symbol = "S/2031/6"\ntitle = "白鹭行动纲要及附录"\n',
    )
    assert "仍然公开：/S/2031/6。" in withhold("S/2031/6", paragraph="h1")


class Kept:
    """A cluster that keeps what it is told, by the names of its indexes."""

    def __init__(self):
        self.indices, self.rows, self.closed = self, dict[str, str](), ()

    def exists(self, index):
        return index in self.rows

    def create(self, index, body, params):
        self.rows[index] = ""

    def bulk(self, index, body, params):
        self.rows[index] += body
        return {"errors": False}

    def search(self, index, body, params):
        return {"hits": {"total": {"value": self.rows[index].count('"routing"')}}, "_shards": {"failed": 0}}

    def msearch(self, body):
        none = {"total": {"value": 0}, "hits": []}
        return {"responses": [{"_shards": {"failed": 0}, "hits": none} for _body in body[1::2]]}

    def get_alias(self, index):
        return {name: {"aliases": {}} for name in self.rows if fnmatch(name, index)}

    def delete(self, index, params):
        if index in self.closed:
            raise PermissionError(f"no permission for {index}")
        del self.rows[index]

    def refresh(self, **_given):
        """All is seen at once."""

    forcemerge = update_aliases = refresh


@pytest.fixture
def cluster(filled, monkeypatch):  # noqa: F811
    """A site on a cluster, with the index of before an update beside the live one."""
    kept = Kept()
    monkeypatch.setattr("search.engine.cluster.writer.client_of", lambda _cluster: kept)
    monkeypatch.setattr("search.engine.live.site.access_to", lambda _cluster: Access(kept, 1.0))
    with override_settings(SEARCH_CLUSTER={"urls": ("http://n",)}):
        update_index(rebuild=True)
        update_index(rebuild=True)
        assert sum(PIECE in rows for rows in kept.rows.values()) == 2
        yield kept


def test_words_leave_every_index_of_a_cluster(cluster):
    withhold(paragraph="2")
    assert not [name for name, rows in cluster.rows.items() if PIECE in rows]
    assert len(cluster.rows) == 1
    assert unclean_copies() == []


def test_or_the_act_names_what_it_could_not_reach(cluster):
    before, live = cluster.rows
    cluster.closed = [before, live]
    with pytest.raises(CommandError, match="no permission for"):
        withhold(paragraph="2")


def test_the_desk_tells_it_too(admin_client, filled):  # noqa: F811
    bring(f"S/2031/7\n\n1. 信中说：“{SECRET}”\n", 'symbol = "S/2031/7"\ntitle = "报告"\n', "seven.txt")
    row = Document.objects.get(symbol="S/2031/1")
    sent = {"action": "withdraw", "_selected_action": [row.pk], "confirmed": "1", "withheld": "on", **WHY}
    page = admin_client.post("/admin/archive/document/", sent, follow=True).content.decode()
    assert "收不回" in page and "/S/2031/7/p/1" in page
