"""What a database server is asked to bear with, and for how long: its connections, and what waits on it."""

from typing import NamedTuple


class Limits(NamedTuple):
    """A process's limits on a server; SQLite has no need of any."""

    connections: int = 10
    """Upper bound of connections; whoever needs one more waits until one is free."""

    statement_timeout: float = 30.0
    """Seconds that a statement may take before the server ends it; migrations take what they need."""

    lock_timeout: float = 10.0
    """Seconds that a statement waits for what another transaction has locked."""

    patience: float = 30.0
    """Seconds to wait for a connection: until one is free, or a server that has no more to give has one."""


DEFAULT = Limits()
