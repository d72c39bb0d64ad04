"""Short names for the elements of Word files: ``w:p`` in whichever namespace a program writes it."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element

# As Word writes, and as ISO/IEC 29500 Strict has it.
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}


@lru_cache(maxsize=4096)
def renamed(name: str) -> str:
    """``w:p`` for a name as ``xml_stream`` gives it; names of other namespaces keep the local one."""
    namespace, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else (f"_:{local}" if namespace else local)


def below(parent: Element | None, *names: str) -> Element | None:
    """The first descendant by a path of names; short names are no XPath."""
    for name in names:
        parent = parent.find(name) if parent is not None else None
    return parent


def value_of(parent: Element | None, name: str) -> str | None:
    """The ``w:val`` of the child ``name``; "" where the child has none, None where there is no child."""
    child = parent.find(name) if parent is not None else None
    return child.get("w:val", "") if child is not None else None


def is_on(parent: Element | None, name: str) -> bool | None:
    """A toggle (``<w:b/>``, ``<w:b w:val="0"/>``); None where it is not stated."""
    value = value_of(parent, name)
    return None if value is None else value not in ("0", "false", "off")


def number_of(text: str | None, least: int = 0, most: int = 1_000_000) -> int | None:
    """``text`` as an integer within bounds, else None: files of strangers state anything."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if least <= value <= most else None
