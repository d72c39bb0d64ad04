"""Querysets of the archive. Each page calls one of these; none issues a query for every row.

A ``symbol`` argument is canonical. Mentions that are not certain never count. "Cited by" (backlinks) and
"citing" count paragraphs, not mentions: a paragraph that names a resolution twice cites it once. A number
that occurs only inside a body's name (第1540(2004)号决议所设委员会) or only in a heading names the resolution
but cites it for nothing: such paragraphs are counted apart (``ParagraphQuerySet.only_naming``).
"""
