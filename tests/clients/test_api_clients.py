"""Clients generated from ``/openapi.json``: they compile, and what they read has types to the last leaf."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import httpx
import pytest

from archive.models import Paragraph
from archive.site.opendata.operations import describe
from archive.wsgi import application
from search.engine.live.update import update_index
from tests.tools.answers import read_moments
from tests.tools.searching import at

from ..tables import rows_from
from .conftest import HERE

pytestmark = [pytest.mark.long, pytest.mark.django_db]

DRAFT = "“公开信”(S/2010/52，附件，第14段)。第1540(2004)号决议第3(a)段。"
# Operation, arguments, the type of its answer.
CALLS = rows_from(__name__, "CALLS")


@pytest.fixture(scope="session")
def description(tmp_path_factory, django_db_setup) -> Path:
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    path.write_text(json.dumps(describe(), ensure_ascii=False), encoding="utf-8")
    return path


def test_the_linter_finds_nothing(clients, description):
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    linter = clients / "node_modules/.bin/redocly"
    command = [linter, "lint", "--config", HERE / "redocly.yaml", "--format", "json", description]
    done = subprocess.run(command, env=environment, cwd=clients, capture_output=True, check=False)
    problems = json.loads(done.stdout)["problems"]
    assert [(one["severity"], one["message"]) for one in problems] == []


def test_the_typescript_client_compiles_and_its_answers_have_types(clients, description, tmp_path):
    shutil.copy(HERE / "typed_answers.ts", tmp_path)
    commands = clients / "node_modules/.bin"
    subprocess.run([commands / "openapi-typescript", description, "-o", tmp_path / "api.ts"], check=True)
    done = subprocess.run(
        [
            commands / "tsc",
            "--noEmit",
            "--strict",
            "--noUncheckedIndexedAccess",
            tmp_path / "typed_answers.ts",
        ],
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode() == ""


@pytest.fixture(scope="session")
def python_client(description, tmp_path_factory) -> str:
    """The name of the package that the generator writes, which can be imported. Its own environment holds it,
    from the lock file beside this one; what it writes needs only what the tests have.
    """
    folder = tmp_path_factory.mktemp("python")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    subprocess.run(
        [*uv, "pip", "install", "--quiet", "--require-hashes", "-r", HERE / "requirements.lock",
         "--python", folder / "venv/bin/python"],
        check=True,
    )  # fmt: skip
    environment = {**os.environ, "PATH": f"{folder / 'venv/bin'}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(
        [folder / "venv/bin/openapi-python-client", "generate", "--path", description],
        cwd=folder, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    # Named after the title.
    sys.path.insert(0, str(folder / "1540-archive-api-client"))
    yield next(
        path.name for path in (folder / "1540-archive-api-client").iterdir() if (path / "api").is_dir()
    )
    sys.path.pop(0)


@pytest.fixture
def indexed(bundled_documents, tmp_path):
    with at(tmp_path / "index"):
        update_index()
        yield


def test_the_python_client_reads_every_answer_whole_into_types(python_client, indexed):
    package = importlib.import_module(python_client)
    browser = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="http://testserver")
    client = package.Client(base_url="http://testserver").set_httpx_client(browser)
    words = Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14")
    for name, given, expected in CALLS:
        arguments = {**given, **({"fingerprint": words.fingerprint} if "fingerprint" in given else {})}
        operation = importlib.import_module(f"{python_client}.api.default.{name}")
        response = operation.sync_detailed(client=client, **arguments)
        assert response.status_code == 200, name
        assert type(response.parsed).__name__ == expected
        assert read_moments(response.parsed.to_dict()) == read_moments(json.loads(response.content))
    report = importlib.import_module(f"{python_client}.api.default.check_json_post")
    body = importlib.import_module(f"{python_client}.models").CheckJsonPostJsonBody(text=DRAFT)
    found = report.sync(client=client, body=body)
    assert type(found).__name__ == "CheckReport"
    assert found.citations[0].standing


def test_no_leaf_of_the_python_client_is_anything(python_client):
    models = importlib.import_module(f"{python_client}.models")
    seen: set[type] = set()
    for _operation, _given, name in CALLS:
        _all_types(getattr(models, name), vars(models), seen)
    assert len(seen) > 80


def _all_types(model: type, known: dict[str, Any], seen: set[type]) -> None:
    """Add ``model`` and all that it holds to ``seen``; no field may be anything."""
    if model in seen:
        return
    seen.add(model)
    hints = typing.get_type_hints(model, globalns={**vars(sys.modules[model.__module__]), **known})
    for name, hint in hints.items():
        if name == "additional_properties":
            continue
        for part in _parts(hint):
            assert part is not Any, f"{model.__name__}.{name}"
            if getattr(part, "__module__", "").startswith(model.__module__.partition(".")[0]):
                _all_types(part, known, seen)


def _parts(hint: Any) -> list[Any]:
    inner = typing.get_args(hint)
    return [part for each in inner for part in _parts(each)] if inner else [hint]
