"""Going straight to what was named."""

import json

import pytest

from archive.editing.retirement import withdraw_document
from archive.models import Document

from .factories import block, parsed, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


P14 = "/S/2010/52/p/annex.14"
R3 = "/S/RES/1540(2004)/p/3"
ONE = [
    ("1540", "/S/RES/1540(2004)", "a number of the family"),
    ("第 1540（2004）號決議", "/S/RES/1540(2004)", "blanks, full width, traditional"),
    ("1540第3段", "/S/RES/1540(2004)/p/3", "a paragraph of a resolution that is cited, not held"),
    ("第1977(2011)号决议第9段", "/S/RES/1977(2011)/p/9", "nobody cites the paragraph"),
    ("1540 OP 3(d)", f"{R3}.d", "an item that nobody cites"),
    ("UNSCR 1540 OP 3(a)", f"{R3}.a", "in English, with a blank"),
    ("UNSC Res. 1540 (2004), OP 3 (a)", f"{R3}.a", "with all blanks"),
    ("res 1540 op. 3(a)", f"{R3}.a", "with a stop"),
    ("1540 operative para 3 a", f"{R3}.a", "without brackets"),
    ("1540 OP3a", f"{R3}.a", "run together"),
    ("UNSCR 1540 (2004) para 3(c)(i)", f"{R3}.c.i", "two items deep"),
    ("paragraph 3 (d) of UNSCR 1540", f"{R3}.d", "the paragraph first"),
    ("subparagraph 3 (d) of resolution 1540", f"{R3}.d", "a sub-paragraph"),
    ("resolution 1540 (2004) subpara. 3(d)", f"{R3}.d", "behind it"),
    ("S/RES/1540(2004), OP 3 (b)-(d)", f"{R3}.b-d", "a range of items"),
    ("1540 PP 2", "/S/RES/1540(2004)/p/pp2", "of the preamble"),
    ("安理会1540号决议第三(a)段", f"{R3}.a", "a Chinese number with an item"),
    ("安理会1540号决议第三段第a项", f"{R3}.a", "an item without brackets"),
    ("安理会1540号决议第3段a项", f"{R3}.a", "without 第"),
    ("1540号决议第三段第a项至第d项", f"{R3}.a-d", "from one to another"),
    ("1540第3段 d", f"{R3}.d", "the letter alone"),
    ("第1540号决议第3段第（a）项", f"{R3}.a", "with them"),
    ("1540决议第三段之（d）", f"{R3}.d", "之"),
    ("1540號決議第三段(d)分段", f"{R3}.d", "traditional"),
    ("1540号决议执行部分第3段(b)小段", f"{R3}.b", "小段"),
    ("第1540(2004)号决议第3 (c) 段", f"{R3}.c", "blanks"),
    ("1540号决议第3款第(d)项", f"{R3}.d", "款 for 段"),
    ("1540第3条a款", f"{R3}.a", "as laws are cited"),
    ("安理会决议1540第3段(甲)项", f"{R3}.a", "stems"),
    ("1540号决议序言第2段", "/S/RES/1540(2004)/p/pp2", "the preamble"),
    ("S/2010/52#14", P14, "a mark instead of words"),
    ("S/2010/52#annex.14", P14, "with the part"),
    ("S/2010/52 #14", P14, "with a blank"),
    ("S/2010/52¶14", P14, "the sign of paragraphs"),
    ("S/2010/52 §14", P14, "and of sections"),
    ("S/RES/1540(2004)#3.a", f"{R3}.a", "not held, with an anchor"),
    ("S/RES/1540(2004)/p/3.d", f"{R3}.d", "the path of an item"),
    ("s/ac.44/sr.74", "/S/AC.44/SR.74", "a symbol in small letters"),
    ("https://undocs.org/zh/S/2010/52", "/S/2010/52", "an address of the UN"),
    ("http://testserver/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14", "a link of ours"),
    ("https://any.host/S/2010/52/p/annex.14/3373bb0d?utm_source=x", f"{P14}/3373bb0d", "of another host"),
    ("http://testserver/S/2010/52/p/annex.14/3373bb0d。", f"{P14}/3373bb0d", "at the end of a sentence"),
    ("testserver/S/2010/52/p/annex.14-16", "/S/2010/52/p/annex.14-16", "a range, without scheme"),
    ("/s/2010/52/p/annex.14", "/S/2010/52/p/annex.14", "a path, in small letters"),
    ("S/2010/52/p/annex.14/3373bb0d", f"{P14}/3373bb0d", "without its first stroke"),
    ("http://testserver/S/2010/52#p-annex.14", "/S/2010/52#p-annex.14", "a place in the whole document"),
    ("http://testserver/S/RES/1540%282004%29", "/S/RES/1540(2004)", "with escapes"),
    ("S/AC.44/SR.74第14段", "/S/AC.44/SR.74/p/14", "a paragraph of a held document"),
    ("S/2010/52第14段", "/S/2010/52/p/annex.14", "its number is unique in the document"),
    ("S/2010/52附件第14段", "/S/2010/52/p/annex.14", "with its annex"),
    ("2016年简要记录", "/S/AC.44/SR.74", "the one record of the year"),
    ("2016年", "/years/2016", "a year"),
    ("印度", "/states/IND", "a State"),
    ("Republic of Korea", "/states/KOR", "in English"),
    ("大韓民國", "/states/KOR", "in traditional characters"),
    ("S_2010_52", "/S/2010/52", "the name of a file"),
    ("S/2010/52.pdf", "/S/2010/52", "with its ending"),
    ("S/2010/0052", "/S/2010/52", "a zero too many"),
    ("S/AC.44/SR 74", "/S/AC.44/SR.74", "a blank for a full stop"),
    ("CD2118", "/CD/2118", "without its stroke"),
    ("SRES1540", "/S/RES/1540(2004)", "without strokes and year"),
    ("UNSCR 1540", "/S/RES/1540(2004)", "as English speakers write it"),
    ("Security Council resolution 1540 (2004)", "/S/RES/1540(2004)", "in full"),
    ("73/55", "/A/RES/73/55", "the number of a resolution of the Assembly"),
    ("74/140", "/A/74/140", "or of a document"),
    ("1540第三段", "/S/RES/1540(2004)/p/3", "a number in Chinese"),
    ("1540 OP3", "/S/RES/1540(2004)/p/3", "an operative paragraph, in English"),
    ("S/2010/52, annex, para. 14", "/S/2010/52/p/annex.14", "as English texts cite"),
    ("S/2010/52附件", "/S/2010/52/p/annex", "an annex as a whole"),
    ("S/2010/52第14至16段", "/S/2010/52/p/annex.14-16", "a range in its annex"),
    ("S/2010/52 paras. 14-16", "/S/2010/52/p/annex.14-16", "the same in English"),
    ("第74次会议第18段", "/S/AC.44/SR.74/p/18", "a paragraph of a document by its name"),
    ("2016年6月22日", "/S/AC.44/SR.74", "the day of a meeting"),
    ("2016-06-22的会议", "/S/AC.44/SR.74", "with hyphens"),
    ("2010年1月", "/S/2010/52", "a month"),
    ("10-22570", "/S/2010/52", "a job number"),
    ("16-10499 (C)", "/S/AC.44/SR.74", "as it is printed in Chinese"),
    ("CD/2118 (r)", "/CD/2118/p/annex.h2.r", "an item by its letter alone"),
    ("cd/2118建议(f)", "/CD/2118/p/annex.h3.f", "with the heading above it"),
    ("2016-12-15", "/search?q=2016%E5%B9%B412%E6%9C%8815%E6%97%A5", "a day of which no document is"),
    ("2010年的信", "/S/2010/52", "a kind of one character"),
    ("NPT", "/treaties/npt", "a treaty"),
    ("不扩散核武器条约", "/treaties/npt", "by its name"),
    ("北韩", "/states/PRK", "by another word for it"),
    ("a74/140", "/A/74/140", "a symbol run together"),
    ("s20161013", "/S/2016/1013", "its numbers too"),
    ("S/RES/1540 2004", "/S/RES/1540(2004)", "a year without its brackets"),
    ("SR.74第14段", "/S/AC.44/SR.74/p/14", "a meeting without its series"),
    ("OP3", "/S/RES/1540(2004)/p/3", "a paragraph of the resolution that the archive is about"),
    ("执行部分第三段", "/S/RES/1540(2004)/p/3", "the same in Chinese"),
    ("paragraph 3 of resolution 1540 (2004)", "/S/RES/1540(2004)/p/3", "the paragraph first"),
    ("annex, para. 14 of S/2010/52", "/S/2010/52/p/annex.14", "with its annex"),
    ("2016/06/22", "/S/AC.44/SR.74", "a date with strokes"),
    ("2016.6.22", "/S/AC.44/SR.74", "with stops"),
    ("20160622", "/S/AC.44/SR.74", "without any"),
    ("二〇一六年六月二十二日", "/S/AC.44/SR.74", "in Chinese numerals"),
    ("22 June 2016", "/S/AC.44/SR.74", "in English"),
    ("Iran", "/states/IRN", "a State without what stands in brackets"),
    ("ROK", "/states/KOR", "initials in use"),
    ("kor", "/states/KOR", "a code in small letters"),
    ("沙烏地阿拉伯", "/states/SAU", "as Taiwan writes it"),
    ("沙乌地阿拉伯", "/states/SAU", "the same in simplified characters"),
    ("美方", "/states/USA", "as diplomats speak"),
    ("Cote d'Ivoire", "/states/CIV", "without accents"),
    ("世卫组织", "/bodies/who", "a body that no text names"),
    ("国际刑警", "/bodies/interpol", "a body without the word that says what it is"),
    ("JIM", "/bodies/opcw-un-joint-investigative-mechanism", "initials"),
    ("日内瓦议定书", "/treaties/geneva-protocol", "a treaty by a short form"),
    ("《核子武器不擴散條約》", "/treaties/npt", "by its name in Taiwan"),
    ("Mashkov先生", None, "a speaker"),
    ("OPCW", None, "an acronym"),
    ("1540委员会", None, "a body by an alias"),
]


