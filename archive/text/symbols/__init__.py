"""Symbols (文号) of UN documents: every spelling in, one canonical form out."""
