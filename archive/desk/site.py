"""The editors' desk: staff enter with password and second factor, which they set up when they first come."""

from __future__ import annotations

from hashlib import blake2b
from ipaddress import IPv6Address
from typing import Any, cast

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.db.models import Sum
from django.forms import CharField, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp import match_token, user_has_device

from archive.site.http.rate_limits import network_of, too_many

from .audit import record


class SignIn(AdminAuthenticationForm):
    """Name, password and, of whoever has a second factor, its code or a recovery code.

    Whichever of them is wrong, the answer is the same, and it is counted.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _("用户名、密码或验证码不符，或这个验证码刚刚用过。请核对，稍候再填新的验证码。"),
    }
    token = CharField(
        label=_("验证码"),
        required=False,
        max_length=16,
        help_text=_("已设置第二重验证的，请填验证器中的六位数字，或一个恢复码；首次登录不填。"),
        widget=TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        """A name that no account can bear is not tried, nor kept among the failures, whatever its length."""
        name = self.cleaned_data["username"]
        if len(name) > (cast(CharField, self.fields["username"]).max_length or 0):
            raise self.get_invalid_login_error()
        return name

    def clean(self) -> dict[str, Any]:
        request: Any = self.request
        name = self.cleaned_data.get("username", "")
        if is_closed(request, name):
            request.axes_locked_out, request.axes_credentials = True, {"username": name}  # axes answers then
            raise self.get_invalid_login_error()
        cleaned = super().clean()
        user: Any = self.get_user()
        if settings.SECOND_FACTOR and user is not None and user_has_device(user):
            user.otp_device = self._device_of(user)
        return cleaned

    def _device_of(self, user: AbstractBaseUser) -> Any:
        device = match_token(user, "".join(self.cleaned_data.get("token", "").split()).lower())
        if device is None:
            record(user, str(_("验证码不符")))
            told = {"username": user.get_username()}
            user_login_failed.send(sender=__name__, credentials=told, request=self.request)
            raise self.get_invalid_login_error()
        return device


class Desk(AdminSite):
    """The admin site of the editors' desk: staff need a second factor verified in this session."""

    login_form = SignIn
    login_template = "desk/login.html"

    def register(self, models: Any, *options: Any, **more: Any) -> None:  # type: ignore[override]
        """Registers models like Django, except devices and their codes, which nobody may see."""
        given: Any = [models] if isinstance(models, type) else models
        shown = [model for model in given if not model._meta.app_label.startswith("otp_")]
        super().register(shown, *options, **more)

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return super().has_permission(request) and (not settings.SECOND_FACTOR or user.is_verified())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self._may_enrol(request):
            return redirect(f"{self.name}:second_factor")
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            remember_browser(request, response, request.user.get_username())
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from archive.intake.fetching.judge import advice_on_resolutions

        return super().index(request, {"advice": advice_on_resolutions(), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("second-factor/", never_cache(self.second_factor), name="second_factor"),
            *super().get_urls(),
        ]

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Sets a second factor up for staff who have none; whoever has one is sent to sign in."""
        if not self._may_enrol(request):
            return redirect(f"{self.name}:login")
        from .enrolment import enrol

        return enrol(request, self.each_context(request))

    def _may_enrol(self, request: HttpRequest) -> bool:
        return (
            settings.SECOND_FACTOR and super().has_permission(request) and not user_has_device(request.user)
        )


# Lock-out after wrong passwords (django-axes), without keeping the address of whoever tried.


def pseudonym(request: HttpRequest) -> str:
    """Returns a pseudonymous address of the reader's network: one for each network, nobody's own.

    It is of fd00::/8, which no public network has, and made with the site's secret.
    """
    secret = blake2b(settings.SECRET_KEY.encode()).digest()
    drawn = blake2b(network_of(request).encode(), digest_size=15, key=secret).digest()
    return str(IPv6Address(b"\xfd" + drawn))


def described(username: str, address: str, *more: Any) -> str:
    """Describes a failed sign-in for the log, without the name: passwords are typed in its place."""
    return f"{address} (a pseudonym)"


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict) -> HttpResponse:
    """Answers 429 in words, with the time after which another try is allowed."""
    return too_many(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))


ACCOUNT_LIMIT = 8  # wrong tries at one account in AXES_COOLOFF_TIME, from all networks together
KNOWN_FOR = 90 * 24 * 3600  # seconds
MOST_KNOWN = 8  # accounts of one browser
_SALT = "desk.known_browser"


def is_closed(request: HttpRequest, username: str) -> bool:
    """Returns True if ``username`` is locked out by failed attempts and this browser is not its owner's."""
    if not settings.AXES_ENABLED or username in _known(request):
        return False
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tried = AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
    return (tried.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0) >= ACCOUNT_LIMIT


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Sets a cookie by which this browser proves that ``username`` signed in here."""
    names = [username, *(name for name in _known(request) if name != username)][:MOST_KNOWN]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps(names, salt=_SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _known(request: HttpRequest) -> list[str]:
    try:
        told = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
        return signing.loads(told, salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
