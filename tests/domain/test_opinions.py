from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Case
from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.opinions import (
    WORTH,
    Agreement,
    Opinion,
    Share,
    agreement,
    blame_championship,
    disputes,
    harshest,
    most_lenient,
    most_moved,
)
from bot.domain.polls import Poll, Question, Tally, questions
from tests.support.cases import NOR, PIA, VER, cleared, corrected, draft, noted, penalised
from tests.support.incidents import catalogue

INCIDENTS = {incident.id: incident for incident in catalogue()}
"""Imola: no further action; Monza: Verstappen; Baku: both; Singapore: nobody of three; Adelaide: no ruling."""


def tally(incident: Incident, question: Question, early: Mapping[str, int], late: Mapping[str, int]) -> Tally:
    poll = Poll.of(incident, question=question)
    assert {choice.key for choice in poll.choices} >= {*early, *late}
    return poll.tally(
        {
            (choice.id, after): votes.get(choice.key, 0)
            for choice in poll.choices
            for after, votes in enumerate((early, late))
        }
    )


def opinion(
    incident_id: str,
    late: Mapping[str, int] | None = None,
    early: Mapping[str, int] | None = None,
    ratings: Mapping[str, int] | None = None,
) -> Opinion:
    """What fans voted on an incident, before and after its ruling, and how they rate that."""
    incident = INCIDENTS[incident_id]
    blame = tally(incident, Question.BLAME, early or {}, late or {})
    rated = Question.RATING in questions(incident)
    return Opinion(incident, blame, tally(incident, Question.RATING, ratings or {}, {}) if rated else None)


class TestAgreement:
    """How often the majority and the stewards said the same."""

    @pytest.mark.parametrize(
        ("incident_id", "votes", "expected"),
        [
            ("monza-2021", {"all-verstappen": 6, "mostly-verstappen": 5, "all-hamilton": 9}, Agreement(agreed=1)),
            ("monza-2021", {"all-verstappen": 5, "racing-incident": 6}, Agreement(disagreed=1)),
            ("monza-2021", {"all-verstappen": 6, "all-hamilton": 6}, Agreement(split=1)),
            ("imola-2021", {"racing-incident": 6, "all-russell": 5}, Agreement(agreed=1)),
            ("imola-2021", {"racing-incident": 5, "mostly-russell": 6}, Agreement(disagreed=1)),
            ("singapore-2017", {"racing-incident": 5, "vettel": 4, "verstappen": 4}, Agreement(agreed=1)),
        ],
    )
    def test_is_of_the_side_with_most_votes(
        self, incident_id: str, votes: Mapping[str, int], expected: Agreement
    ) -> None:
        assert agreement([opinion(incident_id, votes)]) == expected

    def test_is_that_of_the_votes_before_the_ruling_where_there_are_ten(self) -> None:
        after = {"all-verstappen": 1_000}
        assert agreement([opinion("monza-2021", after, {"all-hamilton": 10})]) == Agreement(disagreed=1)
        assert agreement([opinion("monza-2021", after, {"all-hamilton": 9})]) == Agreement(agreed=1)

    def test_of_few_votes_is_counted_as_one_of_few(self) -> None:
        assert agreement([opinion("monza-2021", {"all-verstappen": 9})]) == Agreement(agreed=1, few=1)
        assert agreement([opinion("monza-2021", {"all-verstappen": 10})]) == Agreement(agreed=1)

    @pytest.mark.parametrize("incident_id", ["baku-2018", "adelaide-1994"])
    def test_leaves_out_what_says_nothing_to_be_held_against_it(self, incident_id: str) -> None:
        assert agreement([opinion(incident_id, {"racing-incident": 20})]) == Agreement()

    @pytest.mark.parametrize(
        ("case", "expected"),
        [
            (cleared(noted(), 14), Agreement(agreed=1)),
            (penalised(noted(), VER, 14), Agreement(disagreed=1)),
            (corrected(penalised(noted(), VER, 14), 16, NOR, PIA), Agreement()),
        ],
        ids=["nobody", "somebody", "somebody who was not in it after all"],
    )
    def test_is_with_what_race_control_said(self, case: Case, expected: Agreement) -> None:
        bare = draft(case)
        incident = NotedRecord.of(bare.id, document_of(bare), tuple(rulings_of(bare))).incident
        votes = tally(incident, Question.BLAME, {"racing-incident": 12}, {})
        assert agreement([Opinion(incident, votes)]) == expected

    def test_leaves_out_what_nobody_has_voted_on(self) -> None:
        assert agreement([opinion("monza-2021"), opinion("imola-2021")]) == Agreement()


