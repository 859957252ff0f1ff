"""What all connections do while a test listens to them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def overheard(what: str, note: Callable[..., None]) -> Iterator[None]:
    """Note each `what`, one of SQLAlchemy's events, of all connections while this lasts.

    SQLAlchemy remembers for good that somebody listened, and asks at each step of each statement whether they still do,
    which costs a fifth of what reading takes; so it is told that nobody does.
    """
    event.listen(Engine, what, note)
    try:
        yield
    finally:
        event.remove(Engine, what, note)
        Engine._has_events = False
