"""Logs of a program that is run within the tests' process: they go where they went before, once it has ended."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from bot.app.logs import QUIET


@contextmanager
def logs_as_before() -> Iterator[None]:
    """Let logs be configured while this lasts, and no logger remember how."""
    loggers = [logging.getLogger(), *map(logging.getLogger, ("uvicorn.error", *QUIET))]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    configure, was = structlog.configure, structlog.get_config() if structlog.is_configured() else None

    def configured(**how: Any) -> None:
        configure(**{**how, "cache_logger_on_first_use": False})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog, "configure", configured)
        yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers = handlers
    structlog.reset_defaults()
    if was is not None:
        structlog.configure(**was)
