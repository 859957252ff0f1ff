"""Incidents, rulings, tallies and ratings as JSON and as a table; docs/export.md says what each name means."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.incidents import Incident, Ruling
from bot.domain.noted_incidents import NotedIncident, NotedRuling
from bot.domain.polls import Poll, Question, Tally, questions
from storage.open_data import Asked, Count, Counts

VERSION = 1
"""Of the names below; it rises when one of them goes or comes to mean something else."""

COLUMNS = (
    *("incident", "kind", "title", "season", "date", "race", "circuit", "session", "lap", "laps", "place"),
    *("suspects", "names", "teams"),
    *("ruling_by", "ruling_date", "ruling", "at_fault", "ruling_link", "reviews", "replaced"),
    *("question", "choice", "side", "votes_before_ruling", "votes_after_ruling", "votes"),
)
"""The table's columns, in their order."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula and carry out."""

NOBODY = Count(0, 0)


def as_json(incidents: Iterable[Incident], counts: Counts) -> str:
    """One document, oldest incident first."""
    whole = {"version": VERSION, "incidents": [document(each, counts) for each in _in_order(incidents)]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def as_csv(incidents: Iterable[Incident], counts: Counts) -> str:
    """A row for each choice of each question about an incident, oldest incident first; one where nothing is asked."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="")
    table.writeheader()
    for incident in _in_order(incidents):
        told = {**_facts(incident), **_in_cells(incident)}
        for answer in _rows(incident, counts):
            table.writerow({name: _cell(value) for name, value in (told | answer).items() if value is not None})
    return written.getvalue()


def _in_order(incidents: Iterable[Incident]) -> list[Incident]:
    return sorted(incidents, key=lambda incident: (incident.date, incident.id))


def _facts(incident: Incident) -> dict[str, Any]:
    """What is said of an incident in one word or line each."""
    return {
        "incident": incident.id,
        "kind": "noted" if isinstance(incident, NotedIncident) else "told",
        "title": incident.title,
        "season": incident.season,
        "date": incident.date.isoformat(),
        "race": incident.race,
        "circuit": incident.circuit,
        "session": incident.session,
        "lap": incident.lap,
        "laps": incident.laps,
        "place": incident.place,
    }


def document(incident: Incident, counts: Counts) -> dict[str, Any]:
    """An incident as JSON has it."""
    asked = questions(incident)
    return {
        **_facts(incident),
        "suspects": [{"id": each.id, "name": each.name, "team": each.team} for each in incident.suspects],
        "ruling": None if incident.ruling is None else _ruling(incident.ruling),
        **{each: [*_answers(incident, each, counts)] if each in asked else None for each in Question},
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    reviews = (
        {"date": each.date.isoformat(), "by": each.by, "decision": each.decision, "link": each.link}
        for each in ruling.reviews
    )
    return {**_decided(ruling), "reviews": [*reviews], "replaced": [_decided(each) for each in _replaced(ruling)]}


def _decided(ruling: Ruling) -> dict[str, Any]:
    return {
        "by": ruling.by,
        "date": ruling.date.isoformat(),
        "decision": ruling.decision,
        "reason": ruling.reason,
        "at_fault": ruling.at_fault,
        "link": ruling.link,
    }


def _replaced(ruling: Ruling) -> tuple[Ruling, ...]:
    """The rulings on a noted incident that stood before this one, the latest first."""
    return ruling.replaced if isinstance(ruling, NotedRuling) else ()


def _answers(incident: Incident, question: Question, counts: Counts) -> Iterator[dict[str, Any]]:
    """What a poll offers and how many chose it; only votes on blame are told apart by the ruling."""
    tally = _tally(incident, question, counts)
    for choice, early, late in zip(tally.choices, tally.early, tally.late, strict=True):
        apart = {"votes_before_ruling": early, "votes_after_ruling": late}
        shown = apart if question is Question.BLAME else {}
        yield {"choice": choice.key, "side": choice.side, **shown, "votes": early + late}


def _tally(incident: Incident, question: Question, counts: Counts) -> Tally:
    """The votes as the bot counts them: those for a choice that was offered once are with what says the same today."""
    offered = [choice.key for choice in Poll.of(incident, question=question).choices]
    once = [f"{degree}-{key}" for degree in ("all", "mostly") for key in offered]
    ids = {key: number for number, key in enumerate(dict.fromkeys((*offered, *once)))}
    found = {ids[key]: counts.get(Asked(incident.id, question, key), NOBODY) for key in ids}
    poll = Poll.of(incident, choice_ids=ids, question=question)
    return poll.tally({(number, after): votes for number, count in found.items() for after, votes in enumerate(count)})


def _rows(incident: Incident, counts: Counts) -> Iterator[dict[str, Any]]:
    """What differs between an incident's rows; there is one at least."""
    asked = questions(incident)
    if not asked:
        yield {}
    for question in asked:
        yield from ({"question": question, **answer} for answer in _answers(incident, question, counts))


def _in_cells(incident: Incident) -> dict[str, Any]:
    """An incident's suspects and ruling, a cell for each thing that is said of them in a few words."""
    suspects, ruling = incident.suspects, incident.ruling
    told = {
        "suspects": _several(each.id for each in suspects),
        "names": _several(each.name for each in suspects),
        "teams": _several(each.team for each in suspects),
    }
    if ruling is None:
        return told
    return told | {
        "ruling_by": ruling.by,
        "ruling_date": ruling.date.isoformat(),
        "ruling": ruling.decision,
        "at_fault": _several(ruling.at_fault),
        "ruling_link": ruling.link,
        "reviews": _several(f"{each.date} {each.by}: {each.decision}" for each in ruling.reviews),
        "replaced": _several(f"{each.date} {each.by}: {each.decision}" for each in _replaced(ruling)),
    }


def _several(values: Iterable[str]) -> str:
    return "; ".join(values)


def _cell(value: str | int) -> str | int:
    """A value as a cell; text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
