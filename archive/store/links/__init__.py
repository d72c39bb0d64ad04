"""Permalinks: the texts issued under an address, their fate, and their present place.

``permalinks`` answers for one link: ``histories`` follows words through everything that was issued and names
the answers. ``ranges`` does so for several paragraphs at once. ``changes`` lists changes.
"""
