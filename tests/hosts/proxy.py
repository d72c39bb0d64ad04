"""What stands before the hosts: nginx where it is installed, else a small one of these tests."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.hosts.web import QUIET, Host, free_port

PATIENCE = 60  # seconds for one answer
READY_WITHIN = 20  # seconds
CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream hosts {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        large_client_header_buffers 4 64k;
        location / {{
            proxy_pass http://hosts;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_read_timeout 70s;
        }}
    }}
}}
"""


class Proxy(Protocol):
    """Asks one of the hosts in its list, and the next one where that does not answer."""

    name: str

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body; 502 to 504 where no host answers."""

    def list_ready(self) -> None:
        """From now on those hosts are asked that are ready."""

    def stop(self) -> None:
        """End it."""


class OwnProxy:
    """Asks the hosts in turn that are ready."""

    name = "a small one of these tests"

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._hosts, self._turns = hosts, 0

    def ask(self, path: str) -> tuple[int, str]:
        for _host in self._hosts:
            self._turns += 1
            host = self._hosts[self._turns % len(self._hosts)]
            if host.ready:
                with suppress(OSError, http.client.HTTPException):
                    return ask(host.port, path)
        return 502, ""

    def list_ready(self) -> None:
        """It looks each time."""

    def stop(self) -> None:
        """Nothing runs."""


class Nginx:
    """nginx as docs/OPERATION.md sets it up, without TLS; its list is read anew where a host comes or goes.

    That a host is killed it notices by itself: it is told nothing before.
    """

    def __init__(self, program: str, folder: Path, hosts: Sequence[Host]) -> None:
        said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
        self.name = said.strip().rpartition(" ")[2]
        self._folder, self._hosts, self._port = folder, hosts, free_port()
        folder.mkdir()
        self._write()
        options = ["-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
        self._process = subprocess.Popen([program, *options], start_new_session=True, **QUIET)
        until = time.monotonic() + READY_WITHIN
        while not (folder / "nginx.pid").exists() and time.monotonic() < until:
            time.sleep(0.1)

    def _write(self) -> None:
        ready = [
            f"server 127.0.0.1:{host.port} max_fails=1 fail_timeout=1s;" for host in self._hosts if host.ready
        ]
        user = "user root;" if os.geteuid() == 0 else ""
        given = {"folder": self._folder, "port": self._port, "user": user}
        servers = " ".join(ready or ["server 127.0.0.1:9 down;"])
        (self._folder / "nginx.conf").write_text(CONFIGURATION.format(servers=servers, **given), "utf-8")

    def ask(self, path: str) -> tuple[int, str]:
        try:
            return ask(self._port, path)
        except (OSError, http.client.HTTPException):
            return 502, ""  # what had begun to come was broken off: no answer

    def list_ready(self) -> None:
        self._write()
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(READY_WITHIN)


def before(folder: Path, hosts: Sequence[Host]) -> Proxy:
    """A proxy that stands before ``hosts``; its files lie in ``folder``."""
    program = shutil.which("nginx")
    return Nginx(program, folder / "nginx", hosts) if program else OwnProxy(hosts)


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body of an answer. Raises OSError or HTTPException where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
