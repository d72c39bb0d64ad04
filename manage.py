#!/usr/bin/env python
"""Command-line entry point of the archive."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def run() -> None:
    """``main``; Ctrl-C ends it with one line. Every command can be run again to the same result."""
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断。已完成的都已保存，再次运行会接着做完。\n")
        sys.exit(130)


if __name__ == "__main__":
    run()
