"""A record of every act at the desk, in Django's own log entries, which nobody can change there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _


def record(user: Any, message: str, rows: Iterable[tuple[type[Model], Any, str]] = ()) -> None:
    """Logs an act of ``user``: for each of ``rows`` (model, key, name), or for the account itself."""
    for model, key, name in rows or [(user._meta.model, user.pk, user.get_username())]:
        LogEntry.objects.create(
            user_id=user.pk,
            content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
            object_id=str(key),
            object_repr=name[:200],
            action_flag=CHANGE,
            change_message=str(message),
        )


@receiver(user_logged_in, dispatch_uid="desk_signed_in")
def _signed_in(sender: Any, user: Any, **more: Any) -> None:
    if getattr(user, "is_staff", False):
        record(user, _("登录"))


@receiver(user_logged_out, dispatch_uid="desk_signed_out")
def _signed_out(sender: Any, user: Any, **more: Any) -> None:
    if getattr(user, "is_staff", False):
        record(user, _("退出"))


class LogEntryAdmin(admin.ModelAdmin):
    """All acts, newest first, for superusers; read-only."""

    list_display = ["action_time", "user", "content_type", "object_repr", "change_message"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__username"]
    date_hierarchy = "action_time"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
