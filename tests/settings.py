"""The archive's settings with a database in memory and an index in a temporary directory.

``TEST_DATABASE_URL`` names another server (``make test-postgres``); DATABASE_URL, which may be that of a
site, is not looked at.
"""

import atexit
import shutil
import tempfile
from pathlib import Path

from archive.settings import *  # noqa: F403
from archive.settings import HAYSTACK_CONNECTIONS, MIDDLEWARE, env
from archive.store.database.connections import configured

DEBUG = False
# Once for each server process in production, which for tests would be once for each client.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "search.middleware.WarmUp"]
SECRET_KEY = "tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost"]
_database = env.db_url("TEST_DATABASE_URL", default="sqlite://:memory:")
DATABASES = {"default": _database if ":memory:" in _database["NAME"] else configured(_database, pooled=False)}
# Every test process has an index directory of its own, gone at its end.
INDEXES = tempfile.mkdtemp(prefix="archive-tests-")
atexit.register(shutil.rmtree, INDEXES, ignore_errors=True)
HAYSTACK_CONNECTIONS = {"default": {**HAYSTACK_CONNECTIONS["default"], "PATH": INDEXES}}
SEARCH_INDEX_FOLLOWS = False  # commands bring the index along only where a test asks them to
SEARCH_MEANING = False  # the tests of meanings switch it on: to read a paragraph takes ten milliseconds
# … and a data directory: what one test leaves there must not be another's beginning.
DATA_DIR = Path(tempfile.mkdtemp(prefix="archive-tests-data-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
OPEN_DATA_DIR, STATIC_ROOT = DATA_DIR / "dump", DATA_DIR / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "derived": {"BACKEND": "archive.store.derived.DataFolder"},
    "dump": {"BACKEND": "archive.store.derived.DataFolder", "OPTIONS": {"setting": "OPEN_DATA_DIR"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are found where they lie: no test needs collectstatic.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# The tests of the limits set their own.
CPU_SECONDS_PER_MINUTE = READING_SECONDS_PER_MINUTE = 0
PAGE_CACHE_MB = 0  # the tests of the cache set their own
AXES_ENABLED = False  # the tests of the desk set their own, and the second factor
