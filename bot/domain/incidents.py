"""What an incident is: what happened, both sides, the ruling, the sources, as far as each is known.

What must be known of one that is told in a file is in `bot.domain.told_incidents`; what is known of one that race
control noted, in `bot.domain.noted_incidents`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from bot.domain.fields import (
    Label,
    Link,
    Name,
    Passage,
    Places,
    Sentence,
    SessionName,
    Slug,
    Story,
    SuspectId,
    ZonedMoment,
    count_words,
    text_of,
)
from bot.domain.quotations import Quotation
from bot.forms.rules import items, within

RACING_INCIDENT = "racing-incident"
"""The choice, and the ruling, that nobody in particular was to blame."""

WITHDRAW = "withdraw"
"""What stands in place of a choice where a vote is taken back."""

LEDE_WORDS = 60
"""What a phone's first screen holds of a story, beside what both sides say of it."""

NOT_SUSPECTS = {RACING_INCIDENT, WITHDRAW, "stewards", "others"}
"""Words that a suspect's id would be taken for."""


@lru_cache(maxsize=1024)
def _surname(name: str) -> str:
    words = [word for word in name.split() if word.rstrip(".").lower() not in {"jr", "sr"}]
    particles = {"de", "di", "da", "van", "von", "der", "del"}
    start = next((n for n, word in enumerate(words) if n and word.lower() in particles), len(words) - 1)
    return " ".join(words[start:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the facts were read; `publisher` is the paper, site or body, `title` the article's own."""

    publisher: Name
    title: Annotated[str, text_of(2, 160)]
    link: Link
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A driver (or team) the poll may blame, and what speaks against them."""

    id: SuspectId
    name: Name
    team: Name = ""
    number: Annotated[int, within(0, 999)] | None = None
    called: Annotated[str, text_of(2, 24)] | None = None
    """What buttons and tallies call them, where that is not the surname."""

    case: Sentence = ""
    """The case against this suspect, neutrally put: what somebody who blames them would point to; empty if unknown."""

    @property
    def surname(self) -> str:
        """What a button calls them: `George Russell` → `Russell`, `Carlos Sainz Jr` → `Sainz`."""
        return _surname(self.name) if self.called is None else self.called


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A line of the timeline: by the clock (`at`, with its zone), by `lap`, or both."""

    what: Sentence
    at: ZonedMoment | None = None
    lap: Annotated[int, within(0, 200)] | None = None
    when: Annotated[str, text_of(2, 40)] | None = None
    """For what has neither clock nor lap: `Sunday evening`, `the next day`."""

    def problems(self) -> Iterator[str]:
        """What is wrong with it although each of its parts may be so."""
        if self.at is None and self.lap is None and self.when is None:
            yield "a moment says at, lap or when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What came before or after the ruling that stands: an appeal, a protest, a review, a withdrawn penalty."""

    date: dt.date
    by: Name
    decision: Sentence
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided, by whom, and why, in our own words."""

    by: Name = "the stewards"
    date: dt.date
    decision: Label
    """The decision in a line: `racing incident, no further action`."""

    reason: Passage = ""
    link: Link | None = None
    at_fault: tuple[SuspectId, ...] = ()
    """Those the ruling blames; nobody where it found a racing incident or took no action."""

    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What happened, both sides, the ruling, the sources; what nobody knows is empty."""

    id: Slug

    title: Annotated[str, text_of(4, 60)]
    """Who and where: `Bottas and Russell, Imola 2021`."""

    short_title: Annotated[str, text_of(4, 32)]
    """What a button says: `Imola 2021`."""

    race: Name
    circuit: Slug
    """A key of `storage/names/circuits.toml`."""

    date: dt.date
    session: SessionName = "race"
    lap: Annotated[int, within(0, 200)] | None = None
    laps: Annotated[int, within(1, 200)] | None = None
    place: Label = ""
    conditions: Label = ""
    positions: Places = ""
    nicknames: tuple[Annotated[str, text_of(2, 40)], ...] = ()
    """What fans also call it, to be found by; no two incidents share one."""

    fame: Annotated[int, within(1, 10)] = 5
    """How widely known: 10 is told to people who never saw a race. Breaks ties when finding."""

    poll: bool = True
    """False where asking who was to blame would be out of place."""

    takes_over: Slug | None = None
    """The id of the noted incident that this is the story of: its votes go along, and its id goes on finding it."""

    lede: Annotated[str, text_of(0, 400)] = ""
    """The crash in at most 60 words, for a first look; empty where nobody has written it."""

    summary: Story = ""
    suspects: Annotated[tuple[Suspect, ...], items(2)]
    quotations: Annotated[tuple[Quotation, ...], items(0, 16)] = ()
    timeline: Annotated[tuple[Moment, ...], items(0, 12)] = ()
    ruling: Ruling | None = None
    result: Sentence = ""
    championship: Sentence = ""
    disputed: Annotated[tuple[Sentence, ...], items(0, 5)] = ()
    """Where accounts differ, each in a sentence that says who says what."""

    sources: Annotated[tuple[Source, ...], items(0, 12)] = ()

    def problems(self) -> list[str]:
        """What is wrong with it although each of its parts may be so."""
        suspects = [suspect.id for suspect in self.suspects]
        at_fault = self.ruling.at_fault if self.ruling else ()
        problems = []
        if taken := NOT_SUSPECTS & {*suspects}:
            problems.append(f"suspects.id means something else: {', '.join(sorted(taken))}")
        if len(set(suspects)) < len(suspects):
            problems.append("two suspects share an id")
        if strangers := {quotation.side for quotation in self.quotations} - {*suspects, "stewards", "others"}:
            problems.append(f"quotations.side names no suspect: {', '.join(sorted(strangers))}")
        if strangers := set(at_fault) - set(suspects):
            problems.append(f"ruling.at_fault names no suspect: {', '.join(sorted(strangers))}")
        if len({quotation.key for quotation in self.quotations}) < len(self.quotations):
            problems.append("a quotation is there twice")
        if self.lap is not None and self.laps is not None and self.lap > self.laps:
            problems.append("lap is after the last of laps")
        if (count := count_words(self.lede)) > LEDE_WORDS:
            problems.append(f"lede has {count} words; allowed are {LEDE_WORDS} at most")
        return problems

    @property
    def season(self) -> int:
        """The championship's year."""
        return self.date.year

    @property
    def ruled_at(self) -> int | None:
        """When its ruling was known, in seconds since 1970: the midnight (UTC) that ends the ruling's day."""
        if self.ruling is None:
            return None
        day_after = self.ruling.date + dt.timedelta(days=1)
        return int(dt.datetime.combine(day_after, dt.time(), dt.UTC).timestamp())

    @property
    def button_names(self) -> dict[str, str]:
        """What each suspect is called on a button, by id: the surname, or the whole name where two share it."""
        surnames = [suspect.surname for suspect in self.suspects]
        return {
            suspect.id: surname if surnames.count(surname) == 1 else suspect.name
            for suspect, surname in zip(self.suspects, surnames, strict=True)
        }

    def suspect(self, suspect_id: str) -> Suspect | None:
        """The suspect of that id, or None."""
        return next((suspect for suspect in self.suspects if suspect.id == suspect_id), None)

    def side(self, suspect_id: str) -> tuple[Quotation, ...]:
        """The quotations that speak for a suspect, in the file's order."""
        return tuple(quotation for quotation in self.quotations if quotation.side == suspect_id)
