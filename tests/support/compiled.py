"""What statements are in SQL, for all databases of a kind: each test has its own, and would work them all out anew."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.default import DefaultDialect

MOST = 5_000
"""Statements that are remembered; with more, all are forgotten."""


class Compiled(dict[Any, Any]):
    """SQLAlchemy's compiled statements, by all that they depend on but the one engine that they were compiled for."""

    def get(self, key: Any, default: Any = None) -> Any:
        """A statement compiled for any engine of the kind."""
        _dialect, *rest = key
        return super().get(tuple(rest), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        if len(self) >= MOST:
            self.clear()
        _dialect, *rest = key
        super().__setitem__(tuple(rest), compiled)


def compile_once() -> Callable[[], None]:
    """Compile each statement once for all engines of a dialect from now on, until what comes back is called.

    Each engine is told when it is made: listening to all connections would have SQLAlchemy ask at every step of every
    statement whether somebody listens to that one too, which is a fifth of what reading costs.
    """
    kinds: dict[type, Compiled] = {}
    patch = pytest.MonkeyPatch()

    def created(_dialect: type[Dialect], engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=kinds.setdefault(type(engine.dialect), Compiled()))

    patch.setattr(DefaultDialect, "engine_created", classmethod(created))
    return patch.undo
