"""What ``manage.py check`` says of where derived files lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from archive.derived import DataFolder, check_derived, check_derived_in_use

FOLDER, MEMORY = "archive.derived.DataFolder", "django.core.files.storage.InMemoryStorage"
KEPT = "django.core.files.storage.FileSystemStorage"


class ReadOnly(DataFolder):
    """As a mounted folder of somebody else."""

    def _save(self, name, content):
        raise PermissionError(13, "Permission denied", name)


class Replacing(FileSystemStorage):
    """A folder whose files are replaced."""

    def __init__(self, location: str) -> None:
        super().__init__(location, allow_overwrite=True)


def said(folder: Path, backend: str = FOLDER, host: str = "", **options) -> list[str]:
    """What both checks say on a host with a data folder of its own."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    given = {name: str(value).replace("HERE", str(folder)) for name, value in options.items()}
    storages = {"derived": {"BACKEND": backend, "OPTIONS": given}}
    with override_settings(DATA_DIR=data, STORAGES=storages, DATABASES={"default": {"HOST": host}}):
        found = [f"{one.id} {one.msg}" for one in [*check_derived(), *check_derived_in_use()]]
    assert [path for path in folder.rglob("*") if path.is_file()] == [], "nothing is left behind"
    return found


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("backend", "host", "options"),
    [
        (FOLDER, "", {}),
        (FOLDER, "localhost", {}),
        (FOLDER, "/run/postgresql", {}),
        (FOLDER, "db.example", {"location": "HERE/shared"}),
        ("tests.test_derived.Elsewhere", "db.example", {}),
        ("tests.test_derived_checks.Replacing", "db.example", {"location": "HERE/shared"}),
    ],
)
def test_what_can_be(tmp_path, backend, host, options):
    assert said(tmp_path, backend, host, **options) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("backend", "host", "options", "words"),
    [
        ("archive.nowhere.Folder", "", {}, "archive.E001 DERIVED_STORAGE=archive.nowhere.Folder: "),
        ("archive.derived.NoFolder", "", {}, "archive.E001 DERIVED_STORAGE=archive.derived.NoFolder: "),
        (FOLDER, "", {"bucket_name": "archive"}, "unexpected keyword argument 'bucket_name'"),
        ("tests.test_derived_checks.ReadOnly", "", {}, "archive.E002 DERIVED_STORAGE: no file can be put"),
        (FOLDER, "", {"location": "/dev/null/archive"}, "archive.E002 DERIVED_STORAGE: no file can be put"),
        (FOLDER, "db.example", {}, "archive.W001 The database is on db.example, but"),
        (FOLDER, "10.0.0.5", {"location": "HERE/data/shared"}, "archive.W001 The database is on 10.0.0.5"),
    ],
)
def test_what_cannot_be(tmp_path, backend, host, options, words):
    (message,) = said(tmp_path, backend, host, **options)
    assert words in message


@pytest.mark.parametrize("backend", [KEPT, MEMORY])
def test_a_storage_that_gives_another_name(tmp_path, backend):
    options = {"location": tmp_path} if backend == KEPT else {}
    with override_settings(STORAGES={"derived": {"BACKEND": backend, "OPTIONS": options}}):
        (message,) = check_derived_in_use()
    assert "does not replace check-" in message.msg
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_put_there_only_where_a_site_is_to_be_deployed(tmp_path):
    options = {"BACKEND": "tests.test_derived_checks.ReadOnly", "OPTIONS": {"location": tmp_path}}
    with override_settings(STORAGES={"derived": options}):
        ids = [
            [one.id for one in run_checks(tags=["files"], include_deployment_checks=deploy)]
            for deploy in (False, True)
        ]
    assert ids == [[], ["archive.E002"]]
