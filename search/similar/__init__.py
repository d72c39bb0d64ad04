"""Similar paragraphs: those that share the telling words of a paragraph, or of a text that a reader gives.

``shared_words`` weighs the words and ranks paragraphs by them; ``views`` shows it. Passages that are the same
character for character are another matter: ``search.parallels``.
"""

from .shared_words import Similar, Similars, similar_to_paragraph, similar_to_text

__all__ = ["Similar", "Similars", "similar_to_paragraph", "similar_to_text"]
