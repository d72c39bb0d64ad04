"""Cache invalidation: all that a page depends on, in one stamp (its ETag), so that an unchanged page costs
one query, whether the reader has it already (304) or this process has made it before (``page_cache``).

A page may change when the archive changes (also another document, that now cites it; also a name), when a
dump is written, when the program or its templates are released anew, in another language of the interface,
and at midnight (dates of access). The stamp covers the whole archive: it is exact about change and careless
about where. It rests on the archive's revision, never on a clock: there is no Last-Modified, and
If-Modified-Since is not heeded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Subquery
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.autoreload import file_changed
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from archive.export.dump import MANIFEST as DUMP
from archive.export.dump import offered
from archive.models import Revision, ShortLink
from archive.site.cache.page_cache import cache_page, cached_page
from archive.store.derived import stamp

RELEASED = ("archive", "search", "templates", "static", "fixtures")
# How often a page is made while the archive changes under it.
TRIES = 3


@cache
def release_mark() -> str:
    """Returns a mark of the running program's files, by content, so that all machines of a site agree.

    They are read once: a process goes on with the program and the templates that it has loaded.
    """
    digest = sha256()
    for folder in RELEASED:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*.*")):
            if path.suffix != ".pyc" and path.is_file():
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@receiver(file_changed)
def _templates_are_read_anew(**_told: object) -> None:
    """Resets the release mark when the development server reloads templates."""
    release_mark.cache_clear()


def archive_state() -> tuple:
    """Returns all dependencies of answers but program, day and address; in one query.

    The revision, the last short link that was given out (which raises no revision), and the files that are
    offered. Two states are the same where they are equal; neither tells which of two is the newer.
    """
    link = ShortLink.objects.order_by("-pk").values("code")[:1]
    revision = Revision.objects.annotate(link=Subquery(link)).values_list("number", "token", "link").first()
    return revision, stamp(DUMP, offered())


def page_mark(request: HttpRequest, beside: object = None) -> str:
    """Returns the ETag of a page at present; ``beside``: its dependencies other than the archive."""
    state = (archive_state(), beside)
    whole = repr((release_mark(), timezone.localdate(), get_language(), request.build_absolute_uri(), state))
    return f'"{sha256(whole.encode()).hexdigest()[:32]}"'


def fresh(
    view: Callable[..., HttpResponseBase], beside: Callable[[], object] = lambda: None
) -> Callable[..., HttpResponseBase]:
    """Answers 304 where neither the archive nor ``beside()`` changed; makes browsers revalidate each time.

    A page under which the archive changed while it was made is made again. Where it changes each time, the
    last one is answered, with no ETag. ``If-None-Match: *`` names no ETag and asks whether there is anything
    (RFC 9110, 13.1.2), which only the view knows; Django's middleware answers then.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        any_mark = request.headers.get("If-None-Match", "").strip() == "*"
        before = page_mark(request, beside())
        for _try in range(TRIES):
            same = None if any_mark else get_conditional_response(request, etag=before)
            if known := same or cached_page(before):
                return _marked(known, before)
            response = view(request, *args, **kwargs)
            after = page_mark(request, beside())
            if after == before:
                cache_page(before, response)
                return _marked(response, before)
            before = after
        patch_cache_control(response, no_store=True)
        return response

    return answer


def _marked(response: HttpResponseBase, mark: str) -> HttpResponseBase:
    response.headers.setdefault("ETag", mark)
    patch_cache_control(response, no_cache=True)
    return response
