"""Several hosts on one machine: two that serve with folders of their own, one that imports, a database.

``python -m tests.hosts [--seconds N]`` kills each of them in turn while readers read and documents come in,
and holds two promises: no answer is wrong (a document that was stored is there, and a search finds it or says
that it does not cover it), and nothing that was stored is lost.
"""
