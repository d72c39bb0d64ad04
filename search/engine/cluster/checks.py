"""System checks of the cluster's settings, before a site starts. The cluster is not contacted."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Tags, Warning, register

from .connection import ClusterSettings, configured

# https://docs.opensearch.org/latest/api-reference/index-apis/create-index/#index-naming-restrictions
PREFIX = re.compile(r"[^-_+.A-Z\s:\"*/\\|?#><,][^A-Z\s:\"*/\\|?#><,]*")
LOCAL = ("localhost", "127.0.0.1", "::1")


@register(Tags.compatibility)
def check_cluster(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Checks ``SEARCH_URL`` and the related settings for errors and risks."""
    cluster = configured()
    return [] if cluster is None else [*_wrong(cluster)]


def _wrong(cluster: ClusterSettings) -> Iterator[CheckMessage]:
    if importlib.util.find_spec("opensearchpy") is None:
        yield Error(
            "SEARCH_ENGINE=opensearch: the package opensearch-py is missing.",
            hint="pip install --require-hashes -r requirements-servers.lock",
            id="search.E001",
        )
    for url in cluster.urls:
        if fault := _fault(url):
            yield Error(
                f"SEARCH_URL: “{_shown(url)}” {fault}.",
                hint="Addresses of nodes, divided by commas: https://node1.example:9200",
                id="search.E002",
            )
        elif cluster.user and urlsplit(url).scheme == "http" and urlsplit(url).hostname not in LOCAL:
            yield Warning(
                f"SEARCH_URL: the password goes to “{url}” without encryption.",
                hint="Use https://, and SEARCH_CA for an authority of your own.",
                id="search.W001",
            )
    if bool(cluster.user) != bool(cluster.password):
        given, other = ("USER", "PASSWORD") if cluster.user else ("PASSWORD", "USER")
        yield Error(f"SEARCH_{given} is set without SEARCH_{other}.", id="search.E003")
    if cluster.ca and not Path(cluster.ca).is_file():
        yield Error(f"SEARCH_CA: there is no file “{cluster.ca}” that can be read.", id="search.E004")
    if not PREFIX.fullmatch(cluster.prefix):
        yield Error(
            f"SEARCH_PREFIX: no index can be called “{cluster.prefix}…”.",
            hint="Lower-case letters, digits and hyphens, a letter first.",
            id="search.E005",
        )
    for name, value, least in (
        ("TIMEOUT", cluster.timeout, "greater than 0"),
        ("SHARDS", cluster.shards, "1 or more"),
        ("REPLICAS", cluster.replicas, "0 or more"),
    ):
        if value < 0 or (name != "REPLICAS" and value == 0):
            yield Error(f"SEARCH_{name}: {value:g} cannot be; {least}.", id="search.E006")


def _fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"is no address ({error})"
    if parts.scheme not in ("http", "https"):
        return "does not begin with http:// or https://"
    if not host or re.search(r"\s", url):
        return "names no host"
    if parts.username or parts.password:
        return "holds a password; SEARCH_USER and SEARCH_PASSWORD are for that"
    if parts.query or parts.fragment:
        return "goes on behind the address of a node"
    return ""


def _shown(url: str) -> str:
    """Masks a password in an address."""
    return re.sub(r"//[^/@]*@", "//…@", url)
