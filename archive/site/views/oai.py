"""OAI-PMH: records for harvesters."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from archive.site.opendata.oai import LOCATION, OAI, VERBS, XSI, Asked, OaiError, add, check_arguments, stamp
from archive.text.typography import writable

SCHEMA = f"{OAI}OAI-PMH.xsd"


@csrf_exempt  # nothing is changed
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Shows the answer to a verb; errors are answers, too (200), as the protocol wants."""
    given = request.POST if request.method == "POST" else request.GET
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(LOCATION, f"{OAI} {SCHEMA}")
    add(root, "responseDate", stamp(timezone.now()))
    echoed = add(root, "request", request.build_absolute_uri("/oai"))
    try:
        arguments = check_arguments(dict(given.lists()))
        host = request.get_host().partition(":")[0]
        asked = Asked(arguments, host, request.build_absolute_uri, _email(host))
        part = etree.Element(f"{{{OAI}}}{arguments['verb']}")
        VERBS[arguments["verb"]][0](asked, part)
        root.append(part)
    except OaiError as error:
        add(root, "error", str(error), code=error.code)
        told = {} if error.code in ("badVerb", "badArgument") else arguments
    else:
        told = arguments
    for name, value in told.items():
        echoed.set(name, writable(value))
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(content, content_type="text/xml; charset=utf-8", headers=headers)


def _email(host: str) -> str:
    """Returns the e-mail address for errors; else that which every host has (RFC 2142)."""
    contact = settings.ERROR_CONTACT
    return contact.removeprefix("mailto:") if contact.startswith("mailto:") else f"postmaster@{host}"
