import datetime as dt
from dataclasses import replace

import pytest

from bot.app.settings import Settings
from bot.domain.incidents import Incident
from bot.domain.places import Platform, User
from bot.domain.polls import SMALL
from bot.i18n import LANGUAGES
from bot.search.catalogue import Incidents
from tests.support.conversation import Ask, Press, conversation, fields, labels, votes
from tests.support.incidents import CIRCUITS


async def test_the_ruling_stands_beside_the_fans_shares(ask: Ask, al: User, bo: User, cy: User) -> None:
    await ask("/vote monza-2021 all-verstappen", al)
    await ask("/vote monza-2021 mostly-verstappen", bo)
    await ask("/vote monza-2021 racing-incident", cy)
    reply = await ask("/verdict monza", al)
    assert votes(reply) == {
        "Fans, after the ruling (3)": (
            "all Hamilton 0 · mostly Hamilton 0 · racing incident 1 · mostly Verstappen 1 · all Verstappen 1"
        )
    }
    assert fields(reply) == {
        "The stewards, 12 September 2021": "three grid places for Verstappen. There was room for both.",
        "With the ruling": "2 of 3",
    }
    assert [(link.label, link.url) for link in reply.card.links] == [("The FIA", "https://example.org/ruling")]


async def test_before_the_first_vote_there_are_no_shares(ask: Ask, al: User) -> None:
    assert fields(await ask("/verdict monza", al))["Fans"] == "No votes yet."


@pytest.mark.parametrize(
    ("race", "vote", "agreement"),
    [
        ("monza-2021", "all-verstappen", "1 of 1"),
        ("monza-2021", "all-hamilton", "0 of 1"),
        ("imola-2021", "racing-incident", "1 of 1"),
        ("imola-2021", "all-russell", "0 of 1"),
        ("singapore-2017", "raikkonen", "0 of 1"),
        ("baku-2018", "all-ricciardo", None),
        ("adelaide-1994", "all-schumacher", None),
    ],
    ids=str,
)
async def test_fans_agree_with_the_stewards_where_they_blame_the_same(
    ask: Ask, al: User, race: str, vote: str, agreement: str | None
) -> None:
    await ask(f"/vote {race} {vote}", al)
    assert fields(await ask(f"/verdict {race}", al)).get("With the ruling") == agreement


async def test_where_nothing_was_ruled_that_is_said(ask: Ask, al: User) -> None:
    reply = await ask("/verdict adelaide", al)
    assert reply.card.paragraphs == ("No ruling was made, or none that was published.",)
    assert labels(reply) == ["Who was to blame?", "The story"]


async def test_votes_before_and_after_a_ruling_are_told_apart(
    settings: Settings, incidents: Incidents, al: User, bo: User
) -> None:
    imola = incidents.get("imola-2021")
    assert imola is not None
    async with conversation(settings, _only(replace(imola, ruling=None))) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    async with conversation(settings, _only(imola)) as bot:
        await bot.ask("/vote imola-2021 racing-incident", bo)
        verdict = fields(await bot.ask("/verdict imola", al))
    assert verdict["Votes before the ruling (1)"] == "Russell 1"
    assert verdict["Votes after the ruling (1)"] == "racing incident 1"
    assert verdict["With the ruling"] == "1 of 2"


async def test_a_ruling_that_is_not_made_yet_leaves_all_votes_before_it(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    imola = incidents.get("imola-2021")
    assert imola is not None
    assert imola.ruling is not None
    ruling = replace(imola.ruling, date=dt.date(2999, 1, 1))
    async with conversation(settings, _only(replace(imola, ruling=ruling))) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        verdict = await bot.ask("/verdict imola", al)
    assert votes(verdict).keys() == {"Fans, before the ruling"}
    assert "Votes after the ruling (1)" not in fields(verdict)


async def test_where_there_is_no_poll_only_the_ruling_is_told(ask: Ask, al: User) -> None:
    reply = await ask("/verdict suzuka 2022", al)
    assert fields(reply) == {}
    assert labels(reply) == ["The story"]


async def test_several_that_fit_are_offered(ask: Ask, press: Press, al: User) -> None:
    reply = await press(await ask("/verdict senna", al), "1990 Prost, Senna", al)
    assert reply.card.title == "The verdict: Prost and Senna, Suzuka 1990"


async def test_without_an_argument_there_are_verdicts_to_pick_from(ask: Ask, press: Press, al: User) -> None:
    reply = await press(await ask("/verdict", al), "Monza 2021", al)
    assert reply.card.title == "The verdict: Hamilton and Verstappen, Monza 2021"
    assert reply.aside


def _only(incident: Incident) -> Incidents:
    return Incidents((incident,), CIRCUITS)


async def test_of_many_fans_it_is_told_in_hundredths_how_many_agree(ask: Ask, al: User) -> None:
    for number in range(SMALL):
        await ask("/vote monza-2021 all-verstappen", User(Platform.TELEGRAM, f"{100 + number}"))
    assert fields(await ask("/verdict monza", al))["With the ruling"] == "100 % of the fans agree"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("incident", ["suzuka-1989", "jerez-1997"])
async def test_who_ruled_is_not_called_the_stewards_where_it_was_another(
    settings: Settings, shipped: Incidents, al: User, boss: User, incident: str, language: str
) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask(f"/settings language {language}", boss)
        await bot.ask(f"/vote {incident} racing-incident", al)
        told = fields(await bot.ask(f"/verdict {incident}", al))
    assert not [name for name in told if name.endswith(("stewards", "Rennkommissare", "comisarios"))]
