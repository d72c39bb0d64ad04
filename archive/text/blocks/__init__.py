"""Lines into blocks: undoing wraps and page breaks, reading numbers, bullets, footnotes and signatures."""

from .assemble import Block, assemble_blocks

__all__ = ["Block", "assemble_blocks"]
