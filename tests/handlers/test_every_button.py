from collections import deque

import pytest

from bot.app.settings import Settings
from bot.chat.buttons import BESIDE, BUTTON_ROWS, TURNING
from bot.chat.commands import STALE
from bot.chat.dispatcher import BROKEN, UNKNOWN
from bot.chat.replies import Reply
from bot.domain.places import Platform, User
from bot.i18n import LANGUAGES, _, speaking
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits
from tests.support.conversation import PADDOCK, PIT_WALL, buttons, conversation
from tests.support.season import Fans

SEASON = {"next", "calendar", "results", "standings", "recap"}
ADMINS = {"settings", "subscribe", "unsubscribe", "polls"}
BARE = {"vote", "rate"}
"""What only buttons say, and never without what is to be counted."""

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
OTHERS = tuple(code for code in LANGUAGES if code != "en")


def cut(reply: Reply) -> list[str]:
    """The labels of which a phone shows the beginning only; a message of five full rows has no other way."""
    full = sum(map(len, reply.buttons)) > 3 * BUTTON_ROWS
    rows = () if full else reply.buttons
    return [button.label for row in rows for button in row if len(button.label) > BESIDE.get(len(row), 0)]


def dead_ends(language: str) -> tuple[str, ...]:
    """How the answers begin that lead nowhere."""
    with speaking(language):
        return _(STALE), _(UNKNOWN), _(BROKEN)[:20]


@pytest.mark.parametrize("language", ["en", *(pytest.param(code, marks=pytest.mark.exhaustive) for code in OTHERS)])
async def test_every_button_of_every_card_that_ships_leads_somewhere(
    settings: Settings, shipped: Incidents, al: User, boss: User, language: str
) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask(f"/settings language {language}", boss)
        doors = deque([*(f"crash {incident.id}" for incident in shipped), *bot.core.dispatcher.commands])
        seen = set(doors)
        dead = []
        while doors:
            reply = await bot.send(data := doors.popleft(), al)
            assert cut(reply) == [], data
            if data not in BARE and reply.card.title.startswith(dead_ends(language)):
                dead.append(data)
            new = {button.data for button in buttons(reply)} - seen
            seen |= new
            doors += sorted(new)
    assert dead == []
    assert {
        f"{door} {incident.id}" for incident in shipped for door in ("crash", "quote", "timeline", "verdict")
    } <= seen
    assert {f"vote {incident.id} racing-incident" for incident in shipped if incident.poll} <= seen
    assert {f"rate {incident.id} correct" for incident in shipped if incident.poll and incident.ruling} <= seen


@pytest.mark.parametrize("language", OTHERS)
async def test_no_story_or_poll_that_ships_is_cut_in_another_language(
    settings: Settings, shipped: Incidents, al: User, boss: User, language: str
) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask(f"/settings language {language}", boss)
        for data in (f"{door} {incident.id}" for incident in shipped for door in ("crash", "blame")):
            reply = await bot.send(data, al)
            assert cut(reply) == [], data
            assert not reply.card.title.startswith(dead_ends(language)), data


@EVERY_LANGUAGE
async def test_every_answer_about_a_season_can_be_sent_in_every_language(fans: Fans, language: str) -> None:
    await fans.settings.change(PIT_WALL, language=language)
    doors = deque(["next", "calendar", "results", "results sprint", "standings", "recap", "recap silverstone sprint"])
    seen = set(doors)
    while doors:
        reply = await fans.ask(data := doors.popleft())
        assert not reply.card.title.startswith(dead_ends(language)[2])
        assert cut(reply) == [], data
        assert reply.separate is data.endswith(" picture"), "only pictures stand beside what is pressed"
        new = {button.data for button in buttons(reply) if button.command in SEASON} - seen
        seen |= new
        doors += sorted(new)
    assert {data.removeprefix(TURNING).partition(" ")[0] for data in seen} == SEASON


@EVERY_LANGUAGE
async def test_admins_find_their_way_in_every_language(settings: Settings, incidents: Incidents, language: str) -> None:
    admin = User(Platform.DISCORD, "1")
    async with conversation(settings, incidents) as bot:
        await bot.ask(f"/settings language {language}", admin, PADDOCK)
        doors = deque(["settings", "subscribe", "subscribe all", "unsubscribe", "polls", "settings role"])
        seen = set(doors)
        while doors:
            reply = await bot.send(data := doors.popleft(), admin, PADDOCK)
            assert not reply.card.title.startswith(dead_ends(language)), data
            new = {button.data for button in buttons(reply) if "settings language" not in button.data} - seen
            seen |= {*new}
            doors += sorted(data for data in new if data.removeprefix(TURNING).partition(" ")[0] in ADMINS)
    assert len(seen) > len(ADMINS)


async def test_every_place_that_fans_may_name_is_answered(settings: Settings, shipped: Incidents, al: User) -> None:
    broken = []
    async with conversation(settings, shipped) as bot:
        for circuit in read_circuits().values():
            for name in (circuit.name, circuit.country, *circuit.also):
                reply = await bot.ask(f"/crash {name}", al)
                if reply.card.title.startswith(BROKEN[:20]):
                    broken.append(name)
    assert broken == []
