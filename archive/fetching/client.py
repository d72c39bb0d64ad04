"""Asks the document service for one file at a time: follows it where it leads, waits when told to, and stops.

One connection, no cookies beyond one document, no account, no compression: so a download can be resumed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.robotparser import RobotFileParser

import httpx

from .judge import Judged, What, is_whole, judge_body, judge_head, kind_of, refresh_of
from .ods import KINDS, LANGUAGES, NotAllowedError, Pace, Service, retry_after

AGENT = "archive-1540"
TRIES = 3
MOST_HOPS = 8
LONGEST_WAIT = 300.0  # seconds that a run waits when told to; if told longer, it ends
BACKOFF = 10.0  # seconds before a second try, doubled for each further one
LARGEST = 50_000_000  # bytes
LONGEST = 300.0  # seconds for one file
CHUNK = 65_536
TIMEOUT = httpx.Timeout(connect=20, read=30, write=20, pool=20)
_TOLD = (What.BAD_REQUEST, What.NOT_PUBLISHED, What.FAILED, What.NOT_A_DOCUMENT, What.DOCUMENT)
"""Of several answers that are none, the one that says most is told: the last of these."""
SHOWN = (
    *("content-type", "content-length", "content-range", "content-encoding", "content-disposition"),
    *("location", "retry-after", "etag", "last-modified", "accept-ranges", "server", "via", "x-cache"),
)
"""Headers of answers that a step tells; and any that tell of a challenge. Cookies are told by name alone."""
_CONTACT = re.compile(r"[^@\s]{1,80}@[\w.-]+\.\w{2,}|https?://[^\s]{3,200}")


@dataclass(slots=True)
class Step:
    """One request and its answer. ``size`` counts the bytes received, ``verdict`` is a code of ``Judged``."""

    address: str
    sent: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    seconds: float = 0.0
    begins: str = ""
    verdict: str = ""
    detail: str = ""

    def as_plain(self) -> dict:
        """Returns the step as JSON values, without empty ones."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in plain.items() if value not in ("", {}, None)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request. ``wait``: the seconds after which the service wants to be asked again."""

    judged: Judged
    address: str
    content: bytes = b""
    status: int | None = None
    steps: tuple[Step, ...] = ()
    wait: float | None = None

    @property
    def format(self) -> str:
        """The format of the bytes; empty where there are none."""
        return kind_of(self.content) if self.content else ""


class _AgainError(Exception):
    """A failed request that may be retried: the connection broke, or the service wants time."""

    def __init__(self, judged: Judged, wait: float | None = None, *, final: bool = False) -> None:
        self.judged, self.wait, self.final = judged, wait, final


def is_contact(contact: str) -> bool:
    """Returns True if ``contact`` is an e-mail or web address at which a person can be reached."""
    return contact.isascii() and bool(_CONTACT.fullmatch(contact))


