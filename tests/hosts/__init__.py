"""Several hosts on one machine: two that serve with folders of their own behind a proxy, one that imports, a
database; with ``--cluster`` three nodes of OpenSearch that answer searches.

``python -m tests.hosts [--seconds N] [--rounds N] [--cluster]`` kills each of them in turn while readers read
and documents come in, and holds two promises: no answer is wrong (a document that was stored is there, and a
search finds it or says that it does not cover it), and nothing that was stored is lost. The proxy is nginx.
"""
