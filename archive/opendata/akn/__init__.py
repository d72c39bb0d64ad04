"""A document as Akoma Ntoso 1.0 (OASIS, namespace 3.0), as the UN's own guidelines AKN4UN shape it.

Every block of the archive is in the file, in the order of the document, with its text unchanged; what the
guidelines leave open is stated where it is decided (``naming``, ``ids``).
"""

from .write import akoma_ntoso

__all__ = ["akoma_ntoso"]
