from collections.abc import AsyncIterator, Callable

import pytest

from bot.app.settings import Settings
from bot.chat.dispatcher import Dispatcher
from bot.chat.instants import as_written
from bot.chat.plain_text import plainly
from bot.chat.replies import Reply
from bot.chat.throttle import Throttle
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord
from bot.domain.places import Platform, User
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from handlers.incidents.fan_season import FanSeasons
from storage.chats import Chats
from storage.database.base import Result, Transaction
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.incidents.reading import read_circuits, read_drivers
from storage.polls import Polls
from tests.storage.test_noted_incidents import FROM_A_DOCUMENT
from tests.support.cases import ALB, ANT, MONZA, PIA, VER, cleared, noted, penalised
from tests.support.clock import FakeClock
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    Ask,
    Conversation,
    Press,
    Talk,
    alone,
    conversation,
    fields,
    labels,
)


def person(number: int) -> User:
    return User(Platform.TELEGRAM, f"{100 + number}")


async def crowd(ask: Ask, data: str, number: int, first: int = 0) -> None:
    """So many people do the same."""
    for each in range(first, first + number):
        await ask(f"/{data}", person(each))


def lines(reply: Reply) -> list[str]:
    return as_written(reply.card.paragraphs[0]).split("\n")


class TestStewards:
    """/stewards: how often fans and stewards agreed."""

    async def test_without_a_season_it_is_the_latest_that_has_incidents(self, ask: Ask, al: User) -> None:
        reply = await ask("/stewards", al)
        assert reply.card.title == "Fans and stewards 2021"
        assert reply.card.paragraphs == ("Nobody has voted on an incident of 2021 yet.",)
        assert labels(reply) == ["In this chat", "The blame championship", "2018"]

    async def test_a_season_is_told_by_its_majorities_and_what_stands_out(self, ask: Ask, al: User) -> None:
        await crowd(ask, "vote monza-2021 all-verstappen", 3)
        await crowd(ask, "vote monza-2021 mostly-hamilton", 8, first=3)
        await crowd(ask, "vote imola-2021 racing-incident", 2)
        await crowd(ask, "rate monza-2021 far-too-harsh", 6)
        await crowd(ask, "rate monza-2021 correct", 4, first=6)
        await crowd(ask, "rate imola-2021 slightly-too-lenient", 3)
        reply = await ask("/stewards 2021", al)
        assert reply.card.subtitle == "Everywhere · 13 votes"
        assert reply.card.paragraphs == ("The largest group of fans agreed with 1 of 2 rulings.",)
        assert fields(reply) == {
            "Most disputed": "Monza 2021: 73 % of 11 say otherwise",
            "Harshest in the fans' eyes": "Monza 2021: 60 % of 10 say too harsh",
            "Most lenient in the fans' eyes": "Imola 2021: 3 of 3 say too lenient",
        }
        assert as_written(reply.card.footer).endswith("With fewer than 10 votes, which say little: 1 of 2.")

    async def test_what_is_said_otherwise_is_what_the_verdict_leaves(self, ask: Ask, al: User) -> None:
        await crowd(ask, "vote monza-2021 all-verstappen", 5)
        await crowd(ask, "vote monza-2021 all-hamilton", 6, first=5)
        await crowd(ask, "vote monza-2021 racing-incident", 2, first=11)
        agree = "\n".join(plainly((await ask("/verdict monza 2021", al)).card))
        assert "39 % of the fans agree" in agree
        assert fields(await ask("/stewards 2021", al))["Most disputed"] == "Monza 2021: 61 % of 13 say otherwise"

    async def test_the_most_disputed_is_a_press_away(self, ask: Ask, press: Press, al: User) -> None:
        await ask("/vote monza-2021 all-hamilton", al)
        verdict = await press(await ask("/stewards 2021", al), "Monza 2021", al)
        assert verdict.card.title == "The verdict: Hamilton and Verstappen, Monza 2021"

    async def test_a_split_majority_agrees_with_nobody(self, ask: Ask, al: User, bo: User) -> None:
        await ask("/vote monza-2021 all-hamilton", al)
        await ask("/vote monza-2021 all-verstappen", bo)
        said = "The largest group of fans agreed with 0 of 1 ruling. In 1 the fans are split."
        assert (await ask("/stewards 2021", al)).card.paragraphs == (said,)

    async def test_where_nothing_was_ruled_nothing_is_held_against_it(self, ask: Ask, al: User) -> None:
        await ask("/vote adelaide-1994 all-schumacher", al)
        reply = await ask("/stewards 1994", al)
        assert reply.card.paragraphs == ("No ruling of this season can be held against the votes so far.",)
        assert (fields(reply), reply.card.footer) == ({}, "")

    async def test_a_chats_own_opinion_is_told_beside_everyones(
        self, ask: Ask, press: Press, al: User, bo: User
    ) -> None:
        await ask("/vote monza-2021 all-verstappen", al)
        await ask("/vote monza-2021 all-hamilton", bo, PADDOCK)
        await ask("/vote imola-2021 all-russell", bo, PADDOCK)
        here = await press(await ask("/stewards", al), "In this chat", al)
        assert here.card.subtitle == "In this chat · 1 vote"
        assert here.card.paragraphs == ("The largest group of fans agreed with 1 of 1 ruling.",)
        everywhere = await press(here, "Everywhere", al)
        assert everywhere.card.subtitle == "Everywhere · 3 votes"
        nobody = await ask("/stewards here", al, GRANDSTAND)
        assert nobody.card.paragraphs == ("Nobody here has voted on an incident of 2021 yet.",)

    @pytest.mark.parametrize("typed", ["2021 hier", "aquí 2021", "2021 HERE"])
    async def test_whose_votes_are_meant_may_be_said_in_any_language(self, ask: Ask, al: User, typed: str) -> None:
        await ask("/vote monza-2021 all-hamilton", al)
        assert (await ask(f"/stewards {typed}", al)).card.subtitle == "In this chat · 1 vote"
        assert (await ask("/stewards 2021 überall", al)).card.subtitle == "Everywhere · 1 vote"

    async def test_in_a_private_chat_there_is_no_here(self, ask: Ask, al: User, bo: User) -> None:
        await ask("/vote monza-2021 all-hamilton", bo)
        reply = await ask("/stewards 2021 here", al, alone(al))
        assert reply.card.subtitle == "Everywhere, as nobody votes here but you · 1 vote"
        assert (await ask("/blamed 2021 here", al, alone(al))).card.subtitle == reply.card.subtitle
        assert (await ask("/stewards 2021", al, alone(al))).card.subtitle == "Everywhere · 1 vote"
        assert "In this chat" not in labels(reply)

    async def test_it_is_drawn(self, ask: Ask, press: Press, al: User) -> None:
        assert "As a picture" not in labels(await ask("/stewards 2021", al))
        await ask("/vote monza-2021 all-hamilton", al)
        picture = await press(await ask("/stewards 2021 here", al), "As a picture", al)
        assert picture.separate
        assert picture.attachment is not None
        assert picture.attachment.alt == (
            "Fans and stewards 2021. In this chat · 1 vote."
            " The largest group of fans agreed with 0 of 1 ruling."
            " Votes that contradict the ruling: Monza 2021 1 of 1."
        )
        assert (await press(picture, "In words", al)).card.subtitle == "In this chat · 1 vote"

    async def test_what_nobody_voted_on_is_not_drawn(self, ask: Ask, al: User) -> None:
        reply = await ask("/stewards 2021 picture", al)
        assert reply.private
        assert reply.card.title == "Nobody has voted on an incident of 2021 yet."

    async def test_a_season_without_incidents_offers_the_nearest(self, ask: Ask, press: Press, al: User) -> None:
        reply = await ask("/stewards 2020", al)
        assert reply.card.title == "No incident of 2020 has a poll here."
        assert labels(reply) == ["2017", "2018", "2021"]
        assert (await press(reply, "2018", al)).card.title == "Fans and stewards 2018"
        assert (await ask("/stewards 2022", al)).card.title == "No incident of 2022 has a poll here.", "nobody is asked"

    @pytest.mark.parametrize("words", ["monza", "2021 there", "2021 2020"])
    async def test_what_is_not_understood_is_said(self, ask: Ask, al: User, words: str) -> None:
        reply = await ask(f"/stewards {words}", al)
        assert reply.card.title == "Say a season, and “here” for this chat alone: /stewards 2021 here."


