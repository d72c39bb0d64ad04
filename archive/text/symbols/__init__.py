"""Symbols (文号) of UN documents: every spelling in, one canonical form out."""

from .errors import Reason, SymbolError
from .grammar import SymbolKind
from .rivals import are_rivals, named_by, names_another
from .symbol import Symbol, may_be_of_pair, parsed_symbol, short_symbol, symbols_within, un_url

__all__ = [
    "Reason",
    "Symbol",
    "SymbolError",
    "SymbolKind",
    "are_rivals",
    "may_be_of_pair",
    "named_by",
    "names_another",
    "parsed_symbol",
    "short_symbol",
    "symbols_within",
    "un_url",
]