class Client:
    """Asks ``service`` in the name of ``contact``. Use as a context manager; not for several threads.

    ``folder`` keeps broken downloads. ``watch`` is called with each step when it has ended.
    """

    def __init__(
        self,
        service: Service,
        contact: str,
        folder: Path,
        pace: Pace | None = None,
        *,
        watch: Callable[[Step], object] = lambda _step: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        largest: int = LARGEST,
        longest: float = LONGEST,
        proxy: str | None = None,
    ) -> None:
        if not is_contact(contact):
            raise ValueError(contact)
        self.service, self.pace = service, pace or Pace()
        self._folder, self.watch, self._now = folder, watch, now
        self._largest, self._longest = largest, longest
        self.agent = f"{AGENT}/1.0 (+{contact})"
        self._refused_names: set[str] = set()
        self._names_known: dict[str, str] = {}
        self._steps: list[Step] = []
        self._http = httpx.Client(
            headers={
                "User-Agent": self.agent,
                "Accept": "application/pdf, application/msword, */*;q=0.5",
                "Accept-Encoding": "identity",
            },
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            trust_env=False,  # no password of a .netrc is ever sent
            proxy=proxy,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._http.close()

    def ask(
        self,
        symbol: str,
        language: str,
        kinds: Sequence[str] = KINDS,
        *,
        tries: int = TRIES,
        fits: Callable[[Answer], bool] = lambda _answer: True,
    ) -> Answer:
        """Requests one document; returns the answer. Raises BudgetSpentError if the run may ask no more.

        Of ``kinds`` the first that the service has and that ``fits`` is taken. Where it has none, or does not
        know its name for the language (400), the last kind is asked for by the other name.
        """
        self._steps, came = [], []
        names = self._names(language)
        for name, kind in [*((names[0], kind) for kind in kinds), *((name, kinds[-1]) for name in names[1:])]:
            if name in self._refused_names and name != names[-1]:
                continue
            answer = self._ask(self.service.document(symbol, name, kind), tries)
            if answer.judged.what is What.BAD_REQUEST:
                self._refused_names.add(name)
            if answer.judged.what is What.DOCUMENT and fits(answer):
                self._names_known[language] = name
                return answer
            if not _may_be_had_otherwise(answer.judged):
                return answer
            self.forget(answer)
            came.append(answer)
        return replace(max(came, key=lambda answer: _TOLD.index(answer.judged.what)), steps=answer.steps)

    def robots(self) -> Answer | None:
        """Reads the service's robots.txt: None where it lets its documents be asked for; the pace is then
        that of its Crawl-delay. Else the answer for which no run can go on.
        """
        self._steps = []
        try:
            answer = self._ask(self.service.robots, tries=1, whole=False)
        except NotAllowedError:
            return None
        if answer.judged.why == "refused":  # of this file alone; a document's own refusal ends the run
            return None
        if answer.judged.what in (What.BLOCKED, What.LATER, What.FAILED):
            return answer
        rules = RobotFileParser()
        if answer.status == 200 and kind_of(answer.content) == "text":
            rules.parse(answer.content[:500_000].decode("utf-8", "replace").splitlines())
        else:  # there are none (RFC 9309, 2.3.1.3)
            return None
        delay = rules.crawl_delay(AGENT)
        if delay is not None:
            self.pace.delay = max(self.pace.delay, float(delay))
        allowed = rules.can_fetch(AGENT, self.service.document("S/1", "zh", "pdf"))
        return None if allowed else replace(answer, judged=Judged(What.BLOCKED, "robots"))

    def _names(self, language: str) -> list[str]:
        """Returns the service's possible names of ``language``: the known one alone, else all not refused."""
        if language in self._names_known:
            return [self._names_known[language]]
        names = LANGUAGES[language]
        return [name for name in names if name not in self._refused_names] or list(names)

    def _ask(self, address: str, tries: int, *, whole: bool = True) -> Answer:
        partial = Partial(self._folder, address) if whole else None
        for attempt in range(1, tries + 1):
            self._http.cookies.clear()
            try:
                return self._follow(address, partial)
            except _AgainError as error:
                wait = BACKOFF * 2 ** (attempt - 1) if error.wait is None else error.wait
                if attempt == tries or error.final or wait > LONGEST_WAIT:
                    last = self._steps[-1] if self._steps else None
                    told = error.wait if error.judged.what is What.LATER else None
                    return Answer(
                        error.judged, address, b"", last.status if last else None, tuple(self._steps), told
                    )
                self.pace.rest(wait)
        raise AssertionError(tries)  # range is empty: tries is at least 1

    def _follow(self, asked: str, partial: Partial | None) -> Answer:
        """Sends a request and follows redirects until a body or a refusal comes."""
        address, seen = asked, set()
        for _hop in range(MOST_HOPS):
            mark = (address, tuple(sorted((one.name, one.value) for one in self._http.cookies.jar)))
            if mark in seen:
                return self._ended(Judged(What.FAILED, "loop"), asked)
            seen.add(mark)
            judged, content, location, pause = self._get(address, partial)
            if judged.what is not What.MOVED:
                return self._ended(judged, asked, content)
            try:
                address = self.service.led_to(address, location)
            except NotAllowedError as error:
                return self._ended(Judged(What.FAILED, "elsewhere", str(error)), asked)
            if pause:
                self.pace.rest(min(pause, LONGEST_WAIT))
        return self._ended(Judged(What.FAILED, "hops"), asked)

    def _ended(self, judged: Judged, asked: str, content: bytes = b"") -> Answer:
        if self._steps:
            self._steps[-1].verdict, self._steps[-1].detail = judged.why or judged.what, judged.detail
        return Answer(judged, asked, content, self._steps[-1].status, tuple(self._steps))

    def _get(self, address: str, partial: Partial | None) -> tuple[Judged, bytes, str, float]:
        """Sends a request; returns the judgement, the body, and where it leads after how many seconds."""
        sent = partial.headers(address) if partial else {}
        with self._request(address, sent) as (response, step):
            headers = {name.lower(): value for name, value in response.headers.items()}
            judged = judge_head(response.status_code, headers)
            if judged:
                step.verdict, step.detail = judged.why, judged.detail
                few = self._few(response, step)  # read, so that the connection serves the next request
            if judged and judged.what is What.MOVED:
                return judged, b"", headers["location"], 0.0
            if response.status_code == 416 and partial:
                partial.discard()
                raise _AgainError(Judged(What.FAILED, "status", "416"), 0.0)
            if judged and judged.what is What.LATER:
                raise _AgainError(judged, self._told_wait(headers))
            if judged and judged.what is What.FAILED:
                raise _AgainError(judged)
            if judged:
                return judged, few, "", 0.0
            content = self._body(response, step, headers, partial, address)
            step.begins = repr(content[:16])[2:-1]  # no database takes a NUL
            onward = refresh_of(content) if partial else None
            judged = Judged(What.MOVED, "refresh", onward[1][:200]) if onward else judge_body(content)
            step.verdict, step.detail = judged.why or judged.what, judged.detail
        pause, location = onward or (0.0, "")
        return judged, b"" if onward else content, location, pause

    def _told_wait(self, headers: dict[str, str]) -> float | None:
        """Seconds to wait; a date is counted from the service's own clock, for ours may be wrong."""
        try:
            theirs = parsedate_to_datetime(headers["date"])
            now = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        except (KeyError, ValueError, TypeError, IndexError, OverflowError):
            now = self._now()
        return retry_after(headers.get("retry-after", ""), now)

    @contextmanager
    def _request(self, address: str, sent: dict[str, str]) -> Iterator[tuple[httpx.Response, Step]]:
        self.pace.turn()
        began, step = self.pace.clock(), Step(address, sent)
        self._steps.append(step)
        try:
            with self._http.stream("GET", address, headers=sent) as response:
                step.status, step.headers = response.status_code, _shown(response.headers)
                yield response, step
        except httpx.HTTPError as error:
            step.verdict, step.detail = "connection", f"{type(error).__name__}: {error}"[:200]
            never = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)
            why = "unreachable" if never else "connection"
            raise _AgainError(Judged(What.FAILED, why, type(error).__name__)) from error
        except httpx.InvalidURL as error:
            raise _AgainError(Judged(What.FAILED, "elsewhere", address[:200]), final=True) from error
        except _AgainError as error:
            step.verdict, step.detail = error.judged.why, error.judged.detail
            raise
        finally:
            step.seconds = round(self.pace.clock() - began, 3)
            self.pace.answered()
            self.watch(step)

    def _few(self, response: httpx.Response, step: Step) -> bytes:
        """Returns the beginning of a body that says no more than its status."""
        found = b""
        for chunk in response.iter_raw():
            found += chunk
            step.size = len(found)
            if len(found) >= CHUNK:
                break
        return found

    def _body(
        self, response: httpx.Response, step: Step, headers: dict, partial: Partial | None, address: str
    ) -> bytes:
        """Returns the whole body. What arrived before it broke off stays in ``partial``."""
        packed = headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
        began, found, again = self.pace.clock(), bytearray(), 0
        kept = partial if not packed else None
        if kept:
            again = self._place(response, headers, kept, address)
        keep = kept.add if kept else found.extend
        size = kept.size if kept and again else 0
        overlap = bytearray()
        for chunk in response.iter_bytes() if packed else response.iter_raw():
            step.size += len(chunk)
            if again > len(overlap):
                missing = again - len(overlap)
                overlap += chunk[:missing]
                chunk = chunk[missing:]
                if kept and len(overlap) == again:
                    self._compare(kept, bytes(overlap))
            keep(chunk)
            size += len(chunk)
            if size > self._largest:
                if kept:
                    kept.discard()
                raise _AgainError(Judged(What.FAILED, "too_large", str(self._largest)), final=True)
            if self.pace.clock() - began > self._longest:
                raise _AgainError(Judged(What.FAILED, "too_slow", str(size)), final=True)
        content = kept.content() if kept else bytes(found)
        total = kept.total if kept else None
        if (total is not None and len(content) != total) or len(overlap) < again:
            raise _AgainError(Judged(What.FAILED, "cut_off", str(len(content))))
        if total is None and content and not is_whole(content):
            if kept:
                kept.discard()
            raise _AgainError(Judged(What.FAILED, "cut_off", str(len(content))))
        return content

    def _place(self, response: httpx.Response, headers: dict, partial: Partial, address: str) -> int:
        """Prepares ``partial`` for the body; returns how many bytes are sent again."""
        if response.status_code != 206:
            partial.begin(address, headers)
            return 0
        try:
            return partial.resume(headers)
        except OtherFileError:
            partial.discard()
            raise _AgainError(Judged(What.FAILED, "other_part"), 0.0) from None

    def _compare(self, partial: Partial, again: bytes) -> None:
        try:
            partial.compare(again)
        except OtherFileError:
            partial.discard()
            raise _AgainError(Judged(What.FAILED, "other_part"), 0.0) from None

    def forget(self, answer: Answer) -> None:
        """Deletes the partial download of ``answer``, which is stored elsewhere or not wanted."""
        Partial(self._folder, answer.address).discard()


