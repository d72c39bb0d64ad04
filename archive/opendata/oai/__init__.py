"""The catalogue for harvesters: OAI-PMH 2.0 (openarchives.org/OAI/openarchivesprotocol.html), all six verbs,
Dublin Core, deleted records, resumption tokens.
"""
