"""WSGI entry point: ``gunicorn archive.wsgi``."""

import gc
import os
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")

LARGEST_BODY = 40_000_000  # bytes; what is larger is refused by what it says of itself, and not read
UPLOADS = "/admin/intake/"  # its view learns who sends before anything is read, and writes it to the disk


class WholeUpload:
    """A body of ``size`` bytes that is read as it comes. It raises OSError where it ends before its time."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._missing = stream, size

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._missing -= len(data)
        if not data and self._missing > 0:
            raise OSError("the body ended early")
        return data

    def readline(self, size: int) -> bytes:
        """Django is rid of a rest by its lines, and one may have 200 MB."""
        return self.read(min(size, 1 << 16))


class WholeBodies:
    """Middleware that reads a request's body before anything else: a client that sends half and waits blocks
    nobody, and no half of a draft is taken for the whole.
    """

    def __init__(self, application: Callable) -> None:
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        size = environ.get("CONTENT_LENGTH") or "0"
        if size.isdecimal() and environ.get("PATH_INFO") == UPLOADS:
            environ["wsgi.input"] = WholeUpload(environ["wsgi.input"], int(size))
        elif size.isdecimal() and 0 < int(size) <= LARGEST_BODY:
            body = environ["wsgi.input"].read(int(size))
            if len(body) < int(size):
                start_response("400 Bad Request", [("Content-Length", "0")])
                return [b""]
            environ["wsgi.input"] = BytesIO(body)
        elif size != "0":
            environ["wsgi.input"] = BytesIO()
        return self.application(environ, start_response)


gc.disable()  # what is loaded here stays; to look through it again and again takes half a second
application = WholeBodies(get_wsgi_application())
gc.enable()
