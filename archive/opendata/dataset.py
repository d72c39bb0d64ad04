"""The archive as a data set (schema.org ``Dataset``), for search engines of data sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from archive.schemas.site import DumpManifest

TYPES = {".gz": "application/gzip", ".sqlite3": "application/vnd.sqlite3"}


def dataset(
    manifest: DumpManifest | None, coverage: dict[str, Any], absolute: Callable[[str], str]
) -> dict[str, Any]:
    """The description; files only where a dump is offered. ``coverage`` is that of ``reads.coverage``."""
    first, last = coverage["first"], coverage["last"]
    changed = manifest.date if manifest and manifest.date else coverage["changed"]
    return {
        "@type": "Dataset",
        "@id": absolute(reverse("data")),
        "name": _("1540文献库"),
        "alternateName": "1540 Archive",
        "description": _(
            "联合国安全理事会第1540(2004)号决议的中文文件，逐段附正式编号：各段文字、历次文字和指纹，"
            "对决议、文件、机构、国家和条约的提及，以及哪一段引用了哪份文件的哪一段。"
        ),
        "url": absolute(reverse("data")),
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "keywords": [
            _("第1540(2004)号决议"),
            _("不扩散"),
            _("安全理事会"),
            "UNSCR 1540",
            "non-proliferation",
        ],
        "usageInfo": absolute(reverse("data") + "#terms"),
        "creator": {"@type": "Organization", "name": _("1540文献库"), "url": absolute("/")},
        "version": manifest.revision if manifest else None,
        "dateModified": changed.isoformat() if changed else None,
        "temporalCoverage": f"{first}/{last}" if first and last else None,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": _("1540文献库"), "url": absolute("/")},
        "distribution": _files(manifest, absolute),
    }


def _files(manifest: DumpManifest | None, absolute: Callable[[str], str]) -> list[dict[str, Any]]:
    files = [
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": absolute(reverse("data_file", args=[file.name])),
            "encodingFormat": next(kind for end, kind in TYPES.items() if file.name.endswith(end)),
            "contentSize": str(file.bytes),
            "sha256": file.sha256,
        }
        for file in (manifest.files if manifest else ())
    ]
    citations = {
        "@type": "DataDownload",
        "name": "citations.csv",
        "contentUrl": absolute(reverse("citations_csv")),
        "encodingFormat": "text/csv",
    }
    return [*files, citations]
