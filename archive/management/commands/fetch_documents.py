"""``manage.py fetch_documents SYMBOL…``: a thin shell over ``archive.intake.fetching``."""

from __future__ import annotations

import fcntl
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.fetching import kept
from archive.intake.fetching.client import Client, Step, is_contact
from archive.intake.fetching.examine import Asked
from archive.intake.fetching.family import families
from archive.intake.fetching.kept import LeftOut, plan, wishes_of
from archive.intake.fetching.ods import HOSTS, KINDS, LANGUAGES, LEAST_DELAY, SERVICE, Pace, Service
from archive.intake.fetching.run import FetchRun, Stop, close_killed_attempts, wait_until
from archive.intake.importing import ImportBatch
from archive.management.base import ArchiveCommand, stream_of
from archive.models import FetchAttempt
from archive.store.infrastructure_errors import TRY_AGAIN, UNAVAILABLE
from archive.store.search_index import add_index_option, following

Outcome = FetchAttempt.Outcome


class Command(ArchiveCommand):
    help = "向联合国正式文件系统逐份索取文件，取来即入库。遇到第一次盘问或拒绝就停下；每次索取都有记录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbols", nargs="*", metavar="SYMBOL", help="例如S/2010/52")
        parser.add_argument("--family", choices=sorted(families()), help="一个系列的全部文件")
        parser.add_argument("--from-wanted", type=int, default=0, metavar="N", help="被引用最多而未藏的N份")
        parser.add_argument("--language", choices=LANGUAGES, default="zh", help="不写时是zh")
        parser.add_argument("--type", choices=KINDS, help="只要这一种文件；不写时先要doc，再要pdf")
        parser.add_argument("--again", action="store_true", help="上次说没有发表的，也再问一次")
        parser.add_argument("--dry-run", action="store_true", help="只说会问什么，不发出任何请求")
        parser.add_argument("--contact", default="", help="谁在问：电子邮件或网页地址（FETCH_CONTACT）")
        parser.add_argument("--address", default="", help="向哪里问（FETCH_ADDRESS）；不写时是联合国的地址")
        parser.add_argument("--delay", type=float, help="两次请求相隔几秒（FETCH_DELAY）；不写时是2")
        parser.add_argument("--budget", type=int, help="这一次最多几个请求（FETCH_BUDGET）；不写时是300")
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        self.kinds = (options["type"],) if options["type"] else KINDS
        self.pace = _pace(options)
        service = _service(options["address"] or settings.FETCH_ADDRESS or SERVICE)
        asked, left_out = self._planned(options)
        if options["dry_run"]:
            return self._dry(service, asked, left_out, options)
        contact = options["contact"] or settings.FETCH_CONTACT
        if not is_contact(contact):
            raise CommandError(
                _(
                    "请给出联系人：--contact 加电子邮件或网页地址，或设FETCH_CONTACT；"
                    "它随每个请求发给联合国。"
                ),
                returncode=2,
            )
        with self._alone(), self._client(service, contact) as client:
            self._wait_for(service)
            return self._fetch(client, asked, left_out, options)

    # --- what is asked ---

    def _planned(self, options: dict) -> tuple[list[Asked], list[LeftOut]]:
        language = options["language"]
        if options["from_wanted"] < 0:
            raise CommandError(_("--from-wanted 应是正数。"), returncode=2)
        wishes = wishes_of(options["symbols"], options["family"], options["from_wanted"], language)
        if not (options["symbols"] or options["family"] or options["from_wanted"]):
            raise CommandError(_("请给出文号，或用--family 1540、--from-wanted 20。"), returncode=2)
        planned = list(plan(wishes, language, again=options["again"]))
        return (
            [one for one in planned if isinstance(one, Asked)],
            [one for one in planned if isinstance(one, LeftOut)],
        )

    def _dry(self, service: Service, asked: list[Asked], left_out: list[LeftOut], options: dict) -> None:
        self._tell_left_out(left_out)
        for one in asked:
            address = service.document(one.symbol, one.language, self.kinds[0])
            self.stdout.write(_("会问 %(symbol)s：%(address)s") % {"symbol": one.symbol, "address": address})
        told = {"count": len(asked), "seconds": f"{len(asked) * self.pace.delay:g}"}
        self.stdout.write(
            _("试运行：没有发出任何请求。会问%(count)d份，每份至少一个请求，至少%(seconds)s秒。") % told
        )

    # --- asking ---

    def _client(self, service: Service, contact: str) -> Client:
        watch = self._tell_step if self.verbosity >= 2 else lambda _step: None
        return Client(service, contact, self.pace, watch=watch, proxy=settings.FETCH_PROXY or None)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One run at a time: two would ask twice as fast."""
        kept.folder().mkdir(parents=True, exist_ok=True)
        with (kept.folder() / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(
                    _("另一个fetch_documents正在进行；请等它结束。"), returncode=TRY_AGAIN
                ) from None
            yield

    def _wait_for(self, service: Service) -> None:
        now = timezone.now()
        if until := wait_until(service.address, now):
            raise CommandError(
                _("文件系统上次要求不早于%(time)s再问；请到时再来。")
                % {"time": f"{until:%Y-%m-%d %H:%M:%S %Z}"},
                returncode=TRY_AGAIN,
            )
        last = (
            FetchAttempt.objects.exclude(answered=None)
            .order_by("-pk")
            .values_list("answered", flat=True)
            .first()
        )
        if last and (since := (now - last).total_seconds()) < self.pace.delay:
            self.pace.rest(self.pace.delay - max(since, 0.0))

    def _fetch(self, client: Client, asked: list[Asked], left_out: list[LeftOut], options: dict) -> None:
        self._tell_left_out(left_out)
        batch, counts = ImportBatch(), Counter[str]()
        run = FetchRun(client, batch, self.kinds)
        close_killed_attempts()
        if asked:
            with following(not options["no_index"], stream_of(self.stdout), self.verbosity) as index:
                for number, row in enumerate(run.go(asked), start=1):
                    counts[row.outcome] += 1
                    self._tell(number, len(asked), row)
                    index.step()
                batch.finish()
        self._close(counts, len(asked), left_out, run.stopped)

    # --- telling ---

    def _tell_left_out(self, left_out: list[LeftOut]) -> None:
        for one in left_out:
            told = _("不问 %(symbol)s：%(why)s") % {"symbol": one.symbol, "why": one.why.rstrip("。")}
            if one.wrong:
                self.stderr.write(told)
            elif self.verbosity >= 1:
                self.stdout.write(told)

    def _tell(self, number: int, total: int, row: FetchAttempt) -> None:
        told = f"{number}/{total} {row.symbol}：{row.get_outcome_display()}"
        if row.reason:
            told += f"。{row.reason}"
        if row.kept:
            told += _("原样保存于%(path)s。") % {"path": settings.DATA_DIR / row.kept}
        if row.outcome in (Outcome.HELD, Outcome.NOT_PUBLISHED, Outcome.NOT_IN_LANGUAGE):
            if self.verbosity >= 1:
                self.stdout.write(told)
                self.stdout.flush()
        else:
            self.stderr.write(told)

    def _tell_step(self, step: Step) -> None:
        self.stdout.write(f"> GET {step.address}")
        self.stdout.write(
            f"< {step.status if step.status is not None else '—'}  {step.seconds:g} s  {step.size} B"
        )
        for name, value in step.headers.items():
            self.stdout.write(f"<   {name}: {value}")
        if step.begins:
            self.stdout.write(_("  开头的字节：%(bytes)s") % {"bytes": step.begins})
        if step.verdict:
            self.stdout.write(_("  判断：%(what)s") % {"what": f"{step.verdict} {step.detail}".strip()})

    def _close(self, counts: Counter, total: int, left_out: list[LeftOut], stopped: Stop | None) -> None:
        done = sum(counts.values())
        if self.verbosity >= 1:
            parts = [f"{outcome.label} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
            if left_out:
                parts.append(_("不问 %(count)d") % {"count": len(left_out)})
            if total > done:
                parts.append(f"{Outcome.PLANNED.label} {total - done}")
            self.stdout.write("  ".join(parts) or _("没有要问的文件。"))
        if stopped and stopped.refused:
            raise CommandError(stopped.reason, returncode=UNAVAILABLE)
        if stopped:
            raise CommandError(stopped.reason, returncode=TRY_AGAIN)
        if counts[Outcome.BROKEN]:
            raise CommandError(
                _("%(count)d份没有取全，原因见上；再运行同一条命令，只问没有取到的。")
                % {"count": counts[Outcome.BROKEN]},
                returncode=TRY_AGAIN,
            )
        if counts[Outcome.ANSWERED] + counts[Outcome.NOT_A_DOCUMENT] or any(one.wrong for one in left_out):
            raise CommandError(_("有的文件没有入库，原因见上。"))


def _service(address: str) -> Service:
    try:
        return Service.at(address, settings.FETCH_HOSTS or HOSTS)
    except ValueError:
        raise CommandError(
            _("%(address)s不是可用的地址；应如https://documents.un.org。") % {"address": address},
            returncode=2,
        ) from None


def _pace(options: dict) -> Pace:
    delay = settings.FETCH_DELAY if options["delay"] is None else options["delay"]
    budget = settings.FETCH_BUDGET if options["budget"] is None else options["budget"]
    if not LEAST_DELAY <= delay <= 3600:
        raise CommandError(_("两次请求之间至少隔%(least)g秒。") % {"least": LEAST_DELAY}, returncode=2)
    if budget < 1:
        raise CommandError(_("--budget 应是正数。"), returncode=2)
    return Pace(delay=delay, budget=budget)
