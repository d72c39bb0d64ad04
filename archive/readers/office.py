"""Files of other word processors (.doc, .odt, .rtf), turned into .docx by LibreOffice where it is installed.

LibreOffice runs as one process with a profile of its own in a folder that is thrown away, without macros,
for a bounded time. It is a program of a million lines that reads a stranger's file: install it only where
such files come, or run the import in a container.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from .formats import CONVERTED
from .source import NotReadableError

SECONDS = 120
MOST_OUTPUT = 100_000_000  # bytes of a file that it writes
MOST_MEMORY = 3_000_000_000
_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
)
_PROFILE = "".join(
    f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
    f"<value>{value}</value></prop></item>"
    for path, name, value in _SETTINGS
)
_PROFILE = f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{_PROFILE}</oor:items>'
_ONE_AT_A_TIME = threading.Lock()


def program() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def as_word(data: bytes, kind: str) -> bytes:
    """The file as .docx. Raises NotReadableError: ``no_office``, ``office_failed``, ``too_slow``."""
    office = program()
    if office is None:
        raise NotReadableError("no_office")
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="office-") as folder:
        return _converted(office, data, kind, Path(folder))


def _converted(office: str, data: bytes, kind: str, folder: Path) -> bytes:
    profile, given, made = folder / "profile", folder / f"given.{kind}", folder / "made"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    given.write_bytes(data)
    command = [
        *(office, "--headless", "--norestore", "--nolockcheck", "--nodefault"),
        f"-env:UserInstallation={profile.as_uri()}",
        f"--infilter={CONVERTED[kind]}",
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(made), str(given)),
    ]
    # No proxy is told and nothing is to be asked: links to elsewhere come to nothing.
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    process = subprocess.Popen(  # noqa: S603 - the program that was found, a command of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=_limit,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise NotReadableError("too_slow", seconds=SECONDS) from None
    finally:
        _stop(process)
    written = made / "given.docx"
    if not written.is_file() or written.stat().st_size > MOST_OUTPUT:
        raise NotReadableError("office_failed")
    return written.read_bytes()


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _stop(process: subprocess.Popen) -> None:
    """End the process and those that it started: the program is a script that starts another."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
