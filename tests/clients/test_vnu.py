"""The Nu HTML Checker (vnu), which is the W3C's validator: no error on any kind of page."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.tools.addresses import ERRORS, READ, SEARCHED

pytestmark = pytest.mark.long


def test_no_page_has_an_error_of_markup(client, bundled_documents, clients, tmp_path):
    if not shutil.which("java"):
        pytest.skip("Java is not installed")
    addresses = dict.fromkeys([*READ, *SEARCHED, *(address for address, *_status in ERRORS)])
    for number, address in enumerate(addresses):
        (tmp_path / f"{number}.html").write_bytes(client.get(address, follow=True).content)
    jar = clients / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = [
        "java",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
        str(tmp_path),
    ]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=True)
    said = [(one.get("url"), one["message"]) for one in json.loads(done.stderr)["messages"]]
    assert not said
