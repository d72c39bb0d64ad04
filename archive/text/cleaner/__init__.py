"""The cleaner: from the source's text to lines of the body, with all that is left out recorded."""

from .clean import LEFT_OUT, Cleaned, clean

__all__ = ["LEFT_OUT", "Cleaned", "clean"]