@pytest.mark.parametrize(("typed", "address", "remark"), ONE)
def test_one_target_is_gone_to(client, typed, address, remark):
    response = client.get("/go", {"q": typed})
    assert response.status_code == 302, remark
    if address:
        assert response["Location"] == address, remark
    assert client.get(response["Location"]).status_code == 200, remark
    data = json.loads(client.get("/go.json", {"q": typed}).content)
    assert [target["url"] for target in data["targets"]] == [response["Location"]]


def test_what_was_withdrawn_is_gone_to_and_says_so(client):
    withdraw_document(Document.objects.get(symbol="S/2010/52"), "编者甲", "试")
    for typed, address in (("S/2010/52", "/S/2010/52"), ("S/2010/52附件第14段", P14)):
        response = client.get("/go", {"q": typed})
        assert (response.status_code, response["Location"]) == (302, address)
        assert client.get(address).status_code == 410


@pytest.mark.parametrize(("typed", "anchors"), [("第2段", ["2", "2_2", "s2.2"]), ("第3段", ["3"])])
def test_a_number_that_occurs_twice_is_a_choice(client, typed, anchors):
    rows = [block(name, f"文字{name}", number=name[-1]) for name in ("1", "2", "2_2", "3", "s2.2", "annex.2")]
    stored(parsed("S/2031/5", *rows))
    told = json.loads(client.get("/go.json", {"q": f"S/2031/5{typed}"}).content)["targets"]
    assert [target["url"] for target in told] == [f"/S/2031/5/p/{anchor}" for anchor in anchors]
    assert len({target["label"] for target in told}) == len(anchors)


