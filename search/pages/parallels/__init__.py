"""Text reuse (parallel passages): other paragraphs of the archive that share a run of words with one.

``passages`` finds what is shared, in a slice of the index, in order by paragraph, the first occurrence
of each wording and follows a clause through resolutions; ``views`` shows it.
"""