class TestDisputes:
    """How many votes contradict each ruling."""

    def test_begin_with_what_most_votes_contradict(self) -> None:
        monza = opinion("monza-2021", {"all-verstappen": 8, "all-hamilton": 1}, {"racing-incident": 1})
        imola = opinion("imola-2021", {"all-russell": 7, "racing-incident": 3})
        assert [(each.incident.id, each.against) for each in disputes([monza, imola])] == [
            ("imola-2021", Share(7, 10, 70)),
            ("monza-2021", Share(2, 10, 20)),
        ]

    def test_are_told_in_what_the_rulings_own_share_leaves(self) -> None:
        level = opinion("singapore-2017", {"vettel": 4, "verstappen": 4, "raikkonen": 4, "racing-incident": 5})
        (dispute,) = disputes([level])
        assert dispute.against.hundredths + level.blame.hundredths_by_side()["racing-incident"] == 100

    def test_of_few_votes_come_last(self) -> None:
        monza = opinion("monza-2021", {"all-verstappen": 99, "all-hamilton": 1})
        imola = opinion("imola-2021", {"all-russell": 9})
        assert [each.incident.id for each in disputes([imola, monza])] == ["monza-2021", "imola-2021"]


class TestRatings:
    """Which rulings are too harsh or too lenient in the fans' eyes."""

    def test_far_is_twice_as_far(self) -> None:
        monza = opinion("monza-2021", ratings={"slightly-too-harsh": 9, "correct": 1})
        imola = opinion("imola-2021", ratings={"far-too-harsh": 6, "correct": 4})
        found = [(each.incident.id, each.share) for each in harshest([monza, imola])]
        assert found == [("imola-2021", Share(6, 10, 60)), ("monza-2021", Share(9, 10, 90))]

    def test_that_weigh_each_other_up_lean_nowhere(self) -> None:
        level = opinion("monza-2021", ratings={"far-too-harsh": 5, "slightly-too-lenient": 10})
        assert harshest([level]) == most_lenient([level]) == []

    def test_lean_to_one_side(self) -> None:
        lenient = opinion("monza-2021", ratings={"far-too-lenient": 8, "slightly-too-harsh": 3})
        assert [(each.side, each.share) for each in most_lenient([lenient])] == [("too-lenient", Share(8, 11, 73))]
        assert harshest([lenient]) == []

    def test_that_are_few_come_last(self) -> None:
        few = opinion("monza-2021", ratings={"far-too-harsh": 9})
        many = opinion("imola-2021", ratings={"correct": 99, "slightly-too-harsh": 1})
        assert [each.incident.id for each in harshest([few, many])] == ["imola-2021", "monza-2021"]

    def test_of_what_nobody_rated_say_nothing(self) -> None:
        assert harshest([opinion("monza-2021"), opinion("adelaide-1994")]) == []


