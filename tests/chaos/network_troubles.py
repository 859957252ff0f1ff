"""What can go wrong on the way to a PostgreSQL server, by names; each is over by itself, and nobody mends it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.chaos.network import Network

FAR = 0.15
"""Seconds that everything takes, each way, where the network is slow."""


@contextmanager
def swallowed(network: Network) -> Iterator[None]:
    """Nothing arrives, either way, nor is anything refused."""
    network.hold()
    yield
    network.release()


@contextmanager
def no_questions(network: Network) -> Iterator[None]:
    """What is said to the server does not arrive; what it said before does."""
    network.hold(back=False)
    yield
    network.release()


@contextmanager
def no_answers(network: Network) -> Iterator[None]:
    """The server does what it is told to, and nobody hears of it."""
    network.hold(there=False)
    yield
    network.release()


@contextmanager
def forgotten(network: Network) -> Iterator[None]:
    """A router has forgotten all connections: for good, as nothing arrives over them when the others do again."""
    network.hold()
    network.forget()
    yield
    network.release()


@contextmanager
def slow(network: Network) -> Iterator[None]:
    """Everything takes its time."""
    network.slow_down(FAR)
    yield
    network.slow_down(0)


NETWORK_TROUBLES: dict[str, Callable[[Network], AbstractContextManager[None]]] = {
    "packets swallowed": swallowed,
    "questions swallowed": no_questions,
    "answers swallowed": no_answers,
    "connections forgotten": forgotten,
    "network slow": slow,
}
