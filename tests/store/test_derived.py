"""Pictures of pages, dump and report where they lie on no host's disk: in a storage without paths."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.test import override_settings

from archive.export.dump import is_clean, offered, read_manifest
from archive.store import derived
from archive.store.derived import DataFolder, check_derived, check_derived_in_use
from archive.store.withholding.act import unclean_copies
from tests.pages_set.writer import write_pdf
from tests.site.test_page_images import PAGES
from tests.tables import each_row

from .test_withholding import run, status

pytestmark = pytest.mark.django_db


class Elsewhere(Storage):
    """As a store of objects: a file replaces the one of its name, and none has a path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def get_available_name(self, name, max_length=None):
        return name

    def _open(self, name, mode="rb"):
        if name not in self.files:
            raise FileNotFoundError(name)
        return ContentFile(self.files[name])

    def _save(self, name, content):
        self.files[name] = content.read()
        return name

    def delete(self, name):
        self.files.pop(name, None)

    def exists(self, name):
        return name in self.files

    def size(self, name):
        return len(self.files[name])

    def listdir(self, path):
        parts = [
            name.removeprefix(path and f"{path}/").split("/") for name in self.files if name.startswith(path)
        ]
        return list({one[0] for one in parts if len(one) > 1}), [one[0] for one in parts if len(one) == 1]


@pytest.fixture
def elsewhere(settings, tmp_path, monkeypatch) -> Path:
    """The data folder, in which nothing of all this may lie."""
    settings.DATA_DIR = tmp_path / "data"
    settings.OPEN_DATA_DIR = settings.DATA_DIR / "dump"
    settings.DATA_DIR.mkdir()
    one = {"BACKEND": "tests.store.test_derived.Elsewhere"}
    settings.STORAGES = settings.STORAGES | {"derived": one, "dump": one}
    monkeypatch.setattr(derived, "STILL", 0.0)
    return settings.DATA_DIR


def test_pages_are_shown_and_kept_back_as_on_a_disk(client, elsewhere, tmp_path):
    (tmp_path / "letter.pdf").write_bytes(write_pdf(PAGES))
    run("import_documents", str(tmp_path / "letter.pdf"))
    addresses = [f"/S/2031/1/pages/{page}" for page in (1, 2, 3, 4)]
    assert [status(client, address) for address in addresses] == [200, 200, 200, 404]
    before = client.get("/S/2031/1/p/3/original")["ETag"]
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    assert [status(client, address) for address in addresses] == [200, 410, 200, 404]
    [folder] = derived.folders_in("pages")
    assert derived.names_in(f"pages/{folder}") == {"1.webp", "3.webp", "places.json"}
    assert client.get("/S/2031/1/p/3/original")["ETag"] != before
    assert unclean_copies(deep=True) == [] and list(elsewhere.iterdir()) == []


def test_images_that_are_made_later_change_their_page(client, elsewhere, tmp_path):
    (tmp_path / "letter.pdf").write_bytes(write_pdf(PAGES))
    run("import_documents", str(tmp_path / "letter.pdf"), "--no-page-images")
    before = client.get("/S/2031/1/p/3/original")["ETag"]
    run("make_page_images")
    assert client.get("/S/2031/1/p/3/original", headers={"if-none-match": before}).status_code == 200


def test_the_dump_is_offered_whole_and_in_parts_and_made_anew_without_withheld_words(
    client, bundled_documents, elsewhere
):
    run("export_dump")
    told = client.get("/data.json").json()["dump"]
    for file in told["files"]:
        whole = client.get(f"/data/{file['name']}").getvalue()
        assert (len(whole), sha256(whole).hexdigest()) == (file["bytes"], file["sha256"])
        part = client.get(f"/data/{file['name']}", headers={"range": "bytes=10-19"})
        assert (part.status_code, part.getvalue()) == (206, whole[10:20])
    run("withdraw_document", "S/2010/52", paragraph="annex.14", withheld=True, by="编者甲", reason="依法")
    assert is_clean(read_manifest(offered())) and unclean_copies(deep=True) == []
    lines = gzip.decompress(client.get("/data/documents.jsonl.gz").getvalue()).decode().splitlines()
    letter = next(one for one in map(json.loads, lines) if one["document"]["symbol"] == "S/2010/52")
    anchors = [one["anchor"] for one in letter["paragraphs"]]
    assert "annex.13" in anchors and "annex.14" not in anchors
    assert [path.name for path in elsewhere.iterdir()] == []


def test_a_storage_that_gives_another_name_is_refused(settings):
    one = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"derived": one}
    derived.write("pages/changed", b"1")
    with pytest.raises(ImproperlyConfigured, match="pages/changed"):
        derived.write("pages/changed", b"2")


# --- What ``manage.py check`` says of where derived files lie ---


FOLDER, MEMORY = "archive.store.derived.DataFolder", "django.core.files.storage.InMemoryStorage"
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
@each_row()
def test_what_can_be(tmp_path, backend, host, options):
    assert said(tmp_path, backend, host, **options) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@each_row()
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
    options = {"BACKEND": "tests.store.test_derived.ReadOnly", "OPTIONS": {"location": tmp_path}}
    with override_settings(STORAGES={"derived": options}):
        ids = [
            [one.id for one in run_checks(tags=["files"], include_deployment_checks=deploy)]
            for deploy in (False, True)
        ]
    assert ids == [[], ["archive.E002"]]
