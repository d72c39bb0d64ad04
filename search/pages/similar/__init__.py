"""Similar paragraphs: those that share the telling words of a paragraph.

Passages that are the same character for character are another matter: ``search.pages.parallels``.
"""
