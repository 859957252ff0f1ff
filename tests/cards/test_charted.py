"""A poll as its picture shows it."""

from bot.cards.charted import charted
from bot.domain.polls import Poll, Tally
from bot.search.catalogue import Incidents
from tests.cards.test_finding import incident


def test_a_scale_has_all_five_answers_those_without_votes_as_well() -> None:
    imola = incident("imola-2021")
    poll = Poll.of(imola)
    lines = charted(imola, poll, Tally(poll.choices, (1, 0, 2, 4, 3), (0,) * 5))
    assert [(answer.label, answer.written) for answer in lines.scale] == [
        ("All Bottas", "10 %"),
        ("Mostly Bottas", "0 %"),
        ("Racing incident", "20 %"),
        ("Mostly Russell", "40 %"),
        ("All Russell", "30 %"),
    ]
    assert lines.agreed == "20 % agree with the stewards"
    assert lines.invitation == "Vote with /blame imola-2021"


def test_few_votes_are_numbers_and_no_share_of_anything() -> None:
    imola = incident("imola-2021")
    poll = Poll.of(imola)
    lines = charted(imola, poll, Tally(poll.choices, (1, 0, 0, 2, 0), (0,) * 5))
    assert [answer.written for answer in lines.scale] == ["1", "0", "0", "2", "0"]
    assert lines.agreed == ""


def test_a_move_is_shown_where_enough_voted_on_both_sides_of_the_ruling() -> None:
    imola = incident("imola-2021")
    poll = Poll.of(imola)
    many = charted(imola, poll, Tally(poll.choices, (10, 0, 0, 10, 0), (0, 0, 5, 5, 0)))
    assert [(side.before, side.after) for side in many.sides] == [(0.5, 0), (0, 0.5), (0.5, 0.5)]
    few = charted(imola, poll, Tally(poll.choices, (10, 0, 0, 10, 0), (0, 0, 1, 0, 0)))
    assert {(side.before, side.after) for side in few.sides} == {(None, None)}


def test_those_whom_the_ruling_blames_are_marked_in_every_incident() -> None:
    for told in Incidents.load().told:
        poll = Poll.of(told)
        lines = charted(told, poll, Tally(poll.choices, (1,) * len(poll.choices), (0,) * len(poll.choices)))
        at_fault = told.ruling.at_fault if told.ruling else ()
        assert sum(side.ruled for side in lines.sides) == len(at_fault), told.id
        assert bool(lines.scale) == (len(told.suspects) == 2), told.id
