"""Keys and signatures: Ed25519 (RFC 8032), by the ``cryptography`` library.

The private key is a file of its own, outside the program's folder, readable by its owner alone.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from . import BundleError


def generate_key(path: Path) -> str:
    """Writes a new private key to ``path``, for its owner alone; returns the public key in hexadecimal.

    Raises BundleError where the file exists, lies inside the program's folder, or cannot be written.
    """
    if path.resolve().is_relative_to(settings.BASE_DIR):
        raise BundleError(
            _("私钥不可放在程序文件夹%(folder)s之内；请另选位置。") % {"folder": settings.BASE_DIR}
        )
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BundleError(_("%(path)s已存在，没有改写；请另取文件名。") % {"path": path}) from None
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or error}
        raise BundleError(_("%(path)s写不出：%(reason)s。") % reason) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return public_key(key)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Reads a private key; raises BundleError where there is none, or where others may read it."""
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BundleError(_("私钥%(path)s可被他人读取；请先执行chmod 600。") % {"path": path})
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or error}
        raise BundleError(_("私钥%(path)s读不出：%(reason)s。用generate_key生成。") % reason) from error
    except (ValueError, TypeError) as error:
        raise BundleError(_("%(path)s不是无口令的PEM私钥。") % {"path": path}) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BundleError(_("%(path)s不是Ed25519私钥。") % {"path": path})
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """Returns the public half of a key in hexadecimal digits, as published and put with the manifest."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, content: bytes) -> str:
    """Returns the signature of ``content``, as 128 hexadecimal digits. Equal for equal content and key."""
    return key.sign(content).hex()
