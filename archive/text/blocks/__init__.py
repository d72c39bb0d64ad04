"""Lines into blocks: undoing wraps and page breaks, reading numbers, bullets, footnotes and signatures."""

from .assemble import assemble_blocks
from .block import Block

__all__ = ["Block", "assemble_blocks"]
