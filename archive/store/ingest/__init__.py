"""From parsed documents to the archive's tables: ``store_document`` is the one way in.

``checks`` refuses what is inconsistent; ``symbols`` finds the row; ``facts`` sets the columns; ``paragraphs``
writes the body; ``history`` keeps issued addresses; ``resolve`` links mentions to what is held.
"""
