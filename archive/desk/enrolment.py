"""Setting up a second factor: a key for an authenticator (TOTP, RFC 6238) and ten recovery codes."""

from __future__ import annotations

from base64 import b32encode
from typing import Any, cast

import segno
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django_otp import login, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .audit import record

RECOVERY_CODES = 10
_OFFERED = "offered_second_factor"


def enrol(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Returns the page that offers a key, or, once a code of it was given, the recovery codes, shown once."""
    device = _offered(request)
    told: dict[str, Any] = {"title": _("设置第二重验证")}
    if request.method == "POST":
        codes = _confirm(request, device)
        if codes:
            return TemplateResponse(request, "desk/recovery_codes.html", {**context, **told, "codes": codes})
        told["error"] = _("验证码不符，或刚刚试过；请核对手机的时间，稍候再填新的验证码。")
    drawn = segno.make(device.config_url, error="m", micro=False)
    # On white, for the desk may be dark, and black on black is read by no camera.
    square = drawn.svg_inline(scale=5, border=4, omitsize=False, light="#fff")
    told |= {
        "qr": mark_safe(square),  # noqa: S308 - drawn by segno
        "key": b32encode(device.bin_key).decode().rstrip("="),
    }
    return TemplateResponse(request, "desk/second_factor.html", {**context, **told})


def remove_second_factor(user: Any) -> int:
    """Takes all devices and recovery codes from ``user``; returns how many devices there were."""
    with transaction.atomic():
        devices = [*TOTPDevice.objects.filter(user=user), *StaticDevice.objects.filter(user=user)]
        for device in devices:
            device.delete()
    return len(devices)


def _offered(request: HttpRequest) -> TOTPDevice:
    """Returns the key offered in this session; another session gets another, so that a seen one is no use."""
    mine = TOTPDevice.objects.filter(user=request.user, confirmed=False)
    device = mine.filter(pk=request.session.get(_OFFERED)).first()
    if device is None:
        device = TOTPDevice.objects.create(user=request.user, name="totp", confirmed=False)
        request.session[_OFFERED] = device.pk
    return device


@transaction.atomic
def _confirm(request: HttpRequest, device: TOTPDevice) -> list[str]:
    """Returns recovery codes if the code fits, else none. The second of two concurrent enrolments fails."""
    user = get_user_model().objects.select_for_update().get(pk=cast(int, request.user.pk))
    device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
    if user_has_device(user) or not device.verify_token("".join(request.POST.get("token", "").split())):
        return []
    device.confirmed = True
    device.save()
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    static = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _each in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=static, token=code) for code in codes)
    request.session.cycle_key()
    request.session.pop(_OFFERED, None)
    login(request, device)
    record(user, _("设置了第二重验证"))
    return codes
