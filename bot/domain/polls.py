"""An incident's questions: what may be answered, and how many did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.domain.hundredths import hundredths
from bot.domain.incidents import RACING_INCIDENT, Incident

Counts = Mapping[tuple[int, int], int]
"""Votes by choice id and whether they were cast after the ruling (0 or 1)."""


class Question(StrEnum):
    """What a poll asks: who was to blame, or, once that is ruled on, whether the ruling is right."""

    BLAME = "blame"
    RATING = "rating"


SMALL = 10
"""Fewer votes than this are told by their number, and not in hundredths."""

LENIENT, CORRECT, HARSH = "too-lenient", "correct", "too-harsh"
"""The sides of a rating: what somebody thinks of a ruling."""

SCALE = (
    (f"far-{LENIENT}", LENIENT),
    (f"slightly-{LENIENT}", LENIENT),
    (CORRECT, CORRECT),
    (f"slightly-{HARSH}", HARSH),
    (f"far-{HARSH}", HARSH),
)
"""Key and side of each rating, from one end to the other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: `key` is for buttons, `side` the suspect it blames, `racing-incident`, or the side of a rating."""

    id: int
    key: str
    side: str


@dataclass(frozen=True, slots=True)
class Poll:
    """An incident's question; `ruled_at` is when its ruling was known, in seconds since 1970.

    A rating has none: it is cast after the ruling that it is about.

    `former` are choices that were offered once, by their own ids, each as the choice that says the same today: where a
    third car turned out to be in it, who blamed one of two wholly or mostly blames that one of three.

    `dropped` says that it is not asked any more, as race control has corrected itself: votes stay, and none is taken.
    """

    id: int
    incident_id: str
    choices: tuple[Choice, ...]
    ruled_at: int | None
    former: tuple[Choice, ...] = ()
    question: Question = Question.BLAME
    dropped: bool = False

    @classmethod
    def of(
        cls,
        incident: Incident,
        poll_id: int = 0,
        choice_ids: Mapping[str, int] | None = None,
        question: Question = Question.BLAME,
    ) -> "Poll":
        """The poll that an incident asks for; without ids it can be shown, not voted on."""
        known, rated = choice_ids or {}, question is Question.RATING
        offered = dict(SCALE if rated else _choices(incident))
        choices = tuple(Choice(known.get(key, number), key, side) for number, (key, side) in enumerate(offered.items()))
        former = tuple(
            Choice(choice_id, side, side)
            for key, choice_id in known.items()
            if key not in offered and (side := key.removeprefix("all-").removeprefix("mostly-")) in offered
        )
        ruled_at = None if rated else incident.ruled_at
        return cls(poll_id, incident.id, choices, ruled_at, former, question, not incident.poll)

    def choice(self, key: str) -> Choice | None:
        """The choice of that key, or None; a poll that was dropped offers none."""
        if not self.dropped:
            for choice in self.choices:
                if choice.key == key:
                    return choice
        return None

    def offered(self, choice_id: int) -> Choice | None:
        """The choice of that id, or None where the poll offers it no longer."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        return next((self.choice(each.key) for each in self.former if each.id == choice_id), None)

    def ruled_by(self, moment: int) -> bool:
        """Whether the ruling was known at a moment, in seconds since 1970."""
        return self.ruled_at is not None and moment >= self.ruled_at

    def tally(self, counts: Counts) -> "Tally":
        """The votes for each choice that the poll offers; those for choices that it no longer does are left out."""
        counts = self._as_today(counts) if self.former else counts
        early, late = (tuple(counts.get((choice.id, after), 0) for choice in self.choices) for after in (0, 1))
        return Tally(self.choices, early, late)

    def _as_today(self, counts: Counts) -> Counts:
        """The votes with those for former choices added to the ones that say the same today."""
        today = Counter(dict(counts))
        ids = {choice.key: choice.id for choice in self.choices}
        for choice in self.former:
            for after in (0, 1):
                today[ids[choice.key], after] += counts.get((choice.id, after), 0)
        return today


@dataclass(frozen=True)
class Tally:
    """How many voted for each of a poll's choices: `early` before the ruling, `late` after it, in their order.

    A thousand voters may share one, so its sums are kept once they are asked for.
    """

    choices: tuple[Choice, ...]
    early: tuple[int, ...]
    late: tuple[int, ...]

    @cached_property
    def votes(self) -> int:
        """How many voted."""
        return sum(self.early) + sum(self.late)

    @property
    def before(self) -> "Tally":
        """The votes cast before the ruling; all of them where there is none."""
        return Tally(self.choices, self.early, (0,) * len(self.choices))

    @property
    def after(self) -> "Tally":
        """The votes cast after the ruling."""
        return Tally(self.choices, (0,) * len(self.choices), self.late)

    def count(self, choice: Choice) -> int:
        """How many voted for a choice."""
        return self._by_choice.get(choice.id, 0)

    def by_side(self) -> dict[str, int]:
        """How many are on each side, in the poll's order; its degrees added up."""
        return dict(self._by_side)

    def hundredths(self, choice: Choice) -> int:
        """A choice's part of all votes; those of all choices add up to 100, and those of a side to its own."""
        return self._hundredths.get(choice.id, 0)

    def hundredths_by_side(self) -> dict[str, int]:
        """Each side's part of all votes, in the poll's order; they add up to 100, where there is a vote."""
        return dict(zip(self._by_side, hundredths([*self._by_side.values()], self.votes), strict=True))

    @cached_property
    def _hundredths(self) -> dict[int, int]:
        parts: dict[int, int] = {}
        for side, whole in self.hundredths_by_side().items():
            choices = [choice for choice in self.choices if choice.side == side]
            dealt = hundredths([self.count(choice) for choice in choices], self.votes, whole)
            parts |= {choice.id: part for choice, part in zip(choices, dealt, strict=True)}
        return parts

    @cached_property
    def _by_choice(self) -> dict[int, int]:
        counted = zip(self.choices, self.early, self.late, strict=True)
        return {choice.id: early + late for choice, early, late in counted}

    @cached_property
    def _by_side(self) -> dict[str, int]:
        sides = dict.fromkeys((choice.side for choice in self.choices), 0)
        for choice in self.choices:
            sides[choice.side] += self._by_choice[choice.id]
        return sides


def questions(incident: Incident) -> tuple[Question, ...]:
    """What is asked about an incident: nothing where that would be out of place, a rating where there is a ruling."""
    if not incident.poll:
        return ()
    return (Question.BLAME,) if incident.ruling is None else (Question.BLAME, Question.RATING)


def _choices(incident: Incident) -> list[tuple[str, str]]:
    """Key and side of each choice: a scale between two suspects, a list of more."""
    nobody = (RACING_INCIDENT, RACING_INCIDENT)
    match [suspect.id for suspect in incident.suspects]:
        case [one, other]:
            return [
                (f"all-{one}", one),
                (f"mostly-{one}", one),
                nobody,
                (f"mostly-{other}", other),
                (f"all-{other}", other),
            ]
        case suspects:
            return [*((suspect, suspect) for suspect in suspects), nobody]