class TestBlamed:
    """/blamed: the blame championship."""

    async def test_points_are_dealt_by_share_of_the_blame(self, ask: Ask, al: User, bo: User, cy: User) -> None:
        await ask("/vote monza-2021 all-verstappen", al)
        await ask("/vote monza-2021 mostly-hamilton", bo)
        await ask("/vote imola-2021 mostly-russell", cy)
        reply = await ask("/blamed 2021", al)
        assert reply.card.title == "The blame championship 2021"
        assert lines(reply) == [
            "1. George Russell, A team · 18.8 · 1 incident",
            "2. Max Verstappen, A team · 15.6 · 1 incident",
            "3. Lewis Hamilton, A team · 9.4 · 1 incident",
            "4. Valtteri Bottas, A team · 6.2 · 1 incident",
        ]
        assert as_written(reply.card.footer).endswith("Incidents with fewer than 10 votes, which say little: 2 of 2.")

    async def test_what_enough_have_voted_on_is_not_called_small(self, ask: Ask, al: User) -> None:
        await crowd(ask, "vote monza-2021 all-verstappen", 10)
        assert "say little" not in as_written((await ask("/blamed 2021", al)).card.footer)

    async def test_racing_incidents_are_nobodys(self, ask: Ask, al: User) -> None:
        await ask("/vote monza-2021 racing-incident", al)
        assert lines(await ask("/blamed", al)) == ["Nobody is blamed: all votes say racing incident."]

    async def test_before_the_first_vote_that_is_said(self, ask: Ask, press: Press, al: User) -> None:
        reply = await ask("/blamed 1990", al)
        assert lines(reply) == ["Nobody has voted on an incident of 1990 yet."]
        assert reply.card.footer == ""
        assert (await press(reply, "Fans and stewards", al)).card.title == "Fans and stewards 1990"

    async def test_it_is_drawn(self, ask: Ask, press: Press, al: User) -> None:
        await ask("/vote monza-2021 all-verstappen", al)
        picture = await press(await ask("/blamed here", al), "As a picture", al)
        assert picture.attachment is not None
        said = "The blame championship 2021. In this chat · 1 vote: 1 Max Verstappen 25."
        assert picture.attachment.alt == said
        assert (await press(picture, "The whole table", al)).card.subtitle == "In this chat · 1 vote"

    async def test_a_chats_own_votes_make_a_championship_of_their_own(self, ask: Ask, al: User, bo: User) -> None:
        await ask("/vote monza-2021 all-verstappen", al)
        await ask("/vote monza-2021 all-hamilton", bo, PADDOCK)
        assert lines(await ask("/blamed here", al)) == ["1. Max Verstappen, A team · 25 · 1 incident"]
        assert len(lines(await ask("/blamed", al))) == 2