def test_several_are_a_choice(client):
    records = Document.objects.filter(year=2016)
    assert len(records) == 2
    for typed in ("2016年文件", "2016年的文件"):
        response = client.get("/go", {"q": typed})
        assert response.status_code == 200
        for document in records:
            assert f'<a href="/{document.symbol}">' in response.content.decode()
        assert len(json.loads(client.get("/go.json", {"q": typed}).content)["targets"]) == 2


NONE = [
    ("S/2010/55", "/S/2010/52", "a symbol that nobody knows: read aloud, nearest"),
    ("S/2010/52第999段", "/S/2010/52", "no such paragraph: its document"),
    ("印度的答复", "/states/IND", "a name inside: that State"),
    ("SR.74 para. 99", "/S/AC.44/SR.74", "no such paragraph of a symbol without its series"),
    ("A/74/140第二节古巴第5段", "/A/74/140", "words behind a symbol: its document"),
    ("S/AC.44/SR.74 (zz)", "/S/AC.44/SR.74", "no such item"),
    ("S/2010/52第14至999段", "/S/2010/52", "a range without its end: the document"),
    ("2016年13月", "/search?q=", "no month"),
    ("国际原子能机够", "原子能机构", "a name mistyped"),
    ("出口管制与外联", "/search?q=", "words: search"),
    ("https://any.host/search?q=决议", "/search?q=", "a link that names no thing"),
]


