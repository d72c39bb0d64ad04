"""Images of the pages of originals, and where the lines of each paragraph stand on them.

Made once, outside requests, into a folder of the data folder for each source file: ``making`` writes,
and registers with withholding; ``places`` reads and tells which pages law forbids to show.
"""

from .making import make_images

__all__ = ["make_images"]
