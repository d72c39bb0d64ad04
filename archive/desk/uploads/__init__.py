"""The desk's way in for files: sent by hand (``receiving``), read by a worker outside of requests
(``worker``), seen, put right (``corrections``) and decided on by curators (``pages``). What reads and stores
is the importer's.
"""
