"""What editors do to what is held: withdrawing, merging and taking back, and the desk's forms for it.

These acts read and write through the importer, and so stand above it; ``archive.links`` only reads what they
leave behind.
"""
