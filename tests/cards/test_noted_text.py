from dataclasses import replace

import pytest

from bot.cards import closed_poll, incident_text, noted_text, ruling_text
from bot.cards.incident import story_reply, timeline_reply
from bot.cards.labels import suggestion_label
from bot.cards.live_digest import digest_reply
from bot.cards.live_text import live_incident, ruling_reply
from bot.cards.poll import poll_reply
from bot.cards.receipt import stewards_said
from bot.cards.verdict import verdict_reply
from bot.chat.cards import Tone
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.cases import Case, StageKind
from bot.domain.noted_incidents import DOCUMENT, NotedIncident
from bot.domain.noted_records import KeptRuling, NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Poll, Tally
from bot.domain.race_control import Car
from bot.i18n import speaking
from tests.support.cases import NOR, PIA, VER, cleared, corrected, draft, noted, penalised, then
from tests.support.conversation import fields, labels

NO_VOTES = Tally((), (), ())


def incident(case: Case, *others: KeptRuling) -> NotedIncident:
    """The incident that a case is, with its rulings."""
    bare = draft(case)
    return NotedRecord.of(bare.id, document_of(bare), (*rulings_of(bare), *others)).incident


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("TURN 4", "turn 4"),
        ("TURN 3-4", "turn 3–4"),
        ("TURNS 1-2", "turn 1–2"),
        ("AFTER TURN 11", "after turn 11"),
        ("PIT LANE", "pit lane"),
        ("START/FINISH STRAIGHT", "start/finish straight"),
        ("THE OLD BANKING", "the old banking"),
        (None, ""),
    ],
)
def test_a_place_is_said_as_race_control_names_it(place: str | None, said: str) -> None:
    assert noted_text.place(noted(place=place)) == said


def test_a_noted_incident_says_what_is_known_and_no_more() -> None:
    reply = story_reply(incident(noted()), None)
    assert reply.card.title == "Verstappen and Norris, turn 4, Monza 2025"
    assert reply.card.subtitle == "Italian Grand Prix, 7 September 2025 · noted on lap 12 · turn 4"
    assert reply.card.paragraphs == (
        (
            "Race control noted an incident involving Verstappen and Norris: causing a collision. "
            "Nobody is guilty of anything yet."
        ),
        "Nobody has told the story of this one yet.",
    )
    assert reply.card.fields == ()
    assert labels(reply) == ["Who was to blame?", "Timeline", "The verdict"]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (then(noted(), StageKind.UNDER_INVESTIGATION, 12), "The stewards are investigating."),
        (then(noted(), StageKind.AFTER_SESSION, 12), "The stewards look at it after the session."),
        (noted(), "Nobody is guilty of anything yet."),
    ],
)
def test_before_a_ruling_nobody_is_guilty(case: Case, said: str) -> None:
    open_case = incident(case)
    assert noted_text.state(open_case).startswith(said)
    assert noted_text.state(open_case).endswith("Nobody is guilty of anything yet.")
    poll = poll_reply(open_case, Poll.of(open_case), None, NO_VOTES)
    assert not any(as_written(field.name).startswith("The case against") for field in poll.card.fields)


def test_a_ruling_is_told_with_what_it_replaced() -> None:
    link = "https://example.org/d"
    later = KeptRuling(1_757_268_000, "the FIA", "the penalty is withdrawn", "", link, "FIA", "[]", None)
    ruled = incident(penalised(cleared(noted(), 12), VER, 15), later)
    reply = verdict_reply(ruled, {})
    assert fields(reply) == {
        "The FIA, 7 September 2025, 20:00": "the penalty is withdrawn.",
        "Before that: the stewards, 7 September 2025, 15:15": (
            "10-second time penalty for Verstappen. Causing a collision."
        ),
        "Before that: the stewards, 7 September 2025, 15:12": "no further investigation. Causing a collision.",
    }
    assert [link.url for link in reply.card.links] == [link]
    assert ruling_text.tone(ruled) == Tone.NEUTRAL


def test_the_timeline_is_told_by_the_clock_at_the_track() -> None:
    case = penalised(then(corrected(noted(), 11, VER, PIA), StageKind.UNDER_INVESTIGATION, 12), VER, 15)
    reply = timeline_reply(incident(case), incident(case).zone)
    assert as_written(reply.card.paragraphs[0]).splitlines() == [
        "15:10:00 – Race control notes the incident.",
        "15:11:00 – Race control corrects itself. Race control notes the incident.",
        "15:12:00 – The stewards investigate.",
        "15:15:00 – 10-second time penalty for Verstappen.",
    ]
    assert fields(reply) == {"Race control first named": "Verstappen and Norris, turn 4"}
    assert "Europe/Rome" in reply.card.clock


def in_sight(reply: Reply) -> str:
    """What is seen of a veiled reply before somebody taps it."""
    assert reply.veiled
    return " ".join((reply.card.title, *(as_written(field.name) for field in reply.card.fields), *labels(reply)))


