"""How a paragraph is addressed: paths, short codes, its place in the document."""
