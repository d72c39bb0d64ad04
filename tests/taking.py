"""One of several processes that take from a bucket of 100: ``python -m tests.taking BACKEND LOCATION TIMES``.

Prints how often it got a token. 0 TIMES makes the table of a database cache instead.
"""

from __future__ import annotations

import sys

from django.conf import settings

TOKENS = 100


def main(backend: str, location: str, times: int) -> None:
    table = backend.endswith("DatabaseCache")
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": location, "OPTIONS": options}
    settings.configure(
        CACHES={"default": {"BACKEND": backend, "LOCATION": "limits" if table else location}},
        DATABASES={"default": database} if table else {},
        USE_TZ=True,
    )
    import django

    django.setup()
    from archive.http import token_buckets

    token_buckets.HELD = token_buckets.PATIENCE = 600  # however long a busy machine stops one of them
    if not times:
        from django.core.management import call_command

        call_command("createcachetable", verbosity=0)
        return
    bucket = token_buckets.Bucket("test", rate=1, burst=TOKENS, clock=lambda: 0.0)
    sys.stdin.readline()  # until the others are there, too
    print(sum(bucket.take("a") == 0 for _time in range(times)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
