"""Arguments and messages that the commands reading a bundle share."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.bundle.verify import read_key


def add_bundle_options(parser: ArgumentParser) -> None:
    """Adds the options ``--key`` and ``--allow-unsigned``."""
    parser.add_argument("--key", help="必须由这把公钥签署：64位十六进制数字，或一个文件")
    parser.add_argument("--allow-unsigned", action="store_true", help="也接受没有签名的档案包")


def given_key(options: Mapping[str, Any]) -> str | None:
    """Returns the key given as an option; raises CommandError where it is invalid."""
    if not options["key"]:
        return None
    try:
        return read_key(options["key"])
    except (OSError, ValueError) as error:
        raise CommandError(_("--key不是64位十六进制数字，也不是载有公钥的文件。")) from error
