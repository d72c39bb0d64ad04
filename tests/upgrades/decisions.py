"""What an operator decided by hand, by table: the row that is meant, and what it says since."""

from __future__ import annotations

EDITS: tuple[tuple[str, dict[str, str], dict[str, object]], ...] = (
    ("Body", {"slug": "general-assembly"}, {"name": "联合国大会全体会议"}),
    ("Body", {"slug": "security-council"}, {"aliases": ["安理会"]}),  # fewer than were shipped
    ("State", {"alpha3": "CUB"}, {"name": "古巴国"}),
    ("DocumentSeries", {"prefix": "CD/"}, {"name": "裁谈会的文件"}),
    ("Resolution", {"symbol": "S/RES/1540(2004)"}, {"summary": "编者所写的内容提要"}),
    ("ThesaurusConcept", {"slug": "export-control"}, {"name": "出口管制措施"}),
)
WITHDRAWN = "CD/2118"  # one of the bundled documents