@pytest.mark.parametrize("cars", [(VER, NOR), (VER, NOR, PIA)])
def test_veiled_nothing_in_sight_names_anybody(cars: tuple[Car, ...]) -> None:
    ruled = incident(penalised(noted(*cars), VER, 15))
    poll, dropped = Poll.of(ruled), replace(Poll.of(ruled), dropped=True)
    ballot = poll_reply(ruled, poll, NO_VOTES, NO_VOTES, veiled=True)
    others = (
        poll_reply(ruled, poll, NO_VOTES, NO_VOTES, veiled=True, closed=True),
        poll_reply(ruled, dropped, NO_VOTES, NO_VOTES, veiled=True),
        ruling_reply(ruled, veiled=True),
        closed_poll.result(ruled, NO_VOTES, NO_VOTES, veiled=True),
    )
    for reply in (ballot, *others):
        assert "Turn 4, lap 12, Monza 2025" in reply.card.title
        assert not any(suspect.surname in in_sight(reply) for suspect in ruled.suspects)
        assert all(suspect.surname in str(reply.card.paragraphs) for suspect in ruled.suspects)
    numbered = " · ".join(f"{number} {suspect.surname}" for number, suspect in enumerate(ruled.suspects, 1))
    assert numbered in ballot.card.paragraphs
    known = ["All 1", "Mostly 1", "Racing incident", "Mostly 2", "All 2"]
    assert labels(ballot)[:-3] == (known if len(cars) == 2 else ["1", "2", "3", "Racing incident"])


def test_what_a_poll_came_to_is_told_in_the_chats_language() -> None:
    ruled = incident(penalised(noted(), VER, 15))
    with speaking("de"):
        told = [closed_poll.result(ruled, NO_VOTES, NO_VOTES), closed_poll.closed(ruled), closed_poll.opened(ruled)]
    assert all("Verstappen und Norris, Kurve 4, Monza 2025" in reply.card.title for reply in told)
    assert [*fields(told[0]).values()] == ["10 Sekunden Zeitstrafe für Verstappen"]


def test_a_ruling_that_is_told_says_whose_it_is() -> None:
    link = "https://example.org/d"
    review = KeptRuling(1_757_268_000, "the FIA", "the penalty is withdrawn", "", link, DOCUMENT, "[]", None)
    case = penalised(noted(), VER, 15)
    assert ruling_reply(incident(case)).card.paragraphs == ("The stewards: 10-second time penalty for Verstappen.",)
    assert ruling_reply(incident(case, review)).card.paragraphs == ("The FIA: the penalty is withdrawn.",)
    with speaking("de"):
        told = ruling_reply(incident(case)).card.paragraphs
    assert told == ("Die Rennkommissare: 10 Sekunden Zeitstrafe für Verstappen.",)


def test_a_digest_that_comes_after_a_document_says_what_that_rules() -> None:
    put_off = then(noted(), StageKind.AFTER_SESSION, 12)
    link = "https://example.org/d"
    ruling = KeptRuling(1_757_268_000, "the stewards", "a reprimand for Norris", "", link, DOCUMENT, "[]", None)
    lines = [
        digest_reply("Italian Grand Prix", "monza 2025", [live_incident(known)]).card.paragraphs[0]
        for known in (incident(put_off), incident(put_off, ruling))
    ]
    assert lines == [
        "Verstappen and Norris, turn 4 – to be investigated after the race",
        "Verstappen and Norris, turn 4 – a reprimand for Norris",
    ]


def test_a_penalty_for_who_was_not_in_it_is_not_said_to_blame_nobody() -> None:
    ruled = incident(penalised(noted(), PIA, 15))
    assert ruled.ruling is not None
    assert not ruled.ruling.at_fault
    assert stewards_said(ruled) == ""
    assert stewards_said(incident(cleared(noted(), 15))) == "; the stewards blamed nobody"


def test_a_ruling_stands_beside_the_poll() -> None:
    ruled = incident(penalised(noted(), VER, 15))
    poll = poll_reply(ruled, Poll.of(ruled), None, NO_VOTES)
    assert fields(poll) == {"The stewards": "10-second time penalty for Verstappen"}
    assert labels(poll)[:3] == ["All Verstappen", "Mostly Verstappen", "Racing incident"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("5s time penalty", "5-second time penalty for Verstappen"),
        ("10 second stop/go penalty", "10-second stop-and-go penalty for Verstappen"),
        ("drive through penalty", "drive-through penalty for Verstappen"),
        ("reprimand (driving)", "reprimand for Verstappen"),
        ("black flag", "black flag for Verstappen"),
        ("3 place grid penalty", "3 place grid penalty: Verstappen"),
    ],
)
def test_a_penalty_is_said_in_a_line(kind: str, said: str) -> None:
    ruled = incident(penalised(noted(), VER, 15, kind))
    assert ruled.ruling is not None
    assert ruling_text.decision(ruled, ruled.ruling) == said


def test_three_are_listed_in_race_controls_order_in_the_language_that_is_spoken() -> None:
    crowd = incident(noted(VER, NOR, PIA))
    assert suggestion_label(crowd) == "Monza 2025 – Verstappen, Norris and Piastri, turn 4"
    with speaking("de"):
        assert incident_text.title(crowd) == "Verstappen, Norris und Piastri, Kurve 4, Monza 2025"


def test_where_the_session_is_over_without_a_ruling_that_is_said() -> None:
    assert noted_text.state(incident(replace(noted(), over=True))) == "Race control's messages tell of no ruling."
