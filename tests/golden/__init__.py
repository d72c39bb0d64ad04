"""The bundled documents as they must come out.

``NAME.json`` is what the code makes of the document; ``make goldens`` writes it anew,
and the difference is what a change to the core is reviewed by.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archive.text import parse_document
from archive.text.serialize import as_json

HERE = Path(__file__).parent
DOCUMENTS = HERE.parents[1] / "fixtures" / "documents"
SOURCES = {path.stem: path for path in sorted(DOCUMENTS.iterdir()) if path.suffix in (".txt", ".md")}


def output_of(name: str) -> dict[str, Any]:
    """What the code makes of the bundled document ``name``, with empty fields left out."""
    printed = as_json(parse_document(SOURCES[name]))
    return {part: _without_nothing(values) for part, values in printed.items()}


def written(output: dict[str, Any]) -> str:
    """``output`` as text, one paragraph or mention a line, so that a difference can be read."""
    parts = []
    for part, values in output.items():
        if isinstance(values, list):
            lines = ",\n".join(f"  {json.dumps(value, ensure_ascii=False)}" for value in values)
            parts.append(f' "{part}": [\n{lines}\n ]' if values else f' "{part}": []')
        else:
            parts.append(f' "{part}": {json.dumps(values, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def expected_path(name: str) -> Path:
    """The file that holds the expected output of the document ``name``."""
    return HERE / f"{name}.json"


def _without_nothing(values: Any) -> Any:
    if isinstance(values, list):
        return [_without_nothing(value) for value in values]
    if isinstance(values, dict):
        return {key: _without_nothing(value) for key, value in values.items() if value not in (None, "", [])}
    return values
