"""``manage.py reset_second_factor NAME``: for who lost authenticator and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.desk.audit import record
from archive.desk.enrolment import remove_second_factor
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = "取消一个账户的第二道验证并结束它的登录；下次登录时重新设置。先确认是谁提出的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="账户名")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(_("没有名为“%(name)s”的账户。") % {"name": options["name"]})
        removed = remove_second_factor(user)
        for session in Session.objects.iterator():
            if session.get_decoded().get(SESSION_KEY) == str(user.pk):
                session.delete()
        record(user, _("由命令撤销了第二重验证"))
        if not removed:
            self.stdout.write(_("这一账户没有第二重验证。"))
        else:
            self.stdout.write(_("已撤销；该账户的登录已结束，下次登录时须重新设置。"))
