import asyncio
import datetime as dt
from dataclasses import replace
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.cli.doctor.findings import Mark
from bot.cli.doctor.machine import look_at_secret
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.polls import Question
from bot.domain.voters import KeptVote
from bot.forms.secret import Secret
from bot.search.catalogue import Incidents
from storage.database.base import Database
from storage.database.open import open_database
from storage.voter_secret import (
    BESIDE_ANOTHER,
    SecretError,
    WeakSecretError,
    check_secret,
    check_strength,
    has_votes,
    load_secret,
    weakness,
)
from storage.voters import Voters
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, voter
from tests.support.clock import FakeClock
from tests.support.conversation import conversation

AL = voter(7)


def test_a_pseudonym_is_the_same_always_and_another_for_everybody_else(voters: Voters) -> None:
    assert voters.pseudonym(AL) == voters.pseudonym(User(Platform.TELEGRAM, "7"))
    others = [voters.pseudonym(User(Platform.DISCORD, "7")), voters.pseudonym(voter(8))]
    assert len({voters.pseudonym(AL), *others}) == 3


def test_a_pseudonym_fits_the_database(voters: Voters) -> None:
    pseudonyms = [voters.pseudonym(voter(number)) for number in range(1_000)]
    assert all(-(2**63) <= pseudonym < 2**63 for pseudonym in pseudonyms)
    assert min(pseudonyms) < 0 < max(pseudonyms)


def test_under_another_secret_everybody_has_another_pseudonym(voters: Voters) -> None:
    assert Voters(voters._database, b"another secret").pseudonym(AL) != voters.pseudonym(AL)


async def test_a_voter_can_see_all_that_is_kept(booth: Booth, clock: FakeClock, voters: Voters) -> None:
    clock.set(dt.datetime.fromtimestamp(1_700_000_000, dt.UTC))
    await booth.press("monza-2021 all-hamilton", AL, Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE))
    clock.pass_by(60)
    await booth.press("imola-2021 racing-incident", AL, GRANDSTAND)
    await booth.press("imola-2021 racing-incident", voter(8), PIT_WALL)
    alone = Chat(Platform.TELEGRAM, "private", ChatKind.PRIVATE)
    assert await voters.votes_of(voters.pseudonym(AL)) == [
        KeptVote("monza-2021", Question.BLAME, "all-hamilton", alone, 1_700_000_000, after_ruling=True),
        KeptVote("imola-2021", Question.BLAME, "racing-incident", GRANDSTAND, 1_700_000_060, after_ruling=True),
    ]


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "voter-secret"
    secret = load_secret(None, file)
    assert len(secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_secret(None, file) == secret
    assert [found.name for found in file.parent.iterdir()] == ["voter-secret"]


def test_all_who_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPool(8) as pool:
        secrets = pool.map(lambda _: load_secret(None, tmp_path / "voter-secret"), range(8))
    assert len(set(secrets)) == 1


def test_a_secret_that_is_set_needs_no_file(tmp_path: Path) -> None:
    secret = load_secret("correct horse battery staple", tmp_path / "voter-secret")
    assert secret == load_secret("correct horse battery staple", tmp_path / "elsewhere")
    assert secret != load_secret("another", tmp_path / "elsewhere")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "voter-secret"
    load_secret(None, file)
    file.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600"):
        load_secret(None, file)


@pytest.mark.parametrize("content", [b"", b"half a secret"])
def test_a_damaged_secret_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "voter-secret"
    file.touch(0o600)
    file.write_bytes(content)
    with pytest.raises(SecretError, match="does not hold a secret"):
        load_secret(None, file)
    assert file.read_bytes() == content


def test_a_secret_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "voter-secret").mkdir(0o700)
    with pytest.raises(SecretError, match="cannot be read or made"):
        load_secret(None, tmp_path / "voter-secret")


GOOD = "3f9a0c7d5e21b8846fd07a1c92e6b35f"