def _may_be_had_otherwise(judged: Judged) -> bool:
    """Returns True if another file type or another name of the language may succeed where this failed."""
    return judged.why == "status" if judged.what is What.FAILED else judged.what in _TOLD


def _shown(headers: httpx.Headers) -> dict[str, str]:
    told = {
        name: value[:300]
        for name, value in headers.items()
        if name in SHOWN or name.startswith(("x-amzn-waf", "cf-", "x-ratelimit", "ratelimit"))
    }
    cookies = [value.partition("=")[0].strip()[:40] for value in headers.get_list("set-cookie")]
    return told | ({"set-cookie": ", ".join(cookies)} if cookies else {})


# Resumption of interrupted downloads: the received part stays on disk, and only the rest is requested.

OVERLAP = 1024  # bytes
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class OtherFileError(Exception):
    """A resumed download that is not the rest of the same file."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Address, version and length of a partly received file; ``total`` is None where it was not sent."""

    address: str
    version: str = ""
    total: int | None = None


class Partial:
    """The beginning of one file, in ``folder``; ``asked`` is the address that was asked for first."""

    def __init__(self, folder: Path, asked: str) -> None:
        name = hashlib.sha256(asked.encode()).hexdigest()[:24]
        self._bytes, self._about = folder / f"{name}.part", folder / f"{name}.json"
        self._known = self._read()

    def headers(self, address: str) -> dict[str, str]:
        """Returns the range headers of a request to ``address``; none where no part of it was received."""
        if self._known is None or self._known.address != address or not self.size:
            return {}
        asked = {"Range": f"bytes={self._start}-"}
        return asked | ({"If-Range": self._known.version} if self._known.version else {})

    @property
    def size(self) -> int:
        """The number of bytes received."""
        return self._bytes.stat().st_size if self._bytes.exists() else 0

    @property
    def total(self) -> int | None:
        """The length of the whole file; None where the server did not send it."""
        return self._known.total if self._known else None

    @property
    def _start(self) -> int:
        return max(0, self.size - OVERLAP)

    def begin(self, address: str, headers: Mapping[str, str]) -> None:
        """Discards the partial download and starts the whole file."""
        self.discard()
        version = headers.get("etag", "")
        if version.startswith("W/") or not version:  # a weak one proves nothing (RFC 9110, 13.1.5)
            version = ""
        length = headers.get("content-length", "")
        self._known = _Known(address, version, int(length) if length.isdecimal() else None)
        self._bytes.parent.mkdir(parents=True, exist_ok=True)
        self._about.write_text(json.dumps(asdict(self._known)), "utf-8")

    def resume(self, headers: Mapping[str, str]) -> int:
        """Returns how many bytes are sent again. Raises OtherFileError if another part comes."""
        told = _RANGE.fullmatch(headers.get("content-range", "").strip())
        if told is None or int(told[1]) != self._start or self._known is None:
            raise OtherFileError
        total = None if told[3] == "*" else int(told[3])
        if total != self._known.total and None not in (total, self._known.total):
            raise OtherFileError
        version = headers.get("etag", "")
        if self._known.version and version and version != self._known.version:
            raise OtherFileError
        self._known = _Known(self._known.address, self._known.version, total or self._known.total)
        return self.size - self._start

    def compare(self, again: bytes) -> None:
        """Raises OtherFileError where ``again`` are not the last bytes at hand."""
        if self._bytes.read_bytes()[self._start :] != again:
            raise OtherFileError

    def add(self, content: bytes) -> None:
        with self._bytes.open("ab") as file:
            file.write(content)

    def content(self) -> bytes:
        return self._bytes.read_bytes() if self._bytes.exists() else b""

    def discard(self) -> None:
        self._known = None
        for path in (self._bytes, self._about):
            with suppress(FileNotFoundError):
                path.unlink()

    def _read(self) -> _Known | None:
        try:
            return _Known(**json.loads(self._about.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
