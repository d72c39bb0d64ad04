"""The checker: a pasted draft, its citations and quotations compared with the archive. Nothing is kept."""

from .check import check
from .report import Report

__all__ = ["Report", "check"]
