"""Incidents that race control noted, as people meet them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from bot.app.settings import Settings
from bot.cards.poll import NOT_ASKED
from bot.chat.buttons import BUTTON_LABEL
from bot.chat.instants import as_written
from bot.chat.requests import Request
from bot.domain.cases import Case
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.race_control import Car
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import ALB, ANT, MONZA, NOR, PIA, VER, at, corrected, noted, penalised
from tests.support.conversation import GRANDSTAND, PIT_WALL, Conversation, buttons, conversation, fields, labels, votes

INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
CASES = (noted(opened=10), noted(ANT, ALB, opened=20, place="TURN 1"))


@pytest.fixture
async def monza(settings: Settings, incidents: Incidents) -> AsyncIterator[Conversation]:
    """The bot on a Sunday at Monza."""
    told = Incidents(incidents.told, read_circuits(), read_drivers())
    async with conversation(settings, told) as bot:
        await bot.core.recorder.record(MONZA, CASES, 21)
        yield bot


async def later(bot: Conversation, *cases: Case) -> None:
    await bot.core.recorder.record(MONZA, cases, 99)


async def test_a_race_lists_its_incidents(monza: Conversation, al: User) -> None:
    choice = await monza.ask("/crash monza 2025", al)
    assert labels(choice) == ["Monza 2025 VER NOR T4", "Monza 2025 ANT ALB T1"]
    story = await monza.press(choice, "Monza 2025 ANT ALB T1", al)
    assert story.card.title == "Antonelli and Albon, turn 1, Monza 2025"


async def test_many_incidents_of_a_race_are_one_press_away(monza: Conversation, al: User) -> None:
    await later(monza, *CASES, *(noted(VER, PIA, opened=30 + turn, place=f"TURN {turn}") for turn in range(1, 11)))
    choice = await monza.ask("/crash monza 2025", al)
    assert len(labels(choice)) == 9
    page = await monza.press(choice, "All of them", al)
    assert page.card.title == "12 incidents"


async def test_a_vote_is_cast_and_shown_beside_the_ruling(monza: Conversation, al: User) -> None:
    poll = await monza.ask("/blame verstappen norris monza", al)
    assert poll.poll == "monza-2025-ver-nor-t4"
    receipt = await monza.press(poll, "All Norris", al)
    assert receipt.card.paragraphs == ("Nobody else has voted yet.",)
    await later(monza, penalised(noted(opened=10), VER, 15))
    verdict = await monza.ask("/verdict monza-2025-ver-nor-t4", al)
    assert fields(verdict)["The stewards, 7 September 2025, 15:15"].startswith("10-second time penalty for Verstappen")
    assert fields(verdict)["With the ruling"] == "0 of 1"


async def test_a_button_of_a_poll_that_was_corrected_still_works(monza: Conversation, al: User, bo: User) -> None:
    poll = await monza.ask("/blame verstappen norris monza", al)
    await later(monza, corrected(noted(opened=10), 12, VER, PIA))
    receipt = await monza.press(poll, "Mostly Verstappen", al)
    assert receipt.card.title == "Mostly Verstappen"
    stale = await monza.press(poll, "All Norris", bo)
    assert "All Norris" not in stale.card.title


async def test_after_a_restart_all_is_as_it_was(settings: Settings, incidents: Incidents, al: User) -> None:
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        await bot.core.recorder.record(MONZA, CASES, 21)
        await bot.press(await bot.ask("/blame monza-2025-ver-nor-t4", al), "All Norris", al)
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        poll = await bot.ask("/blame monza-2025-ver-nor-t4", al)
        assert votes(poll).keys() == {"Here"}
        assert votes(poll)["Here"].endswith(" · all Norris 1")


async def test_a_story_takes_over_and_old_buttons_go_on(settings: Settings, incidents: Incidents, al: User) -> None:
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        await bot.core.recorder.record(MONZA, [noted(VER, NOR)], 21)
        poll = await bot.ask("/blame monza-2025-ver-nor-t4", al)
        await bot.press(poll, "All Verstappen", al)
    monza = incidents.get("monza-2021")
    assert monza is not None
    story = replace(monza, takes_over="monza-2025-ver-nor-t4")
    others = [each for each in incidents.told if each.id != "monza-2021"]
    async with conversation(settings, Incidents([story, *others], read_circuits(), read_drivers())) as bot:
        assert (await bot.ask("/crash monza-2025-ver-nor-t4", al)).card.title == "Hamilton and Verstappen, Monza 2021"
        assert votes(await bot.ask("/blame monza-2021", al))["Here"].endswith(" · all Verstappen 1")
        again = await bot.press(poll, "Mostly Verstappen", al)
        assert again.card.title == "Mostly Verstappen"


async def test_what_is_not_known_is_not_shown(monza: Conversation, al: User) -> None:
    timeline = await monza.ask("/timeline monza-2025-ver-nor-t4", al)
    assert as_written(timeline.card.paragraphs[0]) == "15:10:00 – Race control notes the incident."
    assert fields(timeline) == {}


async def test_of_what_is_asked_no_more_nothing_is_promised(monza: Conversation, al: User, boss: User) -> None:
    which = "monza-2025-ver-nor-t4"
    poll = await monza.ask(f"/blame {which}", al)
    await monza.press(poll, "All Norris", al)
    await later(monza, penalised(noted(opened=10), VER, 15))
    await monza.send(f"rate {which} correct", al)
    await later(monza, replace(noted(opened=10), reason="SAFETY CAR INFRINGEMENT"))
    closed = await monza.ask(f"/polls close {which}", boss)
    assert closed.card.title == NOT_ASKED, "no result would follow"
    for command in ("vote", "rate"):
        receipt = await monza.send(f"{command} {which} withdraw", al)
        assert receipt.card.title.endswith("is withdrawn")
        assert receipt.card.paragraphs == (), "no button takes another one"


@pytest.mark.parametrize("command", ["crash", "blame", "verdict", "timeline"])
async def test_where_results_are_hidden_so_is_a_running_sessions_incident_and_later_its_ruling(
    monza: Conversation, al: User, boss: User, command: str
) -> None:
    asked = f"/{command} monza-2025-ver-nor-t4"
    shown = await monza.ask(asked, al)
    await monza.ask("/settings spoilers veil", boss)
    hidden = await monza.ask(asked, al)
    assert (shown.veiled, hidden.veiled) == (False, True)
    assert "Verstappen" in shown.card.title
    assert not [name for name in ("Verstappen", "Norris") if name in f"{hidden.card.title} {labels(hidden)}"]
    assert "Verstappen" in str(hidden.card.paragraphs), "a tap tells it"
    await later(monza, replace(noted(opened=10), over=True))
    assert not (await monza.ask(asked, al)).veiled
    await later(monza, replace(penalised(noted(opened=10), VER, 15), over=True))
    ruled = await monza.ask(asked, al)
    assert ruled.veiled, "a penalty tells of the result"
    assert "Verstappen" in ruled.card.title, "that they met does not"
    assert "All 1" not in labels(ruled)
    assert not (await monza.ask(asked, al, GRANDSTAND)).veiled


@pytest.mark.parametrize(
    "asked",
    [
        *("/crash monza 2025", "/timeline monza 2025", "/blame monza 2025", "/verdict monza 2025", "/chart monza 2025"),
        *("/incidents", "/incidents 2025", "/driver norris incidents", "/vote monza 2025"),
        *("/polls close", "/polls close monza 2025", "/story monza 2025"),
        *("/quote verstappen norris monza 2025", "/quote monza 2025 picture"),
    ],
)
async def test_no_list_names_there_who_was_in_an_incident_of_a_running_session(
    monza: Conversation, boss: User, asked: str
) -> None:
    names = {"Verstappen", "VER", "Antonelli", "ANT", "Albon", "ALB"}

    async def named(chat: Chat) -> set[str]:
        reply = await monza.ask(asked, boss, chat)
        running = [each.label for each in buttons(reply) if "monza-2025" in each.argument]
        assert running, "they are offered all the same"
        lines = [line for line in "\n".join(map(as_written, reply.card.paragraphs)).split("\n") if "2025" in line]
        said = f"{running} {lines} {reply.card.title if 'Close by' in reply.card.title else ''}"
        return {name for name in names if name in said}

    assert await named(GRANDSTAND)
    for chat in (PIT_WALL, INLINE):
        await monza.ask("/settings spoilers veil", boss)
        if chat == PIT_WALL or not asked.startswith("/polls"):
            assert not await named(chat)


@pytest.mark.parametrize("veiled", [False, True])
@pytest.mark.parametrize("pair", [((VER, NOR), (VER, NOR)), ((VER, NOR), (PIA, ANT))])
@pytest.mark.parametrize(("laps", "minutes"), [((12, 40), (30, 31)), ((1, 1), (30, 33)), ((None, None), (30, 30))])
async def test_two_at_one_turn_are_told_apart_on_buttons_and_in_lists(
    monza: Conversation,
    boss: User,
    veiled: bool,
    pair: tuple[tuple[Car, ...], tuple[Car, ...]],
    laps: tuple[int | None, int | None],
    minutes: tuple[int, int],
) -> None:
    twins = [
        replace(noted(*cars, opened=opened, place="TURN 7"), lap=lap, opened_at=at(minute))
        for cars, opened, lap, minute in zip(pair, (30, 31), laps, minutes, strict=True)
    ]
    await later(monza, *twins)
    if veiled:
        await monza.ask("/settings spoilers veil", boss)
    for asked in ("/crash monza 2025", "/incidents 2025", "/blame monza 2025", "/polls close monza 2025"):
        reply = await monza.ask(asked, boss)
        running = [each.label for each in buttons(reply) if "monza-2025" in each.argument]
        assert len(running) == 4
        assert len({*running}) == 4, running
        assert all(len(label) <= BUTTON_LABEL for label in running)
    told = "\n".join(map(as_written, (await monza.ask("/incidents 2025", boss)).card.paragraphs)).split("\n")
    assert len({*told}) == len(told), told


async def test_nor_is_it_said_there_whose_poll_is_closed_or_opened(monza: Conversation, boss: User) -> None:
    await monza.ask("/settings spoilers veil", boss)
    for word, there in (
        ("close", "Closed here: Turn 4, lap 12, Monza 2025"),
        ("open", "Open here: Turn 4, lap 12, Monza 2025"),
    ):
        assert (await monza.ask(f"/polls {word} monza-2025-ver-nor-t4", boss)).card.title == there
    assert "Norris" in (await monza.ask("/polls close monza-2025-ver-nor-t4", boss, GRANDSTAND)).card.title


async def test_who_votes_where_results_are_hidden_is_not_told_the_ruling_in_passing(
    monza: Conversation, al: User, boss: User
) -> None:
    await later(monza, replace(penalised(noted(opened=10), VER, 15), over=True))
    await monza.ask("/settings spoilers veil", boss)
    poll = await monza.ask("/blame monza-2025-ver-nor-t4", al)
    assert "stewards" not in str((await monza.press(poll, "All Norris", al)).card)
    assert "the stewards" in str((await monza.press(poll, "All Norris", al, GRANDSTAND)).card)


@pytest.mark.parametrize("blind", [False, True])
async def test_who_votes_in_a_running_session_by_a_number_is_answered_by_it(
    monza: Conversation, al: User, boss: User, blind: bool
) -> None:
    await monza.ask("/settings spoilers veil", boss)
    if blind:
        await monza.ask("/settings polls blind", boss)
    poll = await monza.ask("/blame monza-2025-ver-nor-t4", al)
    receipt = await monza.press(poll, "Mostly 2", al)
    assert receipt.card.title == "Mostly 2"
    assert ("2: 1." in str(receipt.card.paragraphs)) == blind
    assert votes(receipt)["Everywhere"] == "all 1 0 · mostly 1 0 · racing incident 0 · mostly 2 1 · all 2 0"
    assert not [name for name in ("Verstappen", "Norris") if name in f"{receipt.card} {labels(receipt)}"]
    withdrawn = await monza.press(receipt, "Take my vote back", al)
    assert not [name for name in ("Verstappen", "Norris") if name in f"{withdrawn.card} {labels(withdrawn)}"]


async def ruled(bot: Conversation) -> None:
    await later(bot, replace(penalised(noted(opened=10), VER, 15), over=True))


async def still_running(_bot: Conversation) -> None:
    pass


@pytest.mark.parametrize("become", [still_running, ruled])
async def test_inline_who_will_read_what_may_tell_a_result_is_not_known(
    monza: Conversation, al: User, become: Callable[[Conversation], Awaitable[None]]
) -> None:
    await become(monza)
    asked = Request("", "verstappen norris monza 2025", al, INLINE)
    offers = await monza.core.dispatcher.offer(asked.argument, asked)
    told = [offer.reply for offer in offers if "monza-2025" in offer.id]
    assert [(reply.poll is not None, reply.veiled) for reply in told[:2]] == [(False, True), (True, True)]


@pytest.mark.parametrize("become", [still_running, ruled])
@pytest.mark.parametrize("command", ["crash", "blame", "verdict", "timeline"])
async def test_nor_is_it_where_the_bot_is_called_as_a_guest(
    monza: Conversation, al: User, become: Callable[[Conversation], Awaitable[None]], command: str
) -> None:
    await become(monza)
    assert (await monza.ask(f"/{command} monza-2025-ver-nor-t4", al, INLINE)).veiled
    opened = await monza.send(f"{command} monza-2025-ver-nor-t4", al, INLINE)
    assert not opened.veiled, "it is for who presses alone, who hides nothing in private"


@pytest.mark.parametrize("become", [still_running, ruled])
async def test_a_vote_below_what_was_posted_there_tells_no_more_than_its_message(
    monza: Conversation, al: User, become: Callable[[Conversation], Awaitable[None]]
) -> None:
    await become(monza)
    poll = await monza.ask("/blame monza-2025-ver-nor-t4", al, INLINE)
    receipt = await monza.send(buttons(poll)[0].data, al, INLINE)
    assert receipt.card.title == ("All 1" if become is still_running else "All Verstappen")
    assert "stewards" not in str(receipt.card)
