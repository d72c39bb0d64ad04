"""The command: starts the hosts, kills them in turn, counts what readers were told."""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.cluster.nodes import NODES, URLS, Nodes, lacking
from tests.hosts.load import TITLES, Load, differing, settle
from tests.hosts.proxy import Proxy
from tests.hosts.web import Host, Worker, command, environment
from tests.tools.postgres import Server

READERS = 3
SETTLED_WITHIN = 300  # seconds


def main(arguments: list[str] | None = None) -> int:
    """1 where an answer was wrong or something stored was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.hosts", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of load after the kills, shared among them")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is killed")
    parser.add_argument("--cluster", action="store_true", help="three nodes of OpenSearch answer searches")
    parser.add_argument("--seed", type=int, default=1540)
    options = parser.parse_args(arguments)
    if options.cluster and (missing := _lacking()):
        print(f"SKIPPED: hosts with a cluster need {missing}.")
        return 0
    nginx = shutil.which("nginx")
    if not nginx:
        print("SKIPPED: hosts need nginx (on Debian: apt-get install nginx-light).")
        return 0
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(1))  # what was started is stopped then, too
    with ExitStack() as running:
        folder = Path(running.enter_context(_folder()))
        folder.chmod(0o755)  # the server runs as another user
        (folder / "database").mkdir()
        server = Server(folder / "database", durable=True)
        running.callback(server.stop)
        nodes = _started_nodes(folder / "cluster", running) if options.cluster else None
        search = SEARCH if nodes else {}
        hosts = []
        for label in ("a", "b"):
            site = environment(folder, label, server.address, search)
            command(site, "prepare")
            hosts.append(Host(label, site))
            running.callback(hosts[-1].stop)
        worker = Worker(environment(folder, "worker", server.address, search), folder / "given")
        running.callback(worker.kill)
        for host in hosts:
            host.start()
        proxy = Proxy(nginx, folder / "nginx", hosts)
        running.callback(proxy.stop)
        load = Load(proxy, worker, options.seed)
        kills: dict[str, Callable[[], None]] = {
            **{f"host {host.name}": partial(_kill_host, host, proxy) for host in hosts},
            "worker": worker.kill,
            "database": server.kill_and_start,
        }
        if nodes:
            kills |= {f"node {one}": partial(_kill_node, nodes, one) for one in range(1, NODES + 1)}
        threads = [threading.Thread(target=load.read, args=(one,), daemon=True) for one in range(READERS)]
        threads.append(threading.Thread(target=worker.work, daemon=True))
        for thread in threads:
            thread.start()
        load.wait_for(2)
        print(f"searches: {'three nodes' if nodes else 'each host'}")
        print(TITLES, load.stretches[0].row(), sep="\n", flush=True)
        for name, kill in [*kills.items()] * options.rounds:
            load.during(name, kill)
            time.sleep(options.seconds / (options.rounds * len(kills)))
            print(load.stretches[-1].row(), flush=True)
        load.end()
        worker.end()
        for thread in threads:
            thread.join(60)
        settle(hosts, SETTLED_WITHIN)
        lost = differing(hosts, worker.stored)
    sys.stdout.write(load.report(lost))
    return 1 if load.wrong or lost else 0


SEARCH = {
    "SEARCH_ENGINE": "opensearch",
    "SEARCH_URL": ",".join(URLS),
    "SEARCH_SHARDS": "3",
    "SEARCH_REPLICAS": "1",
}


def _lacking() -> str:
    client = importlib.util.find_spec("opensearchpy")
    return lacking() or ("" if client else "opensearch-py (requirements-servers.lock)")


def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="hosts-", ignore_cleanup_errors=True)


def _started_nodes(folder: Path, running: ExitStack) -> Nodes:
    folder.mkdir()
    nodes = Nodes(folder)
    running.callback(nodes.stop)
    nodes.begin()
    return nodes


def _kill_host(host: Host, proxy: Proxy) -> None:
    """Kill it unannounced, and let nobody wait for it until it is ready: it listens before it can answer."""
    host.stop()
    proxy.list_ready()
    host.start()
    proxy.list_ready()


def _kill_node(nodes: Nodes, number: int) -> None:
    nodes.kill(number)
    nodes.wait(NODES - 1)
    nodes.start(number)
    nodes.wait(NODES, "green")


if __name__ == "__main__":
    sys.exit(main())
