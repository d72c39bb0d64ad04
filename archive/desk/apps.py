from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class DeskConfig(SimpleAdminConfig):
    """Django's admin, with a site of ours in place of its own.

    What the desk shows leads to most of the program: it is loaded with the addresses, or when it is checked,
    and not by every command.
    """

    default_site = "archive.desk.site.Desk"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_desk, checks.Tags.admin)
        from . import audit  # noqa: F401 - listens to sign-ins


def _check_desk(*args: Any, **options: Any) -> list[checks.CheckMessage]:
    admin.autodiscover()
    return check_admin_app(*args, **options)
