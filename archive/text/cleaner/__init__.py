"""The cleaner: from the source's text to lines of the body, with all that is left out recorded."""

from .clean import STRUCK, Cleaned, clean

__all__ = ["STRUCK", "Cleaned", "clean"]