@pytest.fixture
async def reads(
    settings: Settings, shipped: Incidents, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Talk, list[object]]]:
    """Somebody who asks about what ships, and each time that the database is read."""
    database = open_database(f"sqlite:///{settings.data_dir / 'racing-incident.db'}")
    await database.upgrade()
    chats = await Chats.open(database, HandledUpdates(database))
    polls, read, counted = await Polls.open(database, shipped), database.read, list[object]()

    async def reading(transaction: Transaction[Result]) -> Result:
        counted.append(transaction)
        return await read(transaction)

    monkeypatch.setattr(database, "read", reading)
    painter = Painter()
    table = FanSeasons(shipped, polls, chats, painter, FakeClock()).commands()
    yield Talk(Dispatcher(table, Throttle())), counted
    painter.close()
    await database.close()


@pytest.mark.parametrize("line", ["/stewards 2021", "/stewards 2021 here", "/blamed 2024", "/blamed 2024 here"])
async def test_a_season_of_any_number_of_incidents_is_read_at_once(
    reads: tuple[Talk, list[object]], al: User, line: str
) -> None:
    talk, counted = reads
    await talk.ask(line, al)
    assert len(counted) == 1


@pytest.fixture
async def monza(settings: Settings, incidents: Incidents) -> AsyncIterator[Conversation]:
    """The bot, with three incidents that race control noted in 2025, of which two are ruled on."""
    async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
        cases = (penalised(noted(), VER, 14), cleared(noted(ANT, ALB, opened=20), 24), noted(VER, PIA, opened=30))
        await bot.core.recorder.record(MONZA, cases, 40)
        yield bot


