"""What pages count over everything, in a time that does not grow with the archive.

``shares`` counts what each document adds; ``keeping`` adds that up, in the transaction of the act that
changed the documents; ``reading`` answers from the sums where they speak of the archive's revision, and else
counts anew: no page is ever wrong for a writer that forgot them.
"""
