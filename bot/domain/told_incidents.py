"""What an incident file must say: the models behind `storage/incidents/*.toml`.

The author's guide beside the files explains every field in plain words; `racing-incident incidents check` holds a file
against these models.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.domain.fields import Label, Link, Name, Passage, Places, Sentence, Story, count_words
from bot.domain.incidents import Incident, Moment, Ruling, Source, Suspect
from bot.domain.quotations import Quotation
from bot.forms.rules import items

SUMMARY_WORDS = range(80, 201)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSuspect(Suspect):
    """A suspect with their team; with the case against them too, where fans are asked who was to blame."""

    team: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRuling(Ruling):
    """A ruling with its reason, and where to read it."""

    reason: Passage
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIncident(Incident):
    """An incident whose story somebody told, with all that makes it one; its id is the file's name without `.toml`."""

    place: Label
    conditions: Label
    positions: Places
    summary: Story
    suspects: Annotated[tuple[ToldSuspect, ...], items(2, 6)]
    quotations: Annotated[tuple[Quotation, ...], items(2, 16)]
    timeline: Annotated[tuple[Moment, ...], items(2, 12)]
    ruling: ToldRuling | None = None
    result: Sentence
    championship: Sentence
    sources: Annotated[tuple[Source, ...], items(2, 12)]

    def problems(self) -> list[str]:
        """What is wrong with it although each of its parts may be so."""
        problems = Incident.problems(self)  # a class with slots has no `super` of its own
        if (count := count_words(self.summary)) not in SUMMARY_WORDS:
            problems.append(f"summary has {count} words; allowed are {SUMMARY_WORDS.start} to {SUMMARY_WORDS.stop - 1}")
        if self.poll and (spared := [suspect.id for suspect in self.suspects if not suspect.case]):
            problems.append(f"nobody is asked to blame somebody without a case: {', '.join(spared)}")
        if len({quotation.side for quotation in self.quotations}) < 2:  # noqa: PLR2004 - two sides make an argument
            problems.append("all quotations are from one side")
        if not any(str(self.date.year) in name for name in (self.id, self.title)):
            problems.append("neither id nor title names the season")
        return problems
