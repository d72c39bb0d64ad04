from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with a site of ours in place of its own."""

    default_site = "archive.desk.site.Desk"

    def ready(self) -> None:
        super().ready()
        from . import audit  # noqa: F401 - listens to sign-ins
