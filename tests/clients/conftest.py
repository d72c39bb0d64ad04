"""The clients, installed once for a session from the lock file beside this one; skipped where Node is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.intake.importing import read_source
from archive.models import Document
from archive.store.ingest.store import store_document
from tests.tools.bundled import bundled_parses
from tests.tools.factories import taken_in

HERE = Path(__file__).parent
MORE = HERE.parent / "documents"


@pytest.fixture(scope="session")
def clients(tmp_path_factory):
    """The folder where the clients are installed. No script of a package runs."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node is not installed")
    folder = tmp_path_factory.mktemp("clients")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder


@pytest.fixture
def run_node(clients):
    """Runs a script of this folder: what it reads as JSON → what it writes as JSON."""

    def run(script: str, given: object) -> object:
        environment = {**os.environ, "NODE_PATH": str(clients / "node_modules")}
        command = ["node", str(HERE / script)]
        done = subprocess.run(
            command, input=json.dumps(given).encode(), env=environment, stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture
def all_documents(db):
    """Every document of the repository, stored."""
    for parsed, source in bundled_parses():
        store_document(parsed, source)
    for path in sorted(MORE.iterdir()):
        if path.suffix in (".txt", ".md"):
            taken_in(read_source(path))
    return list(Document.objects.order_by("symbol"))
