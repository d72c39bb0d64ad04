"""What stands before the hosts: nginx."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

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


class Proxy:
    """nginx as docs/OPERATION.md sets it up, without TLS; its list is read anew where a host comes or goes.

    That a host is killed it notices by itself: it is told nothing before.
    """

    def __init__(self, program: str, folder: Path, hosts: Sequence[Host]) -> None:
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


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body of an answer. Raises OSError or HTTPException where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
