"""The addresses of the desk's way in, each for those who signed in at the desk and may fill the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from archive.site.http.lazy import Views

PERMISSION = "archive.fill_archive"
pages = Views("archive.desk.uploads.pages")


def _for_curators(view: Callable[..., Any], *, exempt: bool = False) -> Callable[..., HttpResponseBase]:
    """``view`` for curators; ``exempt``: it asks for the token against forgery itself."""

    def permitted(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            return render(request, "403.html", status=403)  # PermissionDenied would read the body
        return view(request, *args, **more)

    permitted.csrf_exempt = exempt  # type: ignore[attr-defined]  # what Django looks for
    return admin.site.admin_view(permitted)


urlpatterns = [
    path("", _for_curators(pages.intake, exempt=True), name="intake"),
    path("may-send", pages.may_send, name="intake_may_send"),
    path("sidecar/<symbol:symbol>", _for_curators(pages.sidecar), name="intake_sidecar"),
    path("take-out/<symbol:symbol>", _for_curators(pages.take_out), name="intake_take_out"),
    path("<int:batch>", _for_curators(pages.batch_page), name="intake_batch"),
    path("<int:batch>/report", _for_curators(pages.report), name="intake_report"),
    path("<int:batch>/act", _for_curators(pages.act), name="intake_act"),
    path("<int:batch>/<int:item>", _for_curators(pages.item_page), name="intake_item"),
    path("<int:batch>/<int:item>/original", _for_curators(pages.original), name="intake_original"),
    path("<int:batch>/<int:item>/mend", _for_curators(pages.mend), name="intake_mend"),
    path("<int:batch>/<int:item>/pages/<int:page>", _for_curators(pages.page_image), name="intake_page"),
]