@pytest.mark.parametrize("setting", [GOOD, "correct horse battery staple, and a chicane"])
def test_a_long_secret_that_nobody_would_try_is_not_weak(setting: str) -> None:
    assert weakness(setting) is None


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (GOOD[:31], "31 characters, and needs 32"),
        ("0" * 64, "1 different characters, and needs 8"),
        ("tifosi-16." * 5, "again and again"),
        ("my very long and Secret sentence for this bot", "everybody tries first"),
        ("changeme-changeme-changeme-please", "everybody tries first"),
    ],
)
async def test_a_weak_secret_is_refused_and_not_shown(database: Database, setting: str, said: str) -> None:
    with pytest.raises(WeakSecretError, match=f"{said}.*openssl rand -hex 32") as refused:
        await check_strength(database, setting, b"a secret")
    assert setting not in str(refused.value)


async def test_a_weak_secret_by_which_votes_were_counted_locks_nobody_out(database: Database, booth: Booth) -> None:
    await check_secret(database, b"a secret")
    with pytest.raises(WeakSecretError):
        await check_strength(database, GOOD[:20], b"a secret")  # nobody has voted yet
    await booth.press("imola-2021 racing-incident", AL)
    with capture_logs() as logs:
        await check_strength(database, GOOD[:20], b"a secret")
    assert [line["event"] for line in logs] == ["voter_secret.weak"]
    with pytest.raises(WeakSecretError):
        await check_strength(database, GOOD[:21], b"another secret")


async def forget(database: Database) -> None:
    """What the sentence tells whoever changes the secret of several processes to do, once all of them are stopped."""
    await database.write(lambda connection: connection.exec_driver_sql(BESIDE_ANOTHER.rpartition(": ")[2]))


async def test_with_another_secret_nobody_is_a_stranger_who_may_vote_twice(database: Database, booth: Booth) -> None:
    await check_secret(database, b"a secret")
    if database.dialect == "postgresql":
        await forget(database)
    await check_secret(database, b"another secret")  # nobody has voted yet
    await booth.press("imola-2021 racing-incident", AL)
    await check_secret(database, b"another secret")
    with pytest.raises(SecretError, match="counted with another secret"):
        await check_secret(database, b"a secret")
    assert await has_votes(database)


async def test_processes_that_start_at_once_agree_on_one_secret(url: str, database: Database) -> None:
    others = [database] if database.dialect == "sqlite" else [database, open_database(url), open_database(url)]
    await asyncio.gather(*(check_secret(other, b"a secret") for other in others for _time in range(2)))
    for other in others[1:]:
        await other.close()
    await check_secret(database, b"a secret")


@pytest.mark.postgresql
async def test_a_process_with_another_secret_is_refused_before_anybody_has_voted(
    postgresql_url: str, settings: Settings, incidents: Incidents
) -> None:
    server = replace(settings, database_url=postgresql_url)
    first, second = replace(server, voter_secret=Secret(GOOD)), replace(server, voter_secret=Secret(GOOD[::-1]))
    async with conversation(first, incidents) as bot:
        with pytest.raises(SecretError) as refused:
            async with conversation(second, incidents):
                pass
        assert str(refused.value) == BESIDE_ANOTHER
        (finding,) = await look_at_secret(second)
        assert (finding.mark, BESIDE_ANOTHER in finding.remedy) == (Mark.PROBLEM, True)
        async with conversation(first, incidents):
            pass
        await forget(bot.core.stored.database)
    async with conversation(second, incidents):
        assert [found.mark for found in await look_at_secret(second)] == [Mark.OK]


def test_a_secret_that_was_lost_is_not_made_anew_beside_votes(tmp_path: Path) -> None:
    file = tmp_path / "voter-secret"
    with pytest.raises(SecretError, match="is not there"):
        load_secret(None, file, make=False)
    assert not file.exists()
