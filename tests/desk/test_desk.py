"""Who gets to the editors' desk: password, second factor, lock-out, and what is recorded of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from archive.models import Document
from tests.tools.factories import parsed, store

pytestmark = pytest.mark.django_db

NAME, PASSWORD = "editor", "four words make one key"
DESK, SIGN_IN, SET_UP = "/admin/", "/admin/login/?next=/admin/", "/admin/second-factor/"


@pytest.fixture(autouse=True)
def production(settings):
    """As with DEBUG=0: both doors closed."""
    settings.SECOND_FACTOR = settings.AXES_ENABLED = True


@pytest.fixture
def editor():
    return get_user_model().objects.create_superuser(NAME, password=PASSWORD)


def sign_in(client: Client, token: str = "", password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"username": NAME, "password": password, "token": token}, **more)


def code(device: TOTPDevice) -> str:
    """What an authenticator shows now. As time passes, which no test waits for, a code may be used again."""
    TOTPDevice.objects.filter(pk=device.pk).update(
        last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None
    )
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = timezone.now().timestamp()
    return f"{totp.token():06d}"


def set_up(client: Client) -> list[str]:
    """Sign in for the first time and set a second factor up; gives the recovery codes."""
    sign_in(client)
    client.get(SET_UP)
    response = client.post(SET_UP, {"token": code(TOTPDevice.objects.get(confirmed=False))})
    return response.context["codes"]


def test_who_comes_first_sets_a_second_factor_up_before_anything_is_shown(client, editor):
    assert sign_in(client)["Location"] == DESK
    assert client.get(DESK).status_code == 302
    assert client.get(SIGN_IN)["Location"] == SET_UP
    for address in ("/admin/archive/document/", "/admin/auth/user/", "/admin/admin/logentry/"):
        assert client.get(address)["Location"].startswith("/admin/login/"), address
    content = client.get(SET_UP)
    assert "<svg" in content.content.decode() and "style=" not in content.content.decode().split("<svg")[1]
    assert 'fill="#fff"' in content.content.decode(), "a camera reads no black on the black of a dark desk"
    assert "no-store" in content["Cache-Control"]
    assert "验证码不符" in client.post(SET_UP, {"token": "000000"}).content.decode()
    codes = client.post(SET_UP, {"token": code(TOTPDevice.objects.get())}).context["codes"]
    assert len(set(codes)) == 10
    assert client.get(DESK).status_code == 200
    assert client.get(SET_UP)["Location"] == "/admin/login/", "codes are shown once"


def test_afterwards_the_password_alone_opens_nothing(client, editor):
    codes = set_up(client)
    device = TOTPDevice.objects.get(confirmed=True)
    for token, opened, remark in [
        ("", False, "no code"),
        ("123456", False, "a wrong one"),
        (code(device), True, "the right one"),
        (codes[0], True, "a recovery code"),
        (codes[0], False, "the same once more"),
        (f" {codes[1].upper()} ", True, "another, as it was typed"),
    ]:
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        StaticToken.objects.first().device.throttle_reset()
        other = Client()
        code(device) if token.isdecimal() else None
        sign_in(other, token)
        assert (other.get(DESK).status_code == 200) == opened, remark
    other = Client()
    sign_in(other)
    assert other.get(SET_UP).status_code == 302 and TOTPDevice.objects.count() == 1


def test_a_code_works_once(client, editor):
    set_up(client)
    shown = code(TOTPDevice.objects.get())
    first, second = Client(), Client()
    sign_in(first, shown)
    sign_in(second, shown)
    assert first.get(DESK).status_code == 200 and second.get(DESK).status_code == 302


def test_a_key_that_someone_else_was_shown_is_not_the_one_that_counts(client, editor):
    other = Client()
    sign_in(other)
    other.get(SET_UP)
    theirs = TOTPDevice.objects.get()
    sign_in(client)
    client.get(SET_UP)
    mine = TOTPDevice.objects.exclude(pk=theirs.pk).get()
    assert mine.key != theirs.key
    client.post(SET_UP, {"token": code(mine)})
    assert client.get(DESK).status_code == 200
    assert TOTPDevice.objects.get() == mine, "what was offered elsewhere is void"
    assert other.get(SET_UP).status_code == 302 and other.get(DESK).status_code == 302


def test_a_command_takes_the_second_factor_away_and_ends_the_sessions(client, editor):
    set_up(client)
    out = io.StringIO()
    call_command("reset_second_factor", NAME, stdout=out)
    assert "已撤销" in out.getvalue()
    assert not TOTPDevice.objects.exists() and not StaticToken.objects.exists()
    assert client.get(DESK).status_code == 302 and client.get(SET_UP)["Location"] == "/admin/login/"
    with pytest.raises(CommandError, match="没有名为"):
        call_command("reset_second_factor", "nobody")


def test_a_development_site_asks_for_the_password_only(client, editor, settings):
    settings.SECOND_FACTOR = False
    sign_in(client)
    assert client.get(DESK).status_code == 200 and client.get(SET_UP).status_code == 302


def test_keys_and_codes_are_nowhere_at_the_desk(client, editor):
    set_up(client)
    index = client.get(DESK).content.decode()
    assert "/admin/otp_" not in index and "/admin/axes" not in index
    for address in (
        "/admin/otp_totp/totpdevice/",
        "/admin/otp_static/staticdevice/",
        "/admin/axes/accessattempt/",
    ):
        assert client.get(address).status_code == 404


# --- lock-out ---


def test_five_wrong_passwords_close_an_account_to_that_network_for_an_hour(client, editor, settings):
    settings.SECOND_FACTOR = False
    for _each in range(4):
        assert sign_in(client, password="wrong", REMOTE_ADDR="203.0.113.7").status_code == 200
    locked = sign_in(client, password="wrong", REMOTE_ADDR="203.0.113.7")
    assert locked.status_code == 429 and locked["Retry-After"] == "3600"
    assert sign_in(client, REMOTE_ADDR="203.0.113.7").status_code == 429, "the right one, too"
    elsewhere = Client()
    assert sign_in(elsewhere, REMOTE_ADDR="203.0.113.8").status_code == 302, "its owner is not locked out"
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    assert sign_in(client, REMOTE_ADDR="203.0.113.7").status_code == 302


def stranger(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"2001:db8:0:{number:x}::7"}


def test_wrong_passwords_from_many_networks_close_an_account_for_an_hour(client, editor):
    """But not to a browser in which its owner signed in before: else any stranger could lock editors out."""
    known = Client()
    set_up(known)
    device = TOTPDevice.objects.get(confirmed=True)
    known.post("/admin/logout/")
    answers = [sign_in(Client(), password="wrong", **stranger(number)) for number in range(9)]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert answers[-1].status_code == 429 and 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert sign_in(Client(), code(device), **stranger(99)).status_code == 429, "the right one, too"
    assert sign_in(known, code(device), **stranger(100)).status_code == 302
    elsewhere = Client()
    get_user_model().objects.create_superuser("zhou.wu", password=PASSWORD)
    other = {"username": "zhou.wu", "password": PASSWORD}
    elsewhere.cookies.update(known.cookies)
    assert elsewhere.post(SIGN_IN, other, **stranger(101)).status_code == 302, "another account is open"
    for number in range(102, 120):  # what is refused does not make it longer
        sign_in(Client(), password="wrong", **stranger(number))
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    assert sign_in(Client(), code(device), **stranger(99)).status_code == 302


def test_a_known_browser_is_closed_out_after_five_as_any_network_is(client, editor):
    set_up(client)
    client.post("/admin/logout/")
    answers = [sign_in(client, password="wrong", REMOTE_ADDR="203.0.113.7") for _each in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2


@pytest.mark.parametrize("spelled", [NAME.upper(), f" {NAME} "])
def test_another_spelling_of_the_name_opens_no_other_count(client, editor, spelled):
    for number in range(9):
        Client().post(SIGN_IN, {"username": spelled, "password": "wrong"}, **stranger(number))
    known = sign_in(Client(), **stranger(99)).status_code == 429
    assert known == (spelled.strip() == NAME)


def test_a_wrong_code_is_answered_and_counted_as_a_wrong_password_is(client, editor):
    set_up(client)
    device = TOTPDevice.objects.get(confirmed=True)

    def told(**wrong: str) -> list:
        return sign_in(Client(), REMOTE_ADDR="203.0.113.8", **wrong).context["errors"]

    assert told(password="wrong") == told(token="000000") == told(token="nowhere") == told()
    locked = sign_in(Client(), "000000", REMOTE_ADDR="203.0.113.8")
    assert locked.status_code == 429
    assert sign_in(Client(), code(device), REMOTE_ADDR="203.0.113.8").status_code == 429
    assert sign_in(Client(), code(device), REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.parametrize(("length", "tried"), [(150, 1), (151, 0), (100_000, 0)])
def test_a_name_that_no_account_can_bear_is_not_kept(client, editor, length, tried):
    response = client.post(SIGN_IN, {"username": "名" * length, "password": PASSWORD})
    assert response.status_code == 200
    assert AccessAttempt.objects.count() == tried


def test_what_a_stranger_sends_to_the_desk_is_never_written_to_a_disk(monkeypatch):
    def written(*what):
        raise AssertionError(f"written: {what}")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", written)
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies["csrftoken"] = "a" * 32
    file = SimpleUploadedFile("a.txt", b"a" * 3_000_000)
    assert stranger.post(SIGN_IN, {"username": NAME, "file": file}).status_code == 403


def test_no_address_is_kept_or_logged_of_who_tried(client, editor, caplog):
    with caplog.at_level("DEBUG"):
        for address in ("203.0.113.7", "2001:db8::7"):
            for _each in range(6):
                sign_in(client, token="my-secret", password="mistyped", REMOTE_ADDR=address)
    rows = str([*AccessAttempt.objects.values(), *AccessLog.objects.values()])
    for secret in ("203.0.113.7", "2001:db8::7", "mistyped", "my-secret"):
        assert secret not in caplog.text and secret not in rows
    assert {row.ip_address[:2] for row in AccessAttempt.objects.all()} == {"fd"}


# --- passwords, sessions, record ---


@pytest.mark.parametrize("password", ["elevenchars", "202611222026", "editor@1540"])
def test_weak_passwords_are_refused(editor, password):
    with pytest.raises(ValidationError):
        validate_password(password, editor)


def test_a_session_lasts_a_working_day_at_most(client, editor):
    set_up(client)
    assert client.session.get_expiry_age() <= 12 * 3600


def test_every_act_is_recorded_and_nobody_can_change_the_record(client, editor):
    set_up(client)
    store(parsed("S/2020/1", ("1", "甲。")))
    document = Document.objects.get()
    client.post(
        "/admin/archive/document/",
        {
            "action": "withdraw",
            "_selected_action": document.pk,
            "confirmed": "1",
            "by": "秘书处",
            "reason": "误收",
        },
    )
    told = list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))
    assert told[:2] == [(NAME, "登录"), (NAME, "设置了第二重验证")]
    assert told[2] == ("S/2020/1", "withdraw: 秘书处: 误收")
    entry = LogEntry.objects.first()
    assert "误收" in client.get("/admin/admin/logentry/").content.decode()
    assert client.post(f"/admin/admin/logentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/admin/logentry/{entry.pk}/change/", {}).status_code == 403
