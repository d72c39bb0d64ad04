"""The site's own answers, asked from within: each tool is made of the JSON that its page has."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.urls import resolve
from django.utils.translation import gettext as _

from archive.site.http.paging import BadRequestError

MOST_REDIRECTS = 3


class ToolError(Exception):
    """A question that has no answer, in a sentence; ``facts`` are what the site tells with it."""

    def __init__(self, message: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.facts = facts or {}


class Twins:
    """The JSON of this site's addresses, as a reader at ``host`` would be given it.

    The views are called without the middleware, which has passed the request that came.
    """

    def __init__(self, scheme: str, host: str) -> None:
        self.scheme, self.host = scheme, host

    def absolute(self, path: str) -> str:
        """Returns the full address of a path of this site."""
        return urljoin(f"{self.scheme}://{self.host}/", path)

    def get(self, path: str, **asked: str) -> dict[str, Any]:
        """Returns the JSON at ``path``. Raises ToolError, in the site's words, where there is none."""
        for _time in range(MOST_REDIRECTS):
            response = self._answer(path, urlencode(asked), b"")
            if response.status_code not in (301, 302):
                break
            target = urlsplit(response["Location"])
            path, asked = unquote(target.path), {}
        return self._value(response)

    def post(self, path: str, **sent: str) -> dict[str, Any]:
        """Returns the JSON that answers a posted JSON object. Raises ToolError."""
        return self._value(self._answer(path, "", json.dumps(sent).encode()))

    def _answer(self, path: str, query: str, body: bytes) -> Any:
        name, _colon, port = self.host.partition(":")
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "POST" if body else "GET",
                "PATH_INFO": path.encode().decode("latin-1"),
                "QUERY_STRING": query,
                "CONTENT_TYPE": "application/json" if body else "",
                "CONTENT_LENGTH": str(len(body)),
                "SERVER_NAME": name,
                "SERVER_PORT": port or {"https": "443"}.get(self.scheme, "80"),
                "HTTP_HOST": self.host,
                "wsgi.url_scheme": self.scheme,
                "wsgi.input": BytesIO(body),
            }
        )
        try:
            view, args, kwargs = resolve(path)
            return view(request, *args, **kwargs)
        except Http404 as error:
            raise ToolError(str(error) or _("没有这个地址。")) from error
        except BadRequestError as error:
            raise ToolError(str(error)) from error

    @staticmethod
    def _value(response: Any) -> dict[str, Any]:
        value = json.loads(response.content)
        if response.status_code >= 400:
            raise ToolError(value.pop("detail", ""), value)
        return value


def twin_of(url: str, tail: str = "") -> str:
    """Returns the address of the data of a page, or of ``tail`` below it.

    >>> twin_of("/S/2010/52/p/annex.14", "/cite")
    '/S/2010/52/p/annex.14/cite.json'
    """
    return f"{unquote(urlsplit(url).path)}{tail}.json"
