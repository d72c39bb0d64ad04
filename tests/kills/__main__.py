"""The command; sets up Django on a site of its own before anything of the archive is imported."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("operations", nargs="*", metavar="OPERATION", help="default: all of them")
    parser.add_argument("--kills", type=int, default=200, help="for each operation (default 200)")
    parser.add_argument("--seed", type=int, default=1540, help="chooses where (default 1540)")
    parser.add_argument("--at", help="only there, as a failure tells it: 17 (a step) or 0.25s (time)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archive-kills-") as name:
        folder = Path(name).resolve()
        os.environ |= {
            "ARCHIVE_DATA_DIR": str(folder / "site"),
            "DJANGO_SETTINGS_MODULE": "archive.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from .run import run

        return run(folder, options.operations, options.kills, options.seed, options.at)


if __name__ == "__main__":
    sys.exit(main())
