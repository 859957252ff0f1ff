"""A server that goes away after it was opened, and before anything was read of it."""

import asyncio

import pytest

from storage.database.base import CannotOpenError, opening
from storage.database.limits import Limits
from storage.database.open import open_database
from storage.voter_secret import has_votes
from tests.chaos.server_troubles import racing_server
from tests.support.postgresql import Server

IMPATIENT = Limits(patience=1.0)


@pytest.mark.postgresql
def test_a_server_that_goes_away_at_the_start_is_a_sentence() -> None:
    with racing_server() as (server, url):
        asyncio.run(_opened(server, url))
        server.start()  # as it is stopped in the end


async def _opened(server: Server, url: str) -> None:
    database = open_database(url, IMPATIENT)
    try:
        await database.upgrade()
        server.kill()
        with pytest.raises(CannotOpenError, match="Look whether it is up"), opening():
            await has_votes(database)
    finally:
        await database.close()
