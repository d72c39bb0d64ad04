"""``manage.py mcp``: the tools of ``/mcp`` over standard input and output, for assistants on this machine."""

from __future__ import annotations

import json
import sys
from urllib.parse import urlsplit

from django.conf import settings

from archive.management.base import ArchiveCommand
from archive.site.assistants.protocol import PARSE_ERROR, ProtocolError, refusal
from archive.site.assistants.twins import Twins
from archive.site.assistants.views import answer_to
from archive.store.values import encode


class Command(ArchiveCommand):
    help = "供本机的助手程序经标准输入输出查证（Model Context Protocol）：每行一条消息，每行一个回答。"

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--site", default="http://localhost:8000", help="回答里的链接所用的网址；不写时是make run的网址"
        )

    def handle(self, *, site: str, **options) -> None:
        scheme, _sep, host = site.rstrip("/").rpartition("://")
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, urlsplit(f"//{host}").hostname or ""]
        twins = Twins(scheme or "http", host)
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                answer = answer_to(json.loads(line), twins)
            except ValueError:
                answer = refusal(ProtocolError(PARSE_ERROR, "The line is no JSON."))
            if answer is not None:
                self.stdout.write(encode(answer, None))
                self.stdout.flush()
