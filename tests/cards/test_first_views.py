"""What people ask for most fits one screen of a phone, of every incident, in every language."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from textwrap import wrap

import pytest

from bot.adapters.telegram.render import render
from bot.cards.anniversary import anniversary_reply
from bot.cards.closed_poll import result
from bot.cards.glance import VOICES
from bot.cards.incident import story_reply
from bot.cards.live_text import ruling_reply
from bot.cards.poll import poll_reply
from bot.cards.quotation import quotation_reply
from bot.cards.race_cases import MOST_CASES
from bot.cards.recap import recap_card, recap_reply
from bot.cards.recap_facts import IN_SIGHT
from bot.cards.ruling_text import overturned
from bot.cards.verdict import verdict_reply
from bot.chat.instants import as_written
from bot.chat.replies import Attachment, Reply
from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Poll, Question, Tally, questions
from bot.domain.race_control import Car
from bot.domain.race_story import MOST_INCIDENTS, RaceStory, StandingsMove
from bot.domain.shortened import misquoted
from bot.i18n import LANGUAGES, _, speaking
from bot.search.quotation_finder import Saying
from storage.incidents.reading import read_shipped
from tests.support.cases import ALB, ANT, NOR, PIA, VER, draft, noted, penalised
from tests.support.race_cases import known
from tests.support.season import DRIVERS, DRIVERS_BEFORE, FETCHED, RESULT, TEAMS

SEEN = 900
"""Characters that are seen at first."""

PICTURE_LINES = 9
"""Lines that a picture takes which is half as high as it is wide."""

COLUMNS, LINES = 43, 31
"""Characters in a line, on average, and lines, of 360 by 650 pixels in Telegram's letters."""

FOLD = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)
SHIPPED = read_shipped()


def first_view(reply: Reply) -> str:
    """What Telegram shows of a reply before anybody unfolds it: of what is folded, three lines."""

    def begun(fold: re.Match[str]) -> str:
        lines = [part for line in _words(fold[1]).split("\n") for part in (wrap(line, COLUMNS) or [""])]
        return "\n".join(lines[:3])

    return _words(FOLD.sub(begun, render(reply)[0]))


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def voted(poll: Poll, *counts: int) -> Tally:
    """A poll's tally; of what few votes there were before the ruling, they are on its first choice."""
    late = {(choice.id, 1): counts[number % len(counts)] for number, choice in enumerate(poll.choices)}
    return poll.tally({**late, (poll.choices[0].id, 0): counts[0]})


def cards(incident: Incident) -> Iterator[Reply]:
    """All that is asked of an incident, with few votes here and many everywhere."""
    poll = Poll.of(incident, 1)
    few, many = voted(poll, 1, 2, 2, 4, 3), voted(poll, 205, 318, 1325, 240, 116)
    answers, rating, rated = {Question.BLAME: many}, None, None
    if Question.RATING in questions(incident):
        rating = Poll.of(incident, 2, question=Question.RATING)
        answers[Question.RATING], rated = voted(rating, 205, 318, 1325, 240, 116), voted(rating, 1, 2, 2, 4, 3)
    for hidden in (False, True):
        yield story_reply(incident, many, hidden=hidden)
        yield anniversary_reply(incident, many, 25, hidden=hidden)
        yield verdict_reply(incident, answers, rating, rated, hidden=hidden)
        if incident.poll:
            yield poll_reply(incident, poll, few, many, hidden=hidden)
            yield poll_reply(incident, poll, few, many, hidden=hidden, closed=True)
    yield story_reply(incident, None)
    yield result(incident, few, many)
    yield from (quotation_reply(Saying(incident, each), incident.id) for each in incident.quotations)


