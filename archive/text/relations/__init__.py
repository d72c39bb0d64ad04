"""How a document is cited: the verb or the formula around a mention."""

from .reader import relate

__all__ = ["relate"]
