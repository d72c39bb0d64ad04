"""Asks the document service for one file at a time: follows it where it leads, waits when told to, and stops.

One connection, no cookies beyond one document, no account. A download that broke off is asked for anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser

import httpx

from .judge import Judged, What, is_whole, judge_body, judge_head, kind_of, refresh_of
from .ods import KINDS, NotAllowedError, Pace, Service, retry_after

AGENT = "archive-1540"
TRIES = 3
MOST_HOPS = 8
LONGEST_WAIT = 300.0  # seconds that a run waits when told to; if told longer, it ends
BACKOFF = 10.0  # seconds before a second try, doubled for each further one
LARGEST = 50_000_000  # bytes
LONGEST = 300.0  # seconds for one file
CHUNK = 65_536
TIMEOUT = httpx.Timeout(connect=20, read=30, write=20, pool=20)
_TOLD = (What.NOT_PUBLISHED, What.FAILED, What.NOT_A_DOCUMENT, What.DOCUMENT)
"""Of several answers that are none, the one that says most is told: the last of these."""
SHOWN = (
    *("content-type", "content-length", "content-encoding", "content-disposition"),
    *("location", "retry-after", "etag", "last-modified", "server", "via", "x-cache"),
)
"""Headers of answers that a step tells; and any that tell of a challenge. Cookies are told by name alone."""
_CONTACT = re.compile(r"[^@\s]{1,80}@[\w.-]+\.\w{2,}|https?://[^\s]{3,200}")


@dataclass(slots=True)
class Step:
    """One request and its answer. ``size`` counts the bytes received, ``verdict`` is a code of ``Judged``."""

    address: str
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

    ``watch`` is called with each step when it has ended.
    """

    def __init__(
        self,
        service: Service,
        contact: str,
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
        self.watch, self._now = watch, now
        self._largest, self._longest = largest, longest
        self.agent = f"{AGENT}/1.0 (+{contact})"
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
        fits: Callable[[Answer], bool] = lambda _answer: True,
    ) -> Answer:
        """Requests one document; returns the answer. Raises BudgetSpentError if the run may ask no more.

        Of ``kinds`` the first that the service has and that ``fits`` is taken.
        """
        self._steps, came = [], []
        for kind in kinds:
            answer = self._ask(self.service.document(symbol, language, kind))
            if answer.judged.what is What.DOCUMENT and fits(answer):
                return answer
            if not _may_be_had_otherwise(answer.judged):
                return answer
            came.append(answer)
        return replace(max(came, key=lambda answer: _TOLD.index(answer.judged.what)), steps=answer.steps)

    def robots(self) -> Answer | None:
        """Reads the service's robots.txt: None where it lets its documents be asked for; the pace is then
        that of its Crawl-delay. Else the answer for which no run can go on.
        """
        self._steps = []
        try:
            answer = self._ask(self.service.robots, tries=1)
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

    def _ask(self, address: str, tries: int = TRIES) -> Answer:
        for attempt in range(1, tries + 1):
            self._http.cookies.clear()
            try:
                return self._follow(address)
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

    def _follow(self, asked: str) -> Answer:
        """Sends a request and follows redirects until a body or a refusal comes."""
        address, seen = asked, set()
        for _hop in range(MOST_HOPS):
            mark = (address, tuple(sorted((one.name, one.value) for one in self._http.cookies.jar)))
            if mark in seen:
                return self._ended(Judged(What.FAILED, "loop"), asked)
            seen.add(mark)
            judged, content, location, pause = self._get(address)
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

    def _get(self, address: str) -> tuple[Judged, bytes, str, float]:
        """Sends a request; returns the judgement, the body, and where it leads after how many seconds."""
        with self._request(address) as (response, step):
            headers = {name.lower(): value for name, value in response.headers.items()}
            judged = judge_head(response.status_code, headers)
            if judged:
                step.verdict, step.detail = judged.why, judged.detail
                few = self._few(response, step)  # read, so that the connection serves the next request
            if judged and judged.what is What.MOVED:
                return judged, b"", headers["location"], 0.0
            if judged and judged.what is What.LATER:
                raise _AgainError(judged, self._seconds_to_wait(headers))
            if judged and judged.what is What.FAILED:
                raise _AgainError(judged)
            if judged:
                return judged, few, "", 0.0
            content = self._body(response, step, headers)
            step.begins = repr(content[:16])[2:-1]  # no database takes a NUL
            onward = refresh_of(content)
            judged = Judged(What.MOVED, "refresh", onward[1][:200]) if onward else judge_body(content)
            step.verdict, step.detail = judged.why or judged.what, judged.detail
        pause, location = onward or (0.0, "")
        return judged, b"" if onward else content, location, pause

    def _seconds_to_wait(self, headers: dict[str, str]) -> float | None:
        """Seconds to wait; a date is counted from the service's own clock, for ours may be wrong."""
        try:
            theirs = parsedate_to_datetime(headers["date"])
            now = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        except (KeyError, ValueError, TypeError, IndexError, OverflowError):
            now = self._now()
        return retry_after(headers.get("retry-after", ""), now)

    @contextmanager
    def _request(self, address: str) -> Iterator[tuple[httpx.Response, Step]]:
        self.pace.turn()
        began, step = self.pace.clock(), Step(address)
        self._steps.append(step)
        try:
            with self._http.stream("GET", address) as response:
                step.status, step.headers = response.status_code, _telling_headers(response.headers)
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

    def _body(self, response: httpx.Response, step: Step, headers: dict[str, str]) -> bytes:
        """Returns the whole body, unpacked. Raises _AgainError where it broke off, grew too large or slow."""
        began, found = self.pace.clock(), bytearray()
        for chunk in response.iter_bytes():
            found += chunk
            step.size = len(found)
            if len(found) > self._largest:
                raise _AgainError(Judged(What.FAILED, "too_large", str(self._largest)), final=True)
            if self.pace.clock() - began > self._longest:
                raise _AgainError(Judged(What.FAILED, "too_slow", str(len(found))), final=True)
        content = bytes(found)  # httpx counts them where the service told a length
        if content and "content-length" not in headers and not is_whole(content):
            raise _AgainError(Judged(What.FAILED, "cut_off", str(len(content))))
        return content


def _may_be_had_otherwise(judged: Judged) -> bool:
    """Returns True if another file type may be had where this failed."""
    return judged.why == "status" if judged.what is What.FAILED else judged.what in _TOLD


def _telling_headers(headers: httpx.Headers) -> dict[str, str]:
    told = {
        name: value[:300]
        for name, value in headers.items()
        if name in SHOWN or name.startswith(("x-amzn-waf", "cf-", "x-ratelimit", "ratelimit"))
    }
    cookies = [value.partition("=")[0].strip()[:40] for value in headers.get_list("set-cookie")]
    return told | ({"set-cookie": ", ".join(cookies)} if cookies else {})
