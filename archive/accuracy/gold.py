"""What a reader says of the bundled documents: ``fixtures/gold/NAME.json``, made by hand, by reading.

Blocks with their text, the kinds that are right, the number, the index of the parent, speaker or submitter;
mentions ``[block, start, end, symbol, pinpoint]`` and bodies ``[block, start, end, name, must be found]``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
GOLD, DOCUMENTS = FIXTURES / "gold", FIXTURES / "documents"


def sources() -> dict[str, Path]:
    """The bundled sources that a reader has marked, by name."""
    found = sorted(path for path in DOCUMENTS.iterdir() if path.suffix in (".txt", ".md"))
    return {path.stem: path for path in found if (GOLD / f"{path.stem}.json").exists()}


def gold_of(name: str) -> dict[str, Any]:
    """What a reader says of the document ``name``."""
    return json.loads((GOLD / f"{name}.json").read_text("utf-8"))
