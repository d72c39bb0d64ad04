"""The child's side of ``pool``: reads files one after the other from its input, within limits."""

from __future__ import annotations

import json
import os
import resource
import sys

from .formats import reader_of
from .source import NotReadableError

PARSED = "parsed"  # asked for instead of a format: what the core makes of a source
DRAWN = "page_images"  # asked for instead of a format: pictures of pages
MOST_MEMORY = 2_000_000_000  # bytes of address space
MOST_SECONDS = 120  # of the processor, for one file
MOST_OPEN = 64


def main() -> None:
    """Answer requests until the input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints goes nowhere: the answers have the output for themselves.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    _limit_once()
    while line := requests.readline():
        head = json.loads(line)
        data = requests.read(head["size"])
        _limit_time(MOST_SECONDS + head.get("seconds", 0))
        answer = json.dumps(_answer(head, data), ensure_ascii=False).encode("utf-8", "surrogatepass")
        answers.write(b"%d\n" % len(answer))
        answers.write(answer)
        answers.flush()


def _answer(head: dict, data: bytes) -> dict:
    try:
        if head["format"] == DRAWN:
            from .page_images import draw_pages

            return {"images": draw_pages(data, head["pages"])}
        if head["format"] == PARSED:
            from .core import parse_plain

            return parse_plain(head, json.loads(data))
        if head.get("engine"):
            from .pdf import read_pdf

            return read_pdf(data, head["engine"]).as_plain()
        return reader_of(head["format"])(data, "").as_plain()
    except NotReadableError as refused:
        return {"refused": refused.code, "values": refused.values}
    except (MemoryError, RecursionError):
        return {"refused": "too_large_inside"}
    except Exception as error:  # a fault of ours or of a library: the file is refused, and it is said so
        return {"refused": "reader_failed", "values": {"kind": type(error).__name__}}


def _limit_once() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MOST_OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, hard if limit == resource.RLIMIT_NOFILE else value))
    sys.setrecursionlimit(3000)


def _limit_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
