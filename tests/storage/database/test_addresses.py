"""A PostgreSQL server's address as providers give it, and psql takes it: with `sslmode` and whatever else is in it."""

import pytest
from sqlalchemy import make_url, text

from storage.database.base import CannotOpenError
from storage.database.open import database_place, open_database, passwords
from tests.storage.database.test_silent_server import NO_TLS, silent_after

REFUSED = "The database server does not let us in: "


async def refused(url: str) -> str:
    """Why a database cannot be opened."""
    database = open_database(url)
    with pytest.raises(CannotOpenError) as caught:
        await database.upgrade()
    await database.close()
    return str(caught.value)


@pytest.mark.postgresql
async def test_what_psql_knows_and_the_servers_settings_stand_in_an_address(postgresql_url: str) -> None:
    told = {"sslmode": "prefer", "application_name": "a bot & more", "work_mem": "5MB"}
    database = open_database(make_url(postgresql_url).update_query_dict(told).render_as_string(hide_password=False))
    settings = text("SELECT current_setting('application_name') || ', ' || current_setting('work_mem')")
    assert await database.read(lambda connection: connection.scalar(settings)) == "a bot & more, 5MB"
    await database.close()


async def test_no_server_is_spoken_to_openly_that_is_not_to_be() -> None:
    async with silent_after([NO_TLS]) as url:
        assert "rejected SSL upgrade" in await refused(f"{url}?sslmode=require")


@pytest.mark.postgresql
async def test_an_address_may_begin_as_some_providers_have_it(postgresql_url: str) -> None:
    database = open_database(postgresql_url.replace("postgresql://", "postgres://"))
    await database.upgrade()
    await database.close()
    assert database_place("postgres://racing@host/racing") == database_place("postgresql://racing@host/racing")


@pytest.mark.postgresql
async def test_what_nobody_knows_is_named(postgresql_url: str) -> None:
    wrong = make_url(postgresql_url).update_query_dict({"nonsense": "1"}).render_as_string(hide_password=False)
    why = "Look at DATABASE_URL, and at the server's log."
    assert await refused(wrong) == f'{REFUSED}unrecognized configuration parameter "nonsense". {why}'
    wrong = make_url(postgresql_url).update_query_dict({"sslmode": "bogus"}).render_as_string(hide_password=False)
    assert (await refused(wrong)).startswith(f"{REFUSED}`sslmode` parameter must be one of: disable, allow, prefer,")


def test_a_port_that_is_none_is_no_address() -> None:
    with pytest.raises(CannotOpenError, match="is not a database's address"):
        open_database("postgresql://racing@127.0.0.1:99999/racing")


def test_a_keys_password_is_one() -> None:
    assert passwords("postgresql://racing@127.0.0.1/racing?sslpassword=hush") == {"hush"}
