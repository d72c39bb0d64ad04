"""Readers who ask as through a proxy, and what they are told held against what is known to be stored."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tests.hosts.proxy import PATIENCE, Proxy, ask
from tests.hosts.web import Host, Worker, symbol_of, word_of


@dataclass
class Stretch:
    """What readers were told between one kill and the next."""

    killed: str
    questions: int = 0
    wrong: int = 0
    refused: int = 0  # 502 to 504: nobody can answer now
    uncovered: int = 0  # searches that said that they do not cover all documents
    longest: float = 0.0  # seconds for one answer
    back: float = 0.0  # seconds until what was killed was there again

    def row(self) -> str:
        return (
            f"{self.killed:12}{self.back:7.1f} s{self.questions:10}{self.wrong:7}{self.refused:9}"
            f"{self.uncovered:12}{self.longest:9.1f} s"
        )


TITLES = "killed         back after questions  wrong  refused  uncovered  longest wait"


class Load:
    """``wrong``: answers that say what is not so; ``stretches``: what happened, from one kill to the next."""

    def __init__(self, proxy: Proxy, worker: Worker, seed: int) -> None:
        self.wrong: list[str] = []
        self.stretches = [Stretch("(nobody)")]
        self._proxy, self._worker, self._seed = proxy, worker, seed
        self._ended, self._counting = threading.Event(), threading.Lock()

    def wait_for(self, stored: int) -> None:
        """Until so many documents are stored."""
        until = time.monotonic() + PATIENCE * stored
        while len(self._worker.stored) < stored and time.monotonic() < until:
            time.sleep(0.1)

    def during(self, killed: str, kill: Callable[[], None]) -> None:
        """Kill something; from now on what is told is counted as told while it was gone."""
        self.stretches.append(Stretch(killed))
        began = time.monotonic()
        kill()
        self.stretches[-1].back = time.monotonic() - began

    def end(self) -> None:
        self._ended.set()

    def read(self, reader: int) -> None:
        chance = random.Random(f"{self._seed} {reader}")
        while not self._ended.is_set():
            stored = list(self._worker.stored)
            if not stored:
                time.sleep(0.1)
                continue
            (self._document if chance.random() < 0.5 else self._search)(chance.choice(stored))

    def _document(self, number: int) -> None:
        self._ask(f"/{symbol_of(number)}/p/1", lambda body: (word_of(number) in body, False))

    def _search(self, number: int) -> None:
        def judged(body: str) -> tuple[bool, bool]:
            told = json.loads(body)
            found, covered = told["total"]["paragraphs"], told["corpus"]["certified"]
            # Either it finds the one paragraph, or it says that it does not cover all of the archive.
            return found == 1 or (found == 0 and not covered), not covered

        self._ask(f"/search.json?q={quote(f'“{word_of(number)}”')}", judged)

    def _ask(self, path: str, judged: Callable[[str], tuple[bool, bool]]) -> None:
        began = time.monotonic()
        status, body = self._proxy.ask(path)
        seconds = time.monotonic() - began
        refused = status in (502, 503, 504)
        right, uncovered = judged(body) if status == 200 else (refused, False)
        with self._counting:
            stretch = self.stretches[-1]
            stretch.questions += 1
            stretch.refused += refused
            stretch.uncovered += uncovered
            stretch.longest = max(stretch.longest, seconds)
            if not right:
                stretch.wrong += 1
                self.wrong.append(f"{status} {path}")

    def report(self, lost: Sequence[str]) -> str:
        lines = [
            f"documents stored: {len(self._worker.stored)}; imports broken off: {self._worker.failed}",
            f"wrong answers: {len(self.wrong)}; lost or different on a host: {len(lost)}",
            *self.wrong[:20],
            *lost[:20],
        ]
        return "\n".join(lines) + "\n"


def settle(hosts: Sequence[Host], seconds: float) -> None:
    """Wait until each host's search covers the whole archive."""
    until = time.monotonic() + seconds
    for host in hosts:
        while time.monotonic() < until:
            try:
                status, body = ask(host.port, "/search.json?q=1540")
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 200 and json.loads(body)["corpus"]["certified"]:
                break
            time.sleep(1)


def differing(hosts: Sequence[Host], stored: Sequence[int]) -> list[str]:
    """What of the stored documents a host does not have, or does not find."""
    found = []
    for host in hosts:
        for number in stored:
            status, body = ask(host.port, f"/{symbol_of(number)}/p/1")
            if status != 200 or word_of(number) not in body:
                found.append(f"{host.name}: {symbol_of(number)} {status}")
            status, body = ask(host.port, f"/search.json?q={quote(f'“{word_of(number)}”')}")
            if status != 200 or json.loads(body)["total"]["paragraphs"] != 1:
                found.append(f"{host.name}: search of {symbol_of(number)} {status}")
    return found
