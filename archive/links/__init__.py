"""Keeping the promise of addresses: what was issued under one, what became of it, and where it leads now.

``permalinks`` answers for one link: ``histories`` follows words through everything that was issued and
names the answers. ``ranges`` and ``past_ranges`` do so for several paragraphs at once. ``changes`` tells what
changed; ``integrity`` asks every link ever issued.
"""
