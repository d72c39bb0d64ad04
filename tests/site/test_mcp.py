"""The archive for assistants: the official client in both eras, what tools answer, and what is refused."""

from __future__ import annotations

import io
import json
import queue
import re
from pathlib import Path

import anyio
import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from django.core.management import call_command
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from archive.export.bundle import verify
from archive.export.bundle.export import export_bundle, generate_key, read_key
from archive.models import Paragraph
from archive.site.assistants.protocol import NEWEST
from archive.site.assistants.tools import DESCRIBED
from tests.tables import each_row, rows_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

WORDS = "不妨采取以下其他措施：开展外联活动"


class Site(httpx2.AsyncBaseTransport):
    """Carries what the client sends to the thread of the test, which alone has its database."""

    def __init__(self) -> None:
        self.sent: queue.Queue = queue.Queue()

    async def handle_async_request(self, request) -> httpx2.Response:
        reply: queue.Queue = queue.Queue()
        self.sent.put((request, await request.aread(), reply))
        return await anyio.to_thread.run_sync(reply.get)

    def serve(self, client, asking):
        """Answers through the site's own handlers until ``asking`` ends, and returns its result."""
        with start_blocking_portal() as portal:
            done = portal.start_task_soon(asking)
            done.add_done_callback(lambda _done: self.sent.put(None))
            while (came := self.sent.get()) is not None:
                request, content, reply = came
                headers = {name: one for name, one in request.headers.items() if name != "content-length"}
                kind = headers.get("content-type", "")
                answer = client.generic(request.method, request.url.path, content, kind, headers=headers)
                headers = dict(answer.headers)
                reply.put(httpx2.Response(answer.status_code, headers=headers, content=answer.content))
            return done.result()


@pytest.mark.parametrize("mode", ["legacy", "auto", NEWEST])
def test_the_official_client_asks_in_both_eras(client, mode):
    carrier = Site()

    async def asked():
        async with httpx2.AsyncClient(transport=carrier) as http:
            site = streamable_http_client("http://testserver/mcp", http_client=http)
            async with Client(site, mode=mode) as assistant:
                tools = await assistant.list_tools()
                return tools.tools, await assistant.call_tool("verify_quote", {"quote": WORDS})

    tools, answer = carrier.serve(client, asked)
    assert [one.name for one in tools] == [one["name"] for one in DESCRIBED]
    assert answer.structured_content["verbatim"] is True
    assert json.loads(answer.content[0].text) == answer.structured_content


def posted(client, body, **headers):
    sent = body if isinstance(body, str) else json.dumps(body)
    return client.post("/mcp", sent, content_type="application/json", headers=headers)


