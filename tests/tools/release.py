"""Cuts a release: ``python -m tests.tools.release VERSION KEY`` (``make release VERSION=1.1.0 KEY=FILE``).

The number goes into pyproject.toml, the lines under “Unreleased” of CHANGELOG.md under the number and the
date; both are committed and tagged, with these lines as the tag's note. In ``build/release/VERSION`` lie what
the site is made of (CycloneDX) and the bundled documents as a bundle signed with KEY (``manage.py
generate_key``).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r'^version = "(\d+)\.(\d+)\.(\d+)"$', re.MULTILINE)
UNRELEASED = "## Unreleased\n"


def numbered(project: str, version: str) -> str:
    """Returns pyproject.toml with the number. Raises ValueError for what is no number above today's."""
    found = NUMBER.search(project)
    if not re.fullmatch(r"\d+\.\d+\.\d+", version) or found is None:
        raise ValueError(f"{version!r} is no version: three numbers, as in 1.2.3.")
    if tuple(map(int, version.split("."))) <= tuple(map(int, found.groups())):
        raise ValueError(f"{version} is not above {'.'.join(found.groups())}, the version of pyproject.toml.")
    return NUMBER.sub(f'version = "{version}"', project, count=1)


def dated(changelog: str, version: str, date: dt.date) -> tuple[str, str]:
    """Returns CHANGELOG.md with the section of the version, and its lines. Raises ValueError for none."""
    before, _heading, after = changelog.partition(UNRELEASED)
    notes, next_section, rest = after.partition("\n## ")
    if not notes.strip():
        raise ValueError("Nothing stands under “Unreleased” in CHANGELOG.md.")
    section = f"## {version} ({date.isoformat()})\n{notes}"
    return f"{before}{UNRELEASED}\n{section}{next_section}{rest}", notes.strip()


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.release", description=__doc__)
    parser.add_argument("version")
    parser.add_argument("key", type=Path, help="the private key that signs the bundle")
    asked = parser.parse_args(given)
    try:
        if not asked.key.is_file():
            raise ValueError(f"{asked.key} is no file: manage.py generate_key writes a key.")
        if _output("git", "status", "--porcelain"):
            raise ValueError("Something is not committed: git status says what.")
        project = numbered((ROOT / "pyproject.toml").read_text("utf-8"), asked.version)
        today = dt.datetime.now(dt.UTC).date()
        changelog, notes = dated((ROOT / "CHANGELOG.md").read_text("utf-8"), asked.version, today)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    folder = ROOT / "build" / "release" / asked.version
    folder.mkdir(parents=True)
    (ROOT / "pyproject.toml").write_text(project, "utf-8")
    (ROOT / "CHANGELOG.md").write_text(changelog, "utf-8")
    _write_parts(folder / "sbom.json")
    _write_bundle(folder / "bundle", asked.key.resolve())
    _run("git", "commit", "--quiet", "--all", "--message", f"release: {asked.version}\n\n{notes}")
    _run("git", "tag", "--annotate", "--cleanup=verbatim", f"v{asked.version}", "--message", notes)
    print(f"Tagged v{asked.version}. To be published beside it: {folder.relative_to(ROOT)}/")
    return 0


def _write_parts(path: Path) -> None:
    lock = ("requirements", "requirements.lock", "--pyproject", "pyproject.toml", "--output-reproducible")
    _run(sys.executable, "-m", "cyclonedx_py", *lock, "-o", str(path))


def _write_bundle(folder: Path, key: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="release-") as data:
        for command in (("prepare", "-v0"), ("export_bundle", str(folder), "--key", str(key))):
            _run(sys.executable, "manage.py", *command, ARCHIVE_DATA_DIR=data)
        _run(sys.executable, str(folder / "verify.py"))


def _run(*command: str, **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | environment)


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
