"""Headers of every answer, static files included, that Django and django-csp do not set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from archive.http.machine_addresses import is_machine_address

# The pages need nothing of a device but the clipboard, to copy a citation.
PERMISSIONS = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
    *(
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
)
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in PERMISSIONS), "clipboard-write=(self)"])


class PolicyHeaders:
    """Permissions-Policy, and Cross-Origin-Resource-Policy: other sites may embed only what machines read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        open_to_all = is_machine_address(request.path_info)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if open_to_all else "same-origin"
        )
        return response