@pytest.mark.parametrize(("typed", "offered", "remark"), NONE)
def test_nothing_named_is_explained(client, typed, offered, remark):
    response = client.get("/go", {"q": typed})
    assert response.status_code == 404
    text = response.content.decode()
    assert offered in text, remark
    assert "/search?q=" in text
    assert client.get("/go.json", {"q": typed}).status_code == 404


@pytest.mark.parametrize(
    "typed", ["\x00", "%", "//evil.example", "<script>x</script>", "核" * 900, "S/", "(", "年", "9999年"]
)
def test_nothing_that_is_typed_breaks_it(client, typed):
    response = client.get("/go", {"q": typed})
    assert response.status_code in (200, 302, 404)
    assert "<script>x" not in response.content.decode()
    assert not response.get("Location", "").startswith("//")


def test_without_anything_it_says_what_may_be_typed(client):
    assert "1540第3段" in client.get("/go").content.decode()
    assert client.post("/go").status_code == 405


def test_the_number_of_queries_is_fixed(client, django_assert_max_num_queries):
    client.get("/go", {"q": "印度"})  # all names are read once for each revision of the archive
    for typed in ("1540第3段", "S/2010/52第14段", "2016年简要记录", "没有的东西", "S/2999/52", "第1段" * 60):
        with django_assert_max_num_queries(9):
            client.get("/go", {"q": typed})


NOT_HELD = [
    # address, cited by somebody, what the page calls it
    (f"{R3}.d", False, "第3(d)段"),
    (f"{R3}", True, "第3段"),
    ("/S/RES/1540(2004)/p/pp2", False, "序言部分第2段"),
    (f"{R3}.b-d", False, "第3(b)至(d)段"),
    ("/S/RES/1977(2011)/p/annex.9", False, "附件第9段"),
    ("/S/RES/2325(2016)/p/3", False, "第3段"),
]


@pytest.mark.parametrize(("address", "cited", "name"), NOT_HELD)
def test_a_paragraph_of_a_text_that_is_not_held_has_its_address(client, address, cited, name):
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert name in text and "本库未藏这份文件的文本" in text and "显示不出" in text
    assert "undocs.org" in text
    data = client.get(f"{address}.json").json()
    assert (data["held"], bool(data["page"]["total"])) == (False, cited)
    assert data["un_url"].startswith("https://undocs.org/")


@pytest.mark.parametrize(
    ("address", "status", "remark"),
    [
        (f"{R3}.D", 301, "capitals have another address"),
        ("/S/RES/1540(2004)/p/xyz", 404, "no pinpoint"),
        (f"{R3}.b-3.d", 301, "a range has one spelling"),
        ("/S/RES/1540(2004)/p/u5", 404, "what only a held text has"),
        ("/S/RES/1540(2004)/p/3.d/3f9a2c1b", 404, "words that were never issued"),
        ("/S/2098/12345/p/3", 404, "of a document that nobody knows"),
        ("/S/2010/52/p/3.d", 404, "of one that is held and has none such"),
    ],
)
def test_what_is_no_paragraph_has_none(client, address, status, remark):
    assert client.get(address).status_code == status, remark
