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
    return replace(settings, database_url="postgresql://crash@localhost/crash", voter_secret=Secret("f1" * 16))


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
        (
            Role.WEB,
            (
                "This process is to have the role web, and WEB_URL is not set:"
                " the address that people know the pages by, as https://f1.example.org."
            ),
        ),
    ],
)
def test_what_a_role_lacks_is_named(server: Settings, role: Role, lack: str) -> None:
    with pytest.raises(CannotSplitError) as error:
        check(frozenset({role}), replace(server, race_control="off"))
    assert str(error.value) == lack


@pytest.mark.parametrize("roles", [{Role.TELEGRAM}, {Role.DISCORD, Role.DELIVER}, {Role.SEASON, Role.RACE_CONTROL}])
def test_processes_share_a_server(server: Settings, roles: Roles) -> None:
    listens = replace(server, race_control="live-timing")
    check(frozenset(roles), replace(listens, telegram_bot_token=TELEGRAM, discord_token=DISCORD))


def test_on_sqlite_one_process_does_everything(tmp_path: Path) -> None:
    alone = Settings(data_dir=tmp_path, telegram_bot_token=TELEGRAM, web_url="http://127.0.0.1")
    with pytest.raises(CannotSplitError, match=r"^On SQLite one process has the database's file, and does everything"):
        check(frozenset({Role.TELEGRAM}), alone)
    check(ALL, alone)
    check(frozenset({Role.WEB}), alone)


@pytest.mark.usefixtures("never_ran")
@pytest.mark.parametrize("roles", [{Role.TELEGRAM}, {Role.DELIVER, Role.WEB}, {Role.SEASON}])
def test_processes_that_share_votes_make_no_secrets_of_their_own(server: Settings, roles: Roles) -> None:
    each_its_own = replace(server, telegram_bot_token=TELEGRAM, voter_secret=None, web_url="http://127.0.0.1")
    with pytest.raises(
        CannotSplitError, match=r"VOTER_SECRET is not set: with a secret of its own everybody could vote"
    ):
        check(frozenset(roles), each_its_own)
    check(frozenset({Role.WEB}), each_its_own)
    check(ALL, each_its_own)


def test_a_secret_that_is_there_already_is_shared_by_those_who_have_its_folder(server: Settings) -> None:
    (server.data_dir / "voter-secret").write_bytes(b"s" * 32)
    check(frozenset({Role.TELEGRAM}), replace(server, telegram_bot_token=TELEGRAM, voter_secret=None))
