"""What the authors of incident files use: check files, list the sources."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cards.incident import story_reply, timeline_reply
from bot.cards.poll import poll_reply
from bot.cards.quotation import quotation_reply
from bot.cards.verdict import verdict_reply
from bot.chat.text_limits import UnsendableError
from bot.cli.checked_facts import check_facts
from bot.cli.proofreading import proofread
from bot.cli.sources_page import sources_page
from bot.domain.incidents import Incident
from bot.domain.polls import Poll, Question
from bot.search.catalogue import Incidents
from bot.search.quotation_finder import Saying
from storage.incidents.reading import BadFilesError, Mistake, incident_files, read_circuits, read_incidents

WRONG = 2
"""The exit code for what the person who typed the command can mend."""

FAR_TOO_MANY = 100_000_000
"""Votes for each choice, so that no number of them makes a card too long."""


def check(path: Path | None, database: str) -> int:
    """Hold incident files against the models, one another, a phone's screen, every card's limits and a database.

    Mistakes are printed. A database that is not there, or knows none of the races, is no mistake, but said. The exit
    code is 2 where there is nothing to check.
    """
    if path is not None and not path.exists():
        print(f"There is no file or folder {path}.", file=sys.stderr)
        return WRONG
    if path is not None and path.is_dir() and not incident_files(path):
        print(f"The folder {path} holds no .toml file.", file=sys.stderr)
        return WRONG
    mistakes, incidents = _mistakes(path)
    if incidents:
        contradictions, told = check_facts(database, incidents)
        mistakes = [*mistakes, *contradictions]
        print(told)
    if mistakes:
        print("\n".join(map(str, mistakes)), file=sys.stderr)
        return 1
    count = len(incidents)
    print(f"{count} incident{'' if count == 1 else 's'} checked, no mistakes.")
    return 0


def sources() -> int:
    """Print SOURCES.md as it should be."""
    print(sources_page(Incidents.load()), end="")
    return 0


def _mistakes(path: Path | None) -> tuple[Sequence[Mistake], Sequence[Incident]]:
    if path is None:
        files = incident_files()
    elif path.is_dir():
        files = incident_files(path)
    else:
        files = [path]
    circuits = read_circuits()
    try:
        incidents = read_incidents(files, circuits)
    except BadFilesError as bad:
        return bad.mistakes, ()
    mistakes = [*proofread(incidents)]
    for incident in incidents:
        mistakes += unsendable(incident, circuits[incident.circuit].zone)
    return mistakes, incidents


def unsendable(incident: Incident, zone: ZoneInfo) -> Iterator[Mistake]:
    """The cards of an incident that would be too long for some platform."""
    poll = Poll.of(incident)
    votes = poll.tally({(choice.id, after): FAR_TOO_MANY for choice in poll.choices for after in (0, 1)})
    rating = Poll.of(incident, question=Question.RATING)
    rated = rating.tally({(choice.id, 0): FAR_TOO_MANY for choice in rating.choices})
    answers = {Question.BLAME: votes, Question.RATING: rated}
    cards: dict[str, Callable[[], object]] = {
        "story": lambda: story_reply(incident, votes),
        "timeline": lambda: timeline_reply(incident, zone),
        "poll": lambda: poll_reply(incident, poll, votes, votes),
        "verdict": lambda: verdict_reply(incident, answers, rating, rated),
        "quotations": lambda: [quotation_reply(Saying(incident, said), "") for said in incident.quotations],
    }
    for name, build in cards.items():
        try:
            build()
        except UnsendableError as error:
            yield Mistake(f"{incident.id}.toml", f"the {name} card", str(error))
