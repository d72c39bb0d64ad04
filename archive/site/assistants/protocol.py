"""The Model Context Protocol as this archive speaks it: JSON-RPC 2.0, one request and one answer, no session.

Two eras meet at one door. Since 2026-07-28 each request describes itself and ``server/discover`` says what
there is; clients of 2024 and 2025 shake hands first (``initialize``), which costs a server without sessions
nothing. What both call is the same. A request that names no version is answered as by the newest.
Source: the specification of 2026-07-28 (basic, transports, versioning), and of 2025-11-25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

NEWEST = "2026-07-28"
SHAKING_HANDS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
META_VERSION = "io.modelcontextprotocol/protocolVersion"
META_SERVER = "io.modelcontextprotocol/serverInfo"
# Which field of ``params`` the header Mcp-Name repeats, so that proxies need not read bodies.
NAMED_IN_HEADER = {"tools/call": "name"}
LISTED_FOR = 3_600_000  # milliseconds that a client may keep the list of tools: it changes with a release

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
INTERNAL_ERROR, HEADER_MISMATCH, UNSUPPORTED_VERSION = -32603, -32020, -32022
STATUS = {METHOD_NOT_FOUND: 404, INTERNAL_ERROR: 500}  # of HTTP; every other error is 400

SERVER = {"name": "archive-1540", "title": "1540文献库", "version": "1"}
INSTRUCTIONS = (
    "Chinese texts (English ones of some) of United Nations documents about Security Council resolution 1540"
    " (2004), by official paragraph number. What is quoted in a language of which no text is held cannot be"
    " checked here, and is not thereby wrong. Quote only what verify_quote calls verbatim, and give its"
    " permalink. `certified`: zero means that no held paragraph has the words; `uncovered_documents` were not"
    " looked at. A document that is not held is not an absent one."
)
Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]
Answer = dict[str, Any]


class ProtocolError(Exception):
    """A request that cannot be taken: a code of JSON-RPC, a sentence, and data for the client."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.data = code, data


def answered(
    message: Any, tools: list[dict[str, Any]], call: Call, headers: Mapping[str, str] | None = None
) -> Answer | None:
    """Answers one message; None for a notification, which is owed no answer.

    ``headers`` are those of HTTP, None over stdio; ``call`` runs a tool by its name and arguments, and raises
    ProtocolError for a tool that does not exist.
    """
    known = isinstance(message, dict) and message.get("jsonrpc") == "2.0"
    asked = message.get("id") if isinstance(message, dict) else None
    try:
        if not known or not isinstance(message.get("method"), str) or not isinstance(asked, str | int | None):
            raise ProtocolError(INVALID_REQUEST, "One JSON-RPC 2.0 request object is expected.")
        params = message.get("params", {})
        if not isinstance(params, dict):
            raise ProtocolError(INVALID_PARAMS, "params must be an object.")
        version = _version(message, params, headers or {})
        if "id" not in message:
            return None
        result = _result(message["method"], params, version, tools, call)
    except ProtocolError as error:
        return refusal(error, asked)
    return {"jsonrpc": "2.0", "id": asked, "result": result}


def refusal(error: ProtocolError, asked: str | int | None = None) -> Answer:
    """Returns the answer to a request that cannot be taken, by the ``id`` it was asked with."""
    told: dict[str, Any] = {"code": error.code, "message": str(error)}
    if error.data is not None:
        told["data"] = error.data
    return {"jsonrpc": "2.0", "id": asked, "error": told}


def status_of(answer: Answer | None) -> int:
    """Returns the HTTP status of an answer: 202 for none."""
    if answer is None:
        return 202
    return STATUS.get(answer["error"]["code"], 400) if "error" in answer else 200


def _version(message: Answer, params: Answer, headers: Mapping[str, str]) -> str:
    """Returns the version a request is asked in; refuses one that contradicts itself, or is not spoken."""
    meta = params.get("_meta")
    told = meta.get(META_VERSION) if isinstance(meta, dict) else None
    header = headers.get("Mcp-Protocol-Version")
    repeated = [(header, told), (headers.get("Mcp-Method"), message["method"])]
    if field := NAMED_IN_HEADER.get(message["method"]):
        repeated.append((headers.get("Mcp-Name"), params.get(field)))
    if any(one is not None and other is not None and one != other for one, other in repeated):
        raise ProtocolError(HEADER_MISMATCH, "A header of the request contradicts its body.")
    version = told or header or (SHAKING_HANDS[0] if message["method"] == "initialize" else NEWEST)
    if version not in (NEWEST, *SHAKING_HANDS):
        spoken = {"supported": [NEWEST, *SHAKING_HANDS], "requested": str(version)}
        raise ProtocolError(UNSUPPORTED_VERSION, "Unsupported protocol version", spoken)
    return version


def _result(method: str, params: Answer, version: str, tools: list[dict[str, Any]], call: Call) -> Answer:
    told: Answer = {"instructions": INSTRUCTIONS, "capabilities": {"tools": {}}}
    if method == "initialize":
        wished = params.get("protocolVersion")
        spoken = wished if wished in SHAKING_HANDS else SHAKING_HANDS[0]
        return {"protocolVersion": spoken, "serverInfo": SERVER, **told}
    if method == "ping":
        return {}
    if method == "server/discover":
        found = {"supportedVersions": [NEWEST, *SHAKING_HANDS], **told, **_cached()}
    elif method == "tools/list":
        found = {"tools": tools, **_cached()}
    elif method == "tools/call":
        found = call(str(params.get("name")), _arguments(params))
    else:
        raise ProtocolError(METHOD_NOT_FOUND, f"There is no method {method[:60]!r}.")
    return found if version != NEWEST else {"resultType": "complete", "_meta": {META_SERVER: SERVER}, **found}


def _cached() -> Answer:
    return {"ttlMs": LISTED_FOR, "cacheScope": "public"}


def _arguments(params: Answer) -> Mapping[str, Any]:
    arguments = params.get("arguments", {})
    if not isinstance(arguments, dict):
        raise ProtocolError(INVALID_PARAMS, "arguments must be an object.")
    return arguments
