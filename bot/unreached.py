"""Why a service was not reached, in words: a library's name for it may say otherwise, and its text holds addresses."""

from collections.abc import Iterator

import aiohttp

NOT_FOUND = "its name is not found"
NOT_TRUSTED = "its certificate is not trusted"
REFUSES = "it refuses connections"
LATE = "no answer in time"
HANGS_UP = "it hangs up"
MAKES_NO_SENSE = "its answer makes no sense"
FAILS = "the connection fails"


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), NOT_FOUND),
    ((aiohttp.ClientSSLError,), NOT_TRUSTED),
    ((ConnectionRefusedError,), REFUSES),
    ((TimeoutError,), LATE),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError), HANGS_UP),
    ((ValueError,), MAKES_NO_SENSE),
)
"""What a failure is, by what it came of; the first that fits says most."""


def unreached(error: BaseException) -> str:
    """What is wrong, by what an error came of: httpx takes a refused connection for a timeout."""
    causes = [*_causes(error)]
    fitting = (says for kinds, says in _REASONS if any(isinstance(cause, kinds) for cause in causes))
    return next(fitting, FAILS)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
