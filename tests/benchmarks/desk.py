"""Desk: the list of a batch and the preview of a file, over many files at the desk."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tests.benchmarks.pages import ASKED, MOST, SEED
from tests.benchmarks.results import Table, apart, middle_and_p95, sizes_of, timed

SIZES, QUICK = (1000,), (100,)
BLOCKS = 200
DESK = "/admin/intake/"


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, SIZES, QUICK):
        rows = apart(_measure, size)
        columns = ("page", "ms", "p95 ms", "queries", "KB")
        notes = (
            f"Signed in; {BLOCKS} paragraphs a file, the long one {size:,}. Meant: {MOST} ms at the median.",
        )
        yield Table(f"The desk over {size:,} files of one batch", columns, rows, notes)


def _measure(size: int) -> tuple[tuple[str, ...], ...]:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client()
    batch, short, long = _fill(size)
    rows, queries = [], []

    def counting(execute, sql, *more):
        queries.append(sql)
        return execute(sql, *more)

    with override_settings(SECOND_FACTOR=False):
        client.force_login(get_user_model().objects.create_superuser("librarian"))
        for name, address in (
            ("all batches", DESK),
            ("a batch", f"{DESK}{batch}"),
            ("its last page", f"{DESK}{batch}?page={size}"),
            ("of one state", f"{DESK}{batch}?state=to_check"),
            ("a file", f"{DESK}{batch}/{short}"),
            ("a file, a form open", f"{DESK}{batch}/{short}?mend=7"),
            ("a long file", f"{DESK}{batch}/{long}"),
        ):
            client.get(address)
            queries.clear()
            with connection.execute_wrapper(counting):
                response = client.get(address)
            assert response.status_code == 200, address
            middle, slow = middle_and_p95(
                1000 * timed(lambda at=address: client.get(at))[0] for _ in range(ASKED)
            )
            kilobytes = len(response.content) // 1024
            rows.append((name, f"{middle:.0f}", f"{slow:.0f}", str(len(queries)), str(kilobytes)))
    return tuple(rows)


def _fill(size: int) -> tuple[int, int, int]:
    """A batch of ``size`` files to be checked; returns its key, that of a file, and that of a long one."""
    from archive.models import IntakeBatch, IntakeItem

    batch = IntakeBatch.objects.create(name="many", by="librarian")
    IntakeItem.objects.bulk_create(
        IntakeItem(
            batch=batch, name=f"{number}.pdf", size=1, sha256=f"{SEED}-{number}", symbol=f"S/2031/{number}",
            title="关于不扩散的报告", doubts=1, state="to_check", outcome="created", content=b"x",
            preview=_preview(number, size if number == 1 else BLOCKS),
        )
        for number in range(size)
    )  # fmt: skip
    first, second = batch.items.order_by("pk").values_list("pk", flat=True)[:2]
    return batch.pk, first, second


def _preview(number: int, blocks: int) -> dict:
    text = "安全理事会回顾第1540(2004)号决议，请各国提交报告，并请委员会审议这些报告。"
    return {
        "facts": {"symbol": f"S/2031/{number}", "title": "关于不扩散的报告", "document_type": "report"},
        "doubts": [{"message": "paragraph 9 follows paragraph 7", "line": 8, "anchor": "8"}],
        "blocks": [
            {
                "anchor": str(at), "kind": "paragraph", "number": str(at), "level": "", "part": "main",
                "speaker": "", "text": f"{text}{number} {at}", "lines": [at, at],
                "boxes": [[1 + at // 20, 9, 9, 99, 19]],
                "named": [["mention", 7, "第1540(2004)号决议", "S/RES/1540(2004)", True]],
            }
            for at in range(1, blocks + 1)
        ],
        "dropped": [[1, "S/2031/1", "running header"]],
        "uncertain": [], "bodies": [], "lines": [text] * blocks,
        "sheets": [[595, 842, 0]] * (1 + blocks // 20),
    }  # fmt: skip
