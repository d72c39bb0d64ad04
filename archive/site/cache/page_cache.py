"""In-process cache of rendered pages; invalidation is by stamp, never by time.

The stamp of a page (``freshness``) names all that it depends on. A page cached under a stamp is therefore the
answer to every later request under the same stamp. Each process has its own cache; the least recently
requested pages are evicted.
"""

from __future__ import annotations

from functools import cache
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase

MEGABYTE = 1 << 20
LARGEST_SHARE = 4  # a page larger than this part of the room is not kept

CachedPage = tuple[bytes, dict[str, str]]
_lock = Lock()


def cached_page(stamp: str) -> HttpResponse | None:
    """Returns the answer that was made under ``stamp``, as a response of its own; or None."""
    with _lock:
        found: CachedPage | None = _room(settings.PAGE_CACHE_MB).get(stamp)
    return HttpResponse(found[0], headers=found[1]) if found else None


def cache_page(stamp: str, response: HttpResponseBase) -> None:
    """Keeps ``response`` under ``stamp``, if it is a whole page with nothing in it that is one reader's."""
    if response.status_code != 200 or not isinstance(response, HttpResponse) or response.cookies:
        return
    room = _room(settings.PAGE_CACHE_MB)
    if len(response.content) * LARGEST_SHARE <= room.maxsize:
        with _lock:
            room[stamp] = (response.content, dict(response.items()))


def forget() -> None:
    """Forgets all pages."""
    with _lock:
        _room.cache_clear()


@cache
def _room(megabytes: int) -> LRUCache[str, CachedPage]:
    return LRUCache(megabytes * MEGABYTE, getsizeof=lambda page: len(page[0]))
