"""Symbols (文号) of UN documents: every spelling in, one canonical form out."""

from .errors import Reason, SymbolError
from .grammar import SymbolKind
from .symbol import Symbol, symbols_within

__all__ = ["Reason", "Symbol", "SymbolError", "SymbolKind", "symbols_within"]
