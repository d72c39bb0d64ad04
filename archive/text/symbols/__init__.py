"""Symbols (文号) of UN documents: every spelling in, one canonical form out."""

from .errors import Reason, SymbolError
from .grammar import SymbolKind
from .symbol import Symbol, may_be_of_pair, short_symbol, symbols_within, un_url

__all__ = [
    "Reason",
    "Symbol",
    "SymbolError",
    "SymbolKind",
    "may_be_of_pair",
    "short_symbol",
    "symbols_within",
    "un_url",
]
