"""robots.txt (RFC 9309), with the policy in words above it."""

from __future__ import annotations

from collections.abc import Callable

POLICY = """\
# The 1540 archive: UN documents in Chinese, paragraph by paragraph. All of it may be read, kept and indexed,
# by any robot and for any purpose. For the whole of it please take the dump at {data} instead of
# every page; for what is new the feed at {feed}.
# What costs a search for every address is left out below. Readers are not tracked: no cookies, no logs of who
# reads what. More often than is polite gets 429 with Retry-After."""
# A list under two conditions is one of very many, and shows nothing that the list itself does not; the files
# of a list under conditions are for programs that ask for them. Both are told here to robots that know ``*``;
# to others such pages say nofollow.
COMBINED = ("/*?*&", "/*.json?", "/*.jsonld?", "/*.csv?", "/*.xlsx?")
CLOSED = (
    "/search", "/concordance", "/go", "/suggest", "/check", "/compare?", "/basket",
    "/*/parallels", "/*/similar", "/timegate/", "/timemap/", "/memento/",
    "/*/cite$", "/*/cite.json", "/*.ris$", "/*.bib$", "/*.csl.json$", "/c/*.svg",
    "/admin/", "/*?after=", "/*&after=", "/*?before=", "/*&before=",
)  # fmt: skip


def robots_txt(absolute: Callable[[str], str]) -> str:
    """The file; ``absolute`` makes an address of a path."""
    lines = [
        POLICY.format(data=absolute("/data"), feed=absolute("/documents.atom")),
        "User-agent: *",
        *[f"Disallow: {path}" for path in (*CLOSED, *COMBINED)],
        "Allow: /",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return "\n".join(lines) + "\n"
