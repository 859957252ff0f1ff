"""Events on the line between processes: what is written is read again, and what nobody wrote is passed over."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Question
from bot.domain.sessions import SessionKind
from bot.events import (
    AllowanceClosed,
    CalendarChanged,
    CaseChanged,
    ChatChanged,
    DeliveriesMade,
    Missed,
    PollMoved,
    PollViewChanged,
    ResultStored,
    RulingMade,
)
from bot.jobs.relay.wire import KINDS, Relayed, as_text, from_text

GROUP = Chat(Platform.TELEGRAM, "-100", ChatKind.GROUP)
EVENTS: list[Relayed] = [
    PollMoved("imola-2021"),
    PollMoved("imola-2021", None, Question.RATING),
    CaseChanged("monza-2025-ver-nor-t4"),
    RulingMade("monza-2025-ver-nor-t4"),
    PollViewChanged(GROUP),
    ChatChanged(GROUP),
    DeliveriesMade(),
    ResultStored("2021/2", SessionKind.RACE),
    CalendarChanged(2021),
    AllowanceClosed("telegram"),
    Missed(),
]


@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_an_event_arrives_as_it_was_told(event: Relayed) -> None:
    assert from_text(as_text(event, "one"), besides="another") == event


def test_every_kind_is_among_the_examples() -> None:
    assert {type(event) for event in EVENTS} == {*KINDS, Missed}


def test_a_process_does_not_hear_itself() -> None:
    assert from_text(as_text(PollMoved("imola-2021"), "one"), besides="one") is None


def test_which_message_was_pressed_is_not_told() -> None:
    pressed = PollMoved("imola-2021", Post(GROUP, "5"))
    assert as_text(pressed, "one") == as_text(PollMoved("imola-2021"), "one")


def test_the_longest_ids_fit_on_the_line() -> None:
    event = PollViewChanged(Chat(Platform.DISCORD, "9" * 64, ChatKind.GROUP))
    assert len(as_text(event, "f" * 32).encode()) < 8_000


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_is_passed_over(text: str) -> None:
    assert from_text(text, besides="one") is None


@pytest.mark.parametrize(
    "text",
    [
        '["another","PollMoved",[1,2,3,4]]',
        '["another","PollMoved",{"incident":{}}]',
        '["another","PollMoved",["imola-2021",null,"whose"]]',
        '["another","CaseChanged",{"incident":7}]',
        '["another","CaseChanged",["imola-2021"]]',
        '["another","ChatChanged",{"chat":{"platform":"irc","id":"1"}}]',
        '["another","Unheard",{}]',
        '["another",["PollMoved"],{}]',
        "[" * 100_000,
    ],
)
def test_what_looks_like_an_event_and_is_none_is_passed_over(text: str) -> None:
    assert from_text(text, besides="one") is None
