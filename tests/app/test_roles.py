"""Which roles a process may be told to have, and what is said of those that it cannot have."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.roles import ALL, CannotSplitError, Role, Roles, UnknownRoleError, check, parse, spoken
from bot.app.settings import Settings
from bot.forms.secret import Secret

TELEGRAM, DISCORD = Secret("42:an-invented-token"), Secret("hush.hush.hush")


@pytest.fixture
def server(settings: Settings) -> Settings:
    """Settings of a bot on a PostgreSQL server, without any token."""
    return replace(settings, database_url="postgresql://crash@localhost/crash")


@pytest.mark.parametrize(
    "said", ["telegram,race-control", " Race-Control , telegram,", "telegram,telegram,race-control"]
)
def test_roles_are_named_in_any_order(said: str) -> None:
    assert parse(said) == {Role.TELEGRAM, Role.RACE_CONTROL}


def test_all_of_them_are_what_a_bot_does_that_is_told_nothing() -> None:
    assert parse(spoken(ALL)) == ALL
    assert spoken(ALL) == "telegram,discord,deliver,season,race-control,web"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("telegram,pit-wall", "pit-wall is no role: there are telegram, discord, deliver, season, race-control, web."),
        (",", "no role is named: there are telegram, discord, deliver, season, race-control, web."),
    ],
)
def test_a_role_that_there_is_not_is_told_in_a_sentence(said: str, told: str) -> None:
    with pytest.raises(UnknownRoleError) as error:
        parse(said)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("role", "lack"),
    [
        (Role.TELEGRAM, "This process is to have the role telegram, and TELEGRAM_BOT_TOKEN is not set."),
        (Role.DISCORD, "This process is to have the role discord, and DISCORD_TOKEN is not set."),
        (
            Role.DELIVER,
            "This process is to have the role deliver, and neither TELEGRAM_BOT_TOKEN nor DISCORD_TOKEN is set.",
        ),
        (Role.RACE_CONTROL, "This process is to have the role race-control, and RACE_CONTROL is off."),
    ],
)
def test_what_a_role_lacks_is_named(server: Settings, role: Role, lack: str) -> None:
    with pytest.raises(CannotSplitError) as error:
        check(frozenset({role, Role.WEB}), replace(server, race_control="off"))
    assert str(error.value) == lack


@pytest.mark.parametrize("roles", [{Role.TELEGRAM}, {Role.DISCORD, Role.DELIVER}, {Role.SEASON, Role.RACE_CONTROL}])
def test_processes_share_a_server(server: Settings, roles: Roles) -> None:
    listens = replace(server, race_control="live-timing")
    check(frozenset(roles), replace(listens, telegram_bot_token=TELEGRAM, discord_token=DISCORD))


def test_on_sqlite_one_process_does_everything(tmp_path: Path) -> None:
    alone = Settings(data_dir=tmp_path, telegram_bot_token=TELEGRAM)
    with pytest.raises(CannotSplitError, match=r"^On SQLite one process has the database's file, and does everything"):
        check(frozenset({Role.TELEGRAM}), alone)
    check(ALL, alone)
    check(frozenset({Role.WEB}), alone)