class TestNoted:
    """Incidents that race control noted count as told ones do."""

    async def test_stand_beside_the_stewards_rulings(self, monza: Conversation, al: User) -> None:
        await crowd(monza.ask, "vote monza-2025-ver-nor-t4 all-norris", 11)
        await crowd(monza.ask, "vote monza-2025-ant-alb-t4 racing-incident", 3)
        await crowd(monza.ask, "vote monza-2025-ver-pia-t4 all-piastri", 4)
        await crowd(monza.ask, "rate monza-2025-ver-nor-t4 far-too-harsh", 12)
        await crowd(monza.ask, "rate monza-2025-ant-alb-t4 slightly-too-lenient", 3)
        reply = await monza.ask("/stewards", al)
        assert reply.card.title == "Fans and stewards 2025", "the latest that has incidents"
        assert reply.card.subtitle == "Everywhere · 18 votes"
        assert reply.card.paragraphs == ("The largest group of fans agreed with 1 of 2 rulings.",)
        assert fields(reply) == {
            "Most disputed": "Monza 2025 VER NOR T4: 100 % of 11 say otherwise",
            "Harshest in the fans' eyes": "Monza 2025 VER NOR T4: 100 % of 12 say too harsh",
            "Most lenient in the fans' eyes": "Monza 2025 ANT ALB T4: 3 of 3 say too lenient",
        }
        assert as_written(reply.card.footer).endswith("With fewer than 10 votes, which say little: 1 of 2.")
        assert labels(reply)[-1] == "2021"
        picture = await monza.press(reply, "As a picture", al)
        assert picture.attachment is not None
        assert "Monza 2025 VER NOR T4 100 % of 11" in picture.attachment.alt

    async def test_deal_out_blame(self, monza: Conversation, al: User) -> None:
        await monza.ask("/vote monza-2025-ver-nor-t4 mostly-norris", al)
        await monza.ask("/vote monza-2025-ver-pia-t4 all-verstappen", al)
        reply = await monza.ask("/blamed 2025", al)
        assert lines(reply) == [
            "1. Max Verstappen, Red Bull Racing · 31.2 · 2 incidents",
            "2. Lando Norris, McLaren · 18.8 · 1 incident",
        ]
        assert as_written(reply.card.footer).endswith("Incidents with fewer than 10 votes, which say little: 2 of 2.")

    async def test_are_a_chats_own_as_well(self, monza: Conversation, al: User, bo: User) -> None:
        await monza.ask("/vote monza-2025-ver-nor-t4 all-norris", al)
        await monza.ask("/vote monza-2025-ver-nor-t4 all-verstappen", bo, PADDOCK)
        assert (await monza.ask("/stewards 2025 here", al)).card.subtitle == "In this chat · 1 vote"

    async def test_show_whom_a_ruling_moved(self, settings: Settings, incidents: Incidents, al: User) -> None:
        async with conversation(settings, Incidents(incidents.told, read_circuits(), read_drivers())) as bot:
            await bot.core.recorder.record(MONZA, [noted()], 11)
            await crowd(bot.ask, "vote monza-2025-ver-nor-t4 all-norris", 2)
            await bot.core.recorder.rule("monza-2025-ver-nor-t4", FROM_A_DOCUMENT)
            await crowd(bot.ask, "vote monza-2025-ver-nor-t4 all-verstappen", 3, first=2)
            reply = await bot.ask("/stewards 2025", al)
            moved = "Monza 2025 VER NOR T4: 0 of 2 agreed before it, 3 of 3 after it"
            assert fields(reply)["Before and after the ruling"] == moved

    async def test_of_a_season_nobody_voted_on_that_is_said(self, monza: Conversation, al: User) -> None:
        reply = await monza.ask("/blamed 2025", al)
        assert lines(reply) == ["Nobody has voted on an incident of 2025 yet."]


async def test_thousands_of_noted_incidents_are_read_at_once_and_few_put_together(
    settings: Settings, shipped: Incidents, al: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with conversation(settings, Incidents(shipped.told, read_circuits(), read_drivers())) as bot:
        cases = [penalised(noted(opened=10 * number), VER, 10 * number + 5) for number in range(1, 301)]
        await bot.core.recorder.record(MONZA, cases, 9_000)
        await bot.ask("/vote monza-2025-ver-nor-t4 all-norris", al)
        database, reads, built = bot.core.stored.database, list[object](), list[object]()
        read = database.read
        put_together: Callable[[NotedRecord], NotedIncident] = vars(NotedRecord)["incident"].fget

        async def reading(transaction: Transaction[Result]) -> Result:
            reads.append(transaction)
            return await read(transaction)

        def building(record: NotedRecord) -> NotedIncident:
            built.append(record)
            return put_together(record)

        monkeypatch.setattr(database, "read", reading)
        monkeypatch.setattr(NotedRecord, "incident", property(building))
        reply = await bot.ask("/stewards 2025", al)
        assert reply.card.subtitle == "Everywhere · 1 vote"
        assert len(reads) == 1
        assert len(built) <= 2


@pytest.mark.parametrize("command", ["blamed", "stewards"])
async def test_a_day_means_its_season(ask: Ask, al: User, command: str) -> None:
    assert (await ask(f"/{command} 18.4.2021", al)).card == (await ask(f"/{command} 2021", al)).card
    assert (await ask(f"/{command} 31.2.2021", al)).card.title == "“31.2.2021” is in no calendar."
