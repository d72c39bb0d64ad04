"""Readers of files as people have them: bytes to lines with what the format knows of each.

Plain Python without Django, so that the child processes in which readers run start fast. What readers say
(refusals, remarks) are codes with values; ``archive.intake.importing.words`` has the sentences.
"""

from .sniff import format_of
from .source import NotReadableError, Source

__all__ = ["NotReadableError", "Source", "format_of", "read_file"]


def read_file(data: bytes, name: str) -> Source:
    """Read a file in this process, whatever its format is. ``name`` is that of the file; no rule reads it.

    Raises NotReadableError with a code where the format is not read or the file is damaged. Files from
    strangers are read by ``pool.read_file``, which does this in a child process with limits.
    """
    from .formats import reader_of

    return reader_of(format_of(data))(data, name)
