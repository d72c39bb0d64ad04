"""Images of the pages of originals, and the positions of each paragraph's lines on them.

Made once, outside requests, into a folder of the data folder for each source file: ``making`` writes, and
registers with withholding; ``places`` reads and tells which pages law forbids to show.
"""

from .making import make_images

__all__ = ["make_images"]
