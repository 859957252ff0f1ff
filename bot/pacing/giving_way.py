"""How long work in threads gives way to the event loop: a vote that comes meanwhile is not to wait for it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

A_TURN = 0.0005
"""Seconds after which a thread that works is asked to let another one go on; usually ten times as many."""


@contextmanager
def giving_way() -> Iterator[None]:
    """Let threads take short turns, as long as there is much to do in one beside the event loop."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(A_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def tidy_up() -> None:
    """Have the youngest objects looked through while they are few: all wait while the collector does."""
    gc.collect(0)
