"""A site that searches with stock Haystack and Whoosh: a WSGI application without anything else around it.

``python -m tests.benchmarks.searching.stock_site COUNT [CORPUS]`` builds its index.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from haystack import connections  # noqa: E402

from tests.benchmarks.searching.others import STOCK_FACETS  # noqa: E402
from tests.benchmarks.searching.stock import fill, search_page  # noqa: E402

MARKS = str.maketrans(dict.fromkeys("“”-", " "))  # of our query language, which it does not know

settings.HAYSTACK_LIMIT_TO_REGISTERED_MODELS = True  # Haystack's own default


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """The words of ``?q=`` with facets, as JSON."""
    q = parse_qs(environ["QUERY_STRING"]).get("q", [""])[0].translate(MARKS)
    body = json.dumps(search_page(q, STOCK_FACETS), default=str).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def build(count: int, corpus: str | None) -> None:
    from tests.benchmarks.searching.corpus import prepared, read_corpus

    backend = connections["default"].get_backend()
    backend.setup()
    fill(backend, prepared(read_corpus(corpus, count)))


if __name__ == "__main__":
    build(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
