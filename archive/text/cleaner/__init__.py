"""The cleaner: from the source's text to lines of the body, with all that is left out recorded."""

from .clean import Cleaned, clean

__all__ = ["Cleaned", "clean"]
