"""The command: starts the hosts, kills them in turn, counts what readers were told."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.hosts.database import database
from tests.hosts.load import Load, differing
from tests.hosts.web import Host, Worker, command, environment

READERS = 3
SETTLED_WITHIN = 120  # seconds


def main(arguments: list[str] | None = None) -> int:
    """1 where an answer was wrong or something stored was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.hosts", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="between the first kill and the last")
    parser.add_argument("--seed", type=int, default=1540)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(1))  # what was started is stopped then, too
    with tempfile.TemporaryDirectory(prefix="hosts-") as name, database(Path(name)) as server:
        folder = Path(name)
        hosts = []
        for label in ("a", "b"):
            site = environment(folder, label, server.address)
            command(site, "prepare")
            hosts.append(Host(label, site))
        worker = Worker(environment(folder, "worker", server.address), folder / "given")
        load = Load(hosts, worker, options.seed)
        kills: dict[str, Callable[[], None]] = {
            "host a": hosts[0].kill_and_start,
            "host b": hosts[1].kill_and_start,
            "worker": worker.kill,
            "database": server.kill_and_start,
        }
        threads = [threading.Thread(target=load.read, args=(one,), daemon=True) for one in range(READERS)]
        threads.append(threading.Thread(target=worker.work, daemon=True))
        try:
            for host in hosts:
                host.start()
            for thread in threads:
                thread.start()
            load.wait_for(2)
            for number in range(2 * len(kills)):
                name = list(kills)[number % len(kills)]
                load.told(f"killed: {name}")
                kills[name]()
                time.sleep(options.seconds / (2 * len(kills)))
            load.end()
            worker.end()
            for thread in threads:
                thread.join(60)
            load.settle(SETTLED_WITHIN)
            lost = differing(hosts, worker.stored)
        finally:
            worker.kill()
            for host in hosts:
                host.stop()
    sys.stdout.write(load.report(len(worker.stored), lost))
    return 1 if load.wrong or lost else 0


if __name__ == "__main__":
    sys.exit(main())