def call(client, name, arguments) -> dict:
    asked = {"name": name, "arguments": arguments}
    response = posted(client, {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": asked})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.json()["result"]


def holds(value, expected) -> bool:
    """Returns True if ``value`` has all that is expected; of lists the first items are compared."""
    if isinstance(expected, dict):
        return isinstance(value, dict) and all(holds(value.get(key), one) for key, one in expected.items())
    if isinstance(expected, tuple):
        return isinstance(value, list) and len(value) >= len(expected) and all(map(holds, value, expected))
    return value == expected


@each_row("ANSWERS")
def test_tools_answer_what_the_pages_say(client, name, arguments, expected):
    result = call(client, name, arguments)
    assert result["isError"] is False
    assert holds(result["structuredContent"], expected), result["structuredContent"]


@each_row("ERRORS")
def test_what_has_no_answer_is_said_in_a_sentence(client, name, arguments, sentence):
    result = call(client, name, arguments)
    assert result["isError"] is True
    assert sentence in result["structuredContent"]["error"]


@each_row("REFUSED")
def test_a_request_that_cannot_be_taken_is_refused_by_its_code(client, body, headers, status, code):
    response = posted(client, body, **headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code


def test_a_notification_is_owed_no_answer(client):
    response = posted(client, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (response.status_code, response.content) == (202, b"")


def test_nothing_but_posts_is_taken(client):
    assert client.get("/mcp").status_code == 405
    assert client.delete("/mcp").status_code == 405


def tokens(text: str) -> int:
    """Estimates tokens: one for a Chinese character, one for four others."""
    wide = len(re.findall(r"[\u3000-\u9fff\uff00-\uffef]", text))
    return wide + (len(text) - wide) // 4


def test_descriptions_and_answers_are_short(client):
    sizes = {one["name"]: tokens(json.dumps(one, ensure_ascii=False)) for one in DESCRIBED}
    for name, arguments, _expected in rows_from(__name__, "ANSWERS"):
        answer = json.dumps(call(client, name, arguments)["structuredContent"], ensure_ascii=False)
        sizes[f"{name} {arguments}"] = tokens(answer)
    print("\n".join(f"{size:5} {name}" for name, size in sizes.items()))
    assert max(sizes.values()) <= 600


def test_nothing_of_a_question_is_logged_when_we_fail(client, monkeypatch, caplog):
    def broken(*_given, **_named):
        raise ValueError(WORDS)

    monkeypatch.setattr("archive.site.assistants.twins.Twins.post", broken)
    asked = {"name": "verify_quote", "arguments": {"quote": WORDS}}
    response = posted(client, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked})
    assert (response.status_code, response.json()["error"]["code"]) == (500, -32603)
    assert WORDS not in caplog.text
    assert WORDS not in response.content.decode()


def test_a_local_archive_answers_by_lines(monkeypatch, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS]  # put back behind the test
    ask = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    ask["params"] = {"name": "cite", "arguments": {"place": "S/2010/52 附件第14段"}}
    lines = [json.dumps(ask), "", "{", json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    out = io.StringIO()
    call_command("mcp", "--site", "https://archive.example", stdout=out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["result"]["structuredContent"]["permalink"].startswith(
        "https://archive.example/S/2010/52/p/"
    )
    assert second["error"]["code"] == -32700


def test_a_page_says_what_can_be_asked(client):
    page = client.get("/llms.txt")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    text = page.content.decode()
    assert all(f"`{one['name']}`" in text for one in DESCRIBED)
    for address in re.findall(r"\]\(http://testserver(/[^)]*)\)", text):
        assert client.get(address).status_code == 200, address


@pytest.fixture
def key(settings, tmp_path):
    settings.SIGNING_KEY = str(tmp_path / "key")
    return generate_key(tmp_path / "key")


def receipt(client, quote: str = WORDS, **asked) -> str:
    return call(client, "verify_quote", {"quote": quote, "receipt": True, **asked})["structuredContent"][
        "receipt"
    ]


def test_a_receipt_says_later_what_became_of_the_words(client, key):
    signed = receipt(client, cited="S/2010/52附件第14段")
    now = client.get("/verify.json", {"receipt": signed}).json()
    assert (now["fate"], now["public_key"]) == ("identical", key)
    assert holds(now["said"], {"verbatim": True, "where_cited": True, "asked": {"quote": WORDS}})
    cited = Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14")
    Paragraph.objects.filter(pk=cited.pk).update(text=f"{cited.text}改了。")
    assert client.get("/verify.json", {"receipt": signed}).json()["fate"] == "edited"
    page = client.get("/verify", {"receipt": signed}).content.decode()
    assert WORDS in page
    assert verify.WORDS["edited"] in page


def test_a_receipt_of_words_that_stand_nowhere_is_one_too(client, key):
    signed = receipt(client, quote="灯塔守护人昨夜敲钟七十二次")
    now = client.get("/verify.json", {"receipt": signed}).json()
    assert (now["fate"], now["said"]["verbatim"]) == (None, False)
    assert client.get("/verify", {"receipt": signed}).status_code == 200


@pytest.mark.parametrize("change", rows_from(__name__, "FORGED"))
def test_what_we_did_not_sign_is_refused(client, key, change):
    signed = receipt(client)
    forged = signed.replace(*change) if change[0] in signed else f"{change[1]}{signed[2:]}"
    answer = client.get("/verify.json", {"receipt": forged})
    assert answer.status_code == 400
    assert "存证" in answer.json()["detail"]
    assert client.get("/verify", {"receipt": forged}).status_code == 400


def test_without_a_key_there_are_no_receipts(client, settings):
    settings.SIGNING_KEY = ""
    answer = call(client, "verify_quote", {"quote": WORDS, "receipt": True})["structuredContent"]
    assert answer["receipt"] is None
    assert "没有签名的钥匙" in answer["no_receipt"]
    assert "没有签名的钥匙" in client.get("/verify").content.decode()


def test_a_receipt_is_read_by_the_bundle_alone(client, key, settings, tmp_path, capsys):
    signed = receipt(client)
    export_bundle(tmp_path / "bundle", read_key(Path(settings.SIGNING_KEY)))
    assert verify.main([str(tmp_path / "bundle"), "--receipt", signed]) == 0
    said = capsys.readouterr().out
    assert WORDS in said
    assert "[identical]" in said
    with pytest.raises(SystemExit):
        verify.main([str(tmp_path / "bundle"), "--receipt", f"A{signed[1:]}B"])
    assert "不是这把钥匙所签" in capsys.readouterr().err
