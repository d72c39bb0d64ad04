"""Functions run in forked children, so that the parent stays warm and holds no connection."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

KILLS = {signal.SIGKILL, signal.SIGPROF}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: killed, or with what its function returned or the error that it raised."""

    killed: bool
    value: Any = None
    error: str = ""


def in_child(function: Callable[[], Any]) -> Ended:
    """Run ``function`` in a child and wait for its end. Its value must be one that pickle takes."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(function, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) not in KILLS:
            return Ended(False, error=f"signal {os.WTERMSIG(status)}")
        return Ended(True)
    return pickle.loads(told)


def _be_child(function: Callable[[], Any], writing: int) -> None:
    try:
        ended = Ended(False, function())
    except BaseException:
        ended = Ended(False, error=traceback.format_exc())
    signal.setitimer(signal.ITIMER_PROF, 0)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(pickle.dumps(ended))
    os._exit(0)