@pytest.mark.parametrize("incident", SHIPPED, ids=lambda incident: incident.id)
def test_a_first_view_fits_one_screen(incident: Incident) -> None:
    for language in LANGUAGES:
        with speaking(language):
            for reply in cards(incident):
                seen, which = first_view(reply), (language, reply.card.title)
                assert len(seen) <= SEEN, which
                assert sum(max(1, -(-len(line) // COLUMNS)) for line in seen.split("\n")) <= LINES, which


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cars", [2, 3, 5])
def test_so_does_one_that_race_control_noted(language: str, cars: int) -> None:
    case = noted(*(VER, NOR, PIA, ANT, ALB)[:cars])
    with speaking(language):
        for bare in (draft(case), draft(penalised(case, VER, 14))):
            incident = NotedRecord.of(bare.id, document_of(bare), tuple(rulings_of(bare))).incident
            replies = [*cards(incident), *([ruling_reply(incident)] if incident.ruling else [])]
            assert all(len(first_view(reply)) <= SEEN for reply in replies)


@pytest.mark.parametrize("incident", SHIPPED, ids=lambda incident: incident.id)
def test_nothing_is_lost_or_told_otherwise(incident: Incident) -> None:
    """The whole summary is there, seen or folded; a quotation is word for word, whole or with its gaps marked."""
    story = story_reply(incident, None)
    assert incident.summary in (*story.card.paragraphs, *story.card.folded)
    sides = [side for suspect in incident.suspects if (side := incident.side(suspect.id))]
    assert len(story.card.quotations) in (0, min(len(sides), VOICES)), "a voice for each side, or for none"
    for shown in story.card.quotations:
        words = shown.words
        assert any(words == each.words or misquoted(words, each.words) is None for each in incident.quotations)
    reasons = verdict_reply(incident, {})
    if incident.ruling:
        facts = " ".join((*(as_written(fact.value) for fact in reasons.card.fields), *reasons.card.folded))
        assert incident.ruling.decision in facts
        assert incident.ruling.reason.rstrip(".")[1:] in facts
        assert all(review.decision in facts for review in incident.ruling.reviews)
        in_sight = " ".join(as_written(fact.value) for fact in reasons.card.fields)
        assert overturned(incident) in in_sight or all(each.decision in in_sight for each in incident.ruling.reviews)


@pytest.mark.parametrize("incident", SHIPPED, ids=lambda incident: incident.id)
def test_each_side_is_heard_at_first_sight(incident: Incident) -> None:
    """A short quotation of each side, whatever is voted."""
    sides = [side for suspect in incident.suspects if (side := incident.side(suspect.id))]
    poll = Poll.of(incident, 1)
    for language in LANGUAGES:
        with speaking(language):
            for tally in (None, voted(poll, 1, 2, 2, 4, 3), voted(poll, 205, 318, 1325, 240, 116)):
                for hidden in (False, True):
                    heard = story_reply(incident, tally, hidden=hidden).card.quotations
                    assert len(heard) == min(len(sides), VOICES), (language, hidden)


@pytest.mark.parametrize("incident", [each for each in SHIPPED if each.poll], ids=lambda incident: incident.id)
def test_all_cases_are_in_sight_or_none_is(incident: Incident) -> None:
    poll = Poll.of(incident, 1)
    card = poll_reply(incident, poll, voted(poll, 1), voted(poll, 20, 1)).card
    seen = [fact.value for fact in card.fields]
    folded = "\n".join(card.folded)
    in_sight = [suspect.case in seen for suspect in incident.suspects]
    assert all(one == other for one, other in pairwise(in_sight))
    assert all(in_sight) or all(suspect.case in folded for suspect in incident.suspects)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("incident", [each for each in SHIPPED if each.poll], ids=lambda incident: incident.id)
def test_a_choice_that_nobody_made_is_there_as_none_also_in_short(incident: Incident, language: str) -> None:
    poll = Poll.of(incident)
    first, *others = poll.choices
    with speaking(language):
        (votes,) = story_reply(incident, poll.tally({(first.id, 0): 1})).card.votes
    sides = len({choice.side for choice in poll.choices})
    assert votes.in_words.count(" · ") in {len(others), sides - 1}
    assert votes.in_words.count(" 0") in {len(others), sides - 1}


def recaps(incidents: tuple[Incident, ...]) -> Iterator[RaceStory]:
    """Imola's race with ever more to tell of it, at last with three incidents."""
    drivers, teams = StandingsMove(DRIVERS, DRIVERS_BEFORE), StandingsMove(TEAMS)
    told = tuple((each, voted(Poll.of(each), 205, 318, 1325, 240, 116)) for each in incidents)
    yield RaceStory(RESULT)
    for number in range(len(told) + 1):
        yield RaceStory(RESULT, drivers, teams, told[:number], FETCHED)
    case = NotedRecord.of("monza-2025-ver-nor-t4", document_of(draft(noted())), ()).incident
    yield RaceStory(RESULT, drivers, teams, ((case, voted(Poll.of(case), 90, 10, 5, 7, 3)), *told[:1]), FETCHED)


def seen_below_its_picture(story: RaceStory, *, veiled: bool) -> None:
    """Check that a recap fits one screen with its picture, and that what is not seen at first is below the fold."""
    whole = recap_card(story, veiled=veiled)
    reply = recap_reply(story, Attachment("recap.png", b"", "A picture"), veiled=veiled)
    seen = first_view(replace(reply, attachment=None))
    lines = sum(max(1, -(-len(line) // COLUMNS)) for line in seen.split("\n"))
    assert lines <= LINES - PICTURE_LINES, seen
    told = " ".join(as_written(each.value) for each in reply.card.fields)
    rest = "\n".join(reply.card.folded)
    facts = [line for each in whole.fields for line in as_written(each.value).split("\n")]
    assert all(fact in told or fact in rest for fact in facts)
    sentences = [*map(as_written, whole.paragraphs)]
    assert all(each in map(as_written, reply.card.paragraphs) or each in rest for each in sentences)
    argued = {_(name) for name in IN_SIGHT[:2]}.intersection(each.name for each in whole.fields)
    assert argued <= {each.name for each in reply.card.fields}, "what is argued about is in sight"
    assert len(_words(render(reply)[0])) <= 1024, "a caption of Telegram's"


LONGEST_FIRST = ["de", *(pytest.param(each, marks=pytest.mark.exhaustive) for each in LANGUAGES if each != "de")]


@pytest.mark.parametrize("language", LONGEST_FIRST)
@pytest.mark.parametrize("veiled", [False, True])
def test_a_recap_fits_one_screen_with_its_picture_and_tells_the_rest_below_the_fold(
    language: str, veiled: bool
) -> None:
    every = [each for each in SHIPPED if each.poll]
    with speaking(language):
        for start in range(0, len(every) - MOST_INCIDENTS, MOST_INCIDENTS):
            for story in recaps(tuple(every[start : start + MOST_INCIDENTS])):
                seen_below_its_picture(story, veiled=veiled)


def recaps_of_cases(cars: tuple[Car, ...], place: str) -> Iterator[RaceStory]:
    """Stories of one case to more than are told, with little else to tell or much, with what fans say or without."""
    minutes = range(10, 10 + 2 * (MOST_CASES + 2), 2)
    ruled = [known(penalised(noted(*cars, opened=at, place=place), cars[0], at + 1)) for at in minutes]
    noted_alone = [known(noted(*cars, opened=at, place=place)) for at in minutes]
    winner_alone = replace(RESULT, finishes=RESULT.finishes[:1])
    for every in (ruled, noted_alone):
        apart = [replace(each, id=f"{each.id}-{number}") for number, each in enumerate(every)]
        for number in range(1, len(apart) + 1, 2):
            quiet = tuple((each, None) for each in apart[:number])
            loud = tuple((each, voted(Poll.of(each), 90, 10, 5, 7, 3)) for each in apart[:number])
            for told in (quiet, loud):
                yield RaceStory(winner_alone, incidents=told)
                yield RaceStory(winner_alone, incidents=told, updated_at=FETCHED)
                yield RaceStory(RESULT, StandingsMove(DRIVERS, DRIVERS_BEFORE), StandingsMove(TEAMS), told, FETCHED)


LONGEST_PLACE = "EXIT OF THE LONG STRAIGHT BEHIND THE PADDOCK"


@pytest.mark.parametrize("language", LONGEST_FIRST)
@pytest.mark.parametrize(
    ("place", "veiled"),
    [
        *(("TURN 4", False), ("PIT LANE", False), (LONGEST_PLACE, False), (LONGEST_PLACE, True)),
        *(pytest.param(place, True, marks=pytest.mark.exhaustive) for place in ("TURN 4", "PIT LANE")),
    ],
)
def test_so_does_one_of_many_cases(language: str, veiled: bool, place: str) -> None:
    with speaking(language):
        for cars in ((VER, NOR, PIA), (VER, NOR, PIA, ANT, ALB)):
            for story in recaps_of_cases(cars, place):
                seen_below_its_picture(story, veiled=veiled)
