"""Recognition of pictures (OCR) inside of requests: bounded, for it may take half a minute a page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from archive.readers import ocr


class RecognizeLittle:
    """Middleware: in a request at most ``OCR_PAGES_IN_REQUESTS`` pages of a file are recognized.

    A file with more is refused with advice (``pdf_scan_online``); commands recognize ``ocr.MOST_PAGES``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = ocr.ONLINE.set(settings.OCR_PAGES_IN_REQUESTS)
        try:
            return self.get_response(request)
        finally:
            ocr.ONLINE.reset(before)
