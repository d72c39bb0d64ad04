"""Readers who ask as through a proxy, and what they are told held against what is known to be stored."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from tests.hosts.web import Host, Worker, symbol_of, word_of

PATIENCE = 30  # seconds for one answer


class Load:
    """``wrong``: answers that say what is not so; ``refused``: 503, which says that it cannot answer now."""

    def __init__(self, hosts: Sequence[Host], worker: Worker, seed: int) -> None:
        self.wrong: list[str] = []
        self.refused = 0
        self.counts: Counter[str] = Counter()
        self.longest = 0.0
        self.log: list[str] = []
        self._hosts, self._worker, self._seed = hosts, worker, seed
        self._ended = threading.Event()
        self._began = time.monotonic()
        self._turns = 0

    def told(self, line: str) -> None:
        self.log.append(f"{time.monotonic() - self._began:6.1f} s  {line}")

    def wait_for(self, stored: int) -> None:
        """Until so many documents are stored."""
        until = time.monotonic() + PATIENCE * stored
        while len(self._worker.stored) < stored and time.monotonic() < until:
            time.sleep(0.1)

    def end(self) -> None:
        self._ended.set()

    def read(self, reader: int) -> None:
        chance = random.Random(f"{self._seed} {reader}")
        while not self._ended.is_set():
            stored = list(self._worker.stored)
            if not stored:
                time.sleep(0.1)
                continue
            number = chance.choice(stored)
            began = time.monotonic()
            (self._document if chance.random() < 0.5 else self._search)(number)
            self.longest = max(self.longest, time.monotonic() - began)

    def _document(self, number: int) -> None:
        path = f"/{symbol_of(number)}/p/1"
        status, body = self._ask(path)
        self._count("document", path, status, word_of(number) in body)

    def _search(self, number: int) -> None:
        path = f"/search.json?q={quote(f'“{word_of(number)}”')}"
        status, body = self._ask(path)
        right = False
        if status == 200:
            told = json.loads(body)
            found = told["total"]["paragraphs"]
            # Either it finds the one paragraph, or it says that it does not cover all of the archive.
            right = found == 1 or (found == 0 and not told["corpus"]["certified"])
            self.counts["searches that left documents out"] += not told["corpus"]["certified"]
        self._count("search", path, status, right)

    def _count(self, kind: str, path: str, status: int, right: bool) -> None:
        self.counts[kind] += 1
        if status == 503:
            self.refused += 1
        elif status != 200 or not right:
            self.wrong.append(f"{status} {path}")
            self.told(f"wrong: {status} {path}")

    def _ask(self, path: str) -> tuple[int, str]:
        """As a proxy: the hosts in turn, the next one where one does not answer; 503 where none does."""
        for _host in self._hosts:
            self._turns += 1
            host = self._hosts[self._turns % len(self._hosts)]
            if not host.ready:
                continue
            try:
                return ask(host, path)
            except (OSError, http.client.HTTPException):
                self.counts["asked of the other host"] += 1
        return 503, ""

    def settle(self, seconds: float) -> None:
        """Until each host's search covers the whole archive."""
        until = time.monotonic() + seconds
        for host in self._hosts:
            while time.monotonic() < until:
                try:
                    status, body = ask(host, "/search.json?q=1540")
                except (OSError, http.client.HTTPException):
                    status = 0
                if status == 200 and json.loads(body)["corpus"]["certified"]:
                    break
                time.sleep(1)

    def report(self, stored: int, lost: Sequence[str]) -> str:
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        lines = [
            *self.log,
            f"{counts}; 503: {self.refused}; longest wait {self.longest:.1f} s",
            f"{stored} documents said to be stored; imports broken off {self._worker.failed}",
            f"wrong answers: {len(self.wrong)}; lost or different on a host: {len(lost)}",
            *self.wrong[:20],
            *lost[:20],
        ]
        return "\n".join(lines) + "\n"


def ask(host: Host, path: str) -> tuple[int, str]:
    """Status and body of an answer. Raises OSError or HTTPException where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def differing(hosts: Sequence[Host], stored: Sequence[int]) -> list[str]:
    """What of the stored documents a host does not have, or does not find."""
    found = []
    for host in hosts:
        for number in stored:
            status, body = ask(host, f"/{symbol_of(number)}/p/1")
            if status != 200 or word_of(number) not in body:
                found.append(f"{host.name}: {symbol_of(number)} {status}")
            status, body = ask(host, f"/search.json?q={quote(f'“{word_of(number)}”')}")
            if status != 200 or json.loads(body)["total"]["paragraphs"] != 1:
                found.append(f"{host.name}: search of {symbol_of(number)} {status}")
    return found