class TestMoved:
    """What votes said before a ruling and after it."""

    def test_is_how_many_more_or_fewer_agree_with_it(self) -> None:
        monza = opinion(
            "monza-2021", {"all-verstappen": 9, "all-hamilton": 1}, {"all-verstappen": 3, "all-hamilton": 7}
        )
        imola = opinion("imola-2021", {"racing-incident": 4, "all-russell": 6}, {"racing-incident": 10})
        assert [(each.incident.id, each.before, each.after) for each in most_moved([monza, imola])] == [
            ("monza-2021", Share(3, 10, 30), Share(9, 10, 90)),
            ("imola-2021", Share(10, 10, 100), Share(4, 10, 40)),
        ]

    def test_takes_votes_on_both_sides_of_it(self) -> None:
        assert most_moved([opinion("monza-2021", {"all-verstappen": 20})]) == []

    def test_leaves_out_what_stayed_as_it_was(self) -> None:
        assert most_moved([opinion("monza-2021", {"all-verstappen": 20}, {"mostly-verstappen": 30})]) == []


class TestBlameChampionship:
    """Whom the fans blame, and for how many points."""

    def test_deals_out_an_incident_by_share_of_the_blame(self) -> None:
        votes = {"all-russell": 1, "mostly-russell": 1, "racing-incident": 1, "mostly-bottas": 1}
        table = blame_championship([opinion("imola-2021", votes)])
        assert [(each.place, each.suspect.name, each.points) for each in table] == [
            (1, "George Russell", WORTH * Fraction(1 + 3 / 4 + 1 / 4) / 4),
            (2, "Valtteri Bottas", WORTH * Fraction(1 / 4 + 3 / 4) / 4),
        ]

    def test_of_three_suspects_each_vote_blames_one(self) -> None:
        table = blame_championship([opinion("singapore-2017", {"vettel": 3, "raikkonen": 1})])
        assert [(each.suspect.id, float(each.points)) for each in table] == [("vettel", 18.75), ("raikkonen", 6.25)]

    def test_adds_up_incidents_however_many_voted_on_each(self) -> None:
        table = blame_championship(
            [opinion("monza-2021", {"all-verstappen": 1}), opinion("singapore-2017", {"verstappen": 500})]
        )
        assert [(each.suspect.id, each.points, each.incidents) for each in table] == [
            ("verstappen", Fraction(2 * WORTH), 2)
        ]

    def test_equal_points_share_a_place(self) -> None:
        table = blame_championship(
            [
                opinion("imola-2021", {"all-russell": 1, "all-bottas": 1}),
                opinion("singapore-2017", {"vettel": 1, "racing-incident": 4}),
            ]
        )
        assert [(each.place, each.suspect.id) for each in table] == [(1, "russell"), (1, "bottas"), (3, "vettel")]

    def test_who_is_not_blamed_is_not_in_it(self) -> None:
        assert blame_championship([opinion("imola-2021", {"racing-incident": 5}), opinion("monza-2021")]) == []


@given(st.lists(st.integers(0, 1_000), min_size=5, max_size=5))
def test_an_incident_deals_out_what_it_is_worth_but_for_what_is_nobodys(counts: list[int]) -> None:
    votes = dict(zip((choice.key for choice in Poll.of(INCIDENTS["imola-2021"]).choices), counts, strict=True))
    table = blame_championship([opinion("imola-2021", votes)])
    blaming = Fraction(sum(counts) - votes["racing-incident"], sum(counts) or 1)
    assert sum((each.points for each in table), Fraction()) == WORTH * blaming
    assert [each.points for each in table] == sorted((each.points for each in table), reverse=True)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3).filter(any), st.lists(st.integers(0, 500), min_size=5))
def test_what_stands_beside_a_poll_is_what_the_poll_says(counts: list[int], ratings: list[int]) -> None:
    keys = [choice.key for choice in Poll.of(INCIDENTS["monza-2021"], question=Question.RATING).choices]
    blame = dict(zip(("all-verstappen", "all-hamilton", "racing-incident"), counts, strict=True))
    monza = opinion("monza-2021", blame, ratings=dict(zip(keys, ratings, strict=False)))
    (dispute,) = disputes([monza])
    assert dispute.against.hundredths + monza.blame.hundredths_by_side()["verstappen"] == 100
    for rated in (*harshest([monza]), *most_lenient([monza])):
        assert monza.rating is not None
        assert rated.share.hundredths == monza.rating.hundredths_by_side()[rated.side]
