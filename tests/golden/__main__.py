"""``python -m tests.golden``: write the expected outputs anew and say which changed."""

import argparse
import os

import django

from tests.golden import SOURCES, expected_path, output_of, written

argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__).parse_args()

for name in SOURCES:
    path, text = expected_path(name), written(output_of(name))
    changed = not path.exists() or path.read_text("utf-8") != text
    path.write_text(text, "utf-8")
    print(f"{name}: {'written anew' if changed else 'unchanged'}")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.tools import citing  # noqa: E402

print(f"citations: {'written anew' if citing.write() else 'unchanged'}")
