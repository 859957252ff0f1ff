import datetime as dt
from dataclasses import replace

from bot.cards.incident_text import choice_label
from bot.domain.incidents import Incident
from bot.domain.places import Chat, Platform
from bot.domain.polls import Poll
from bot.forms.reading import read
from bot.forms.writing import names
from bot.search.catalogue import Incidents
from storage.database.base import Database
from storage.polls import Polls
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL, Booth, voter


def incident(incidents: Incidents, incident_id: str, **changes: object) -> Incident:
    found = incidents.get(incident_id)
    assert found is not None
    return read(Incident, {name: getattr(found, name) for name in names(Incident)} | changes)


def poll_on(polls: Polls, incident_id: str) -> Poll:
    poll = polls.get(incident_id)
    assert poll is not None
    return poll


def test_two_suspects_are_the_ends_of_a_scale(incidents: Incidents) -> None:
    imola = incident(incidents, "imola-2021")
    poll = Poll.of(imola)
    assert [(choice.key, choice_label(imola, choice), choice.side) for choice in poll.choices] == [
        ("all-bottas", "All Bottas", "bottas"),
        ("mostly-bottas", "Mostly Bottas", "bottas"),
        ("racing-incident", "Racing incident", "racing-incident"),
        ("mostly-russell", "Mostly Russell", "russell"),
        ("all-russell", "All Russell", "russell"),
    ]


def test_three_suspects_are_a_list(incidents: Incidents) -> None:
    singapore = incident(incidents, "singapore-2017")
    poll = Poll.of(singapore)
    assert [(choice.key, choice_label(singapore, choice)) for choice in poll.choices] == [
        ("vettel", "Vettel"),
        ("verstappen", "Verstappen"),
        ("raikkonen", "Räikkönen"),
        ("racing-incident", "Racing incident"),
    ]


def test_suspects_who_share_a_surname_are_called_by_their_whole_names(incidents: Incidents) -> None:
    imola = incident(incidents, "imola-2021")
    michael, ralf = (
        replace(suspect, id=name.split()[0].lower(), name=name)
        for suspect, name in zip(imola.suspects, ("Michael Schumacher", "Ralf Schumacher"), strict=True)
    )
    said = [replace(words, side=side) for side, words in zip(("michael", "ralf"), imola.quotations, strict=False)]
    brothers = incident(incidents, "imola-2021", suspects=(michael, ralf), quotations=said)
    assert choice_label(brothers, Poll.of(brothers).choices[0]) == "All Michael Schumacher"


def test_a_ruling_counts_as_known_from_the_midnight_after_its_day(incidents: Incidents) -> None:
    poll = Poll.of(incident(incidents, "imola-2021"))
    midnight = int(dt.datetime(2021, 4, 19, tzinfo=dt.UTC).timestamp())
    assert not poll.ruled_by(midnight - 1)
    assert poll.ruled_by(midnight)


def test_where_there_is_no_ruling_no_vote_comes_after_it(incidents: Incidents) -> None:
    assert not Poll.of(incident(incidents, "adelaide-1994")).ruled_by(10**10)


def test_an_incident_without_a_poll_has_none(polls: Polls) -> None:
    assert polls.get("suzuka-2022") is None
    assert polls.get("suzuka-1989") is not None


async def test_polls_keep_their_ids_and_votes_over_a_restart(
    booth: Booth, database: Database, polls: Polls, incidents: Incidents
) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    again = await Polls.open(database, reversed(list(incidents)))
    assert again.get("imola-2021") == polls.get("imola-2021")
    assert (await again.tally(poll_on(again, "imola-2021"))).by_side()["russell"] == 1


async def test_a_suspect_who_is_struck_off_takes_their_votes_out_of_the_tally(
    booth: Booth, database: Database, incidents: Incidents
) -> None:
    await booth.press("singapore-2017 raikkonen", voter(1))
    await booth.press("singapore-2017 vettel", voter(2))
    singapore = incident(incidents, "singapore-2017")
    without = incident(
        incidents, "singapore-2017", suspects=singapore.suspects[:2], quotations=singapore.quotations[:4]
    )
    polls = await Polls.open(database, [without])
    assert (await polls.tally(poll_on(polls, "singapore-2017"))).votes == 0


async def test_a_ruling_that_is_made_later_is_noted(database: Database, incidents: Incidents) -> None:
    unruled = incident(incidents, "imola-2021", ruling=None)
    assert poll_on(await Polls.open(database, [unruled]), "imola-2021").ruled_at is None
    ruled = await Polls.open(database, incidents)
    assert poll_on(ruled, "imola-2021").ruled_at is not None


async def test_no_incidents_no_polls(database: Database) -> None:
    assert list(await Polls.open(database, [])) == []


async def test_tallies_of_several_polls_come_together(booth: Booth, polls: Polls) -> None:
    await booth.press("imola-2021 all-russell", voter(1))
    await booth.press("monza-2021 racing-incident", voter(1))
    tallies = await polls.tallies(polls)
    assert {poll.incident_id: tallies[poll.id].votes for poll in polls if tallies[poll.id].votes} == {
        "imola-2021": 1,
        "monza-2021": 1,
    }


async def test_tallies_of_several_chats_come_together(booth: Booth, polls: Polls) -> None:
    for number, chat in enumerate((PIT_WALL, PIT_WALL, PADDOCK)):
        await booth.press("imola-2021 all-russell", voter(number), chat)
    await booth.press("monza-2021 all-hamilton", voter(1), GRANDSTAND)
    nowhere = Chat(Platform.DISCORD, 'it\'s "nowhere"')
    tallies = await polls.tallies_in(poll_on(polls, "imola-2021"), [PIT_WALL, GRANDSTAND, PADDOCK, nowhere])
    assert {chat: tally.votes for chat, tally in tallies.items()} == {
        PIT_WALL: 2,
        GRANDSTAND: 0,
        PADDOCK: 1,
        nowhere: 0,
    }


async def test_a_tally_knows_the_votes_of_each_choice(booth: Booth, polls: Polls) -> None:
    await booth.press("imola-2021 mostly-russell", voter(1))
    await booth.press("imola-2021 all-russell", voter(2))
    poll = poll_on(polls, "imola-2021")
    tally = await polls.tally(poll)
    assert {choice.key: tally.count(choice) for choice in poll.choices} == {
        "all-bottas": 0,
        "mostly-bottas": 0,
        "racing-incident": 0,
        "mostly-russell": 1,
        "all-russell": 1,
    }
    assert list(tally.by_side()) == ["bottas", "racing-incident", "russell"]
