"""Noted incidents as they are kept: small, as there are thousands of them, and put together when one is looked at."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, NamedTuple
from zlib import MAX_WBITS, compressobj, decompressobj

from bot.domain.cases import Naming, Stage
from bot.domain.noted_incidents import NotedIncident, NotedRuling
from bot.domain.polls import Poll, Question
from bot.domain.race_control import Car
from bot.forms.reading import read
from bot.forms.writing import as_json, plainly

_DICTIONARY = b"""\
{"title":" and , turn , 20","short_title":" 202","race":" Grand Prix","circuit":"","date":"202-0","place":"turn ",\
"fame":1,"suspects":[{"id":"verstappen","name":"Max Verstappen","team":"Red Bull Racing","number":1,"code":"VER"}\
,{"id":"norris","name":"Lando Norris","team":"McLaren","number":4,"code":"NOR"}],"session_key":"","venue":"",\
"timezone":"Europe/","case":{"opened":1,"opened_at":"202-0T1:0:0Z","cars":[{"number":1,"code":"VER"},{"number":4,\
"code":"NOR"}],"place":"TURN ","reason":"FORCING ANOTHER DRIVER OFF THE TRACK","reason":"CAUSING A COLLISION",\
"lap":1,"lap_in_text":null,"incident_time":null,"stages":[{"kind":"noted","index":1,"at":"202-0T1:0:0Z"},{"kind":\
"under","index":1,"at":"202-0T1:0:0Z"},{"kind":"no_further","index":1,"at":"202-0T1:0:0Z"},{"kind":"penalty",\
"index":1,"at":"202-0T1:0:0Z"}],"penalties":[{"car":{"number":1,"code":"VER"},"kind":"10s time penalty","reason":\
"CAUSING A COLLISION","at":"202-0T1:0:0Z","index":1}],"over":true}}"""
"""What documents have in common: packing them with it as zlib's dictionary leaves it out of each."""


class KeptRuling(NamedTuple):
    """A ruling as it is kept: `made_at` in seconds since 1970, `at_fault` a JSON list of suspects' ids."""

    made_at: int
    made_by: str
    decision: str
    reason: str
    link: str | None
    source: str
    at_fault: str
    message: int | None

    def is_among(self, rulings: Iterable["KeptRuling"]) -> bool:
        """Whether one of them says the same, whenever it was made."""
        return any(each._replace(made_at=self.made_at) == self for each in rulings)

    def ruling(self, incident: NotedIncident, replaced: tuple[NotedRuling, ...]) -> NotedRuling:
        """The ruling on an incident, which took the place of others; it blames nobody who was not in it after all."""
        made_at = dt.datetime.fromtimestamp(self.made_at, dt.UTC)
        known = {name: value for name, value in (("reason", self.reason), ("link", self.link)) if value}
        return read(
            NotedRuling,
            {
                "by": self.made_by,
                "date": made_at.astimezone(incident.zone).date(),
                "decision": self.decision,
                "at_fault": [each for each in json.loads(self.at_fault) if incident.suspect(each)],
                "made_at": made_at,
                "source": self.source,
                "message": self.message,
                "replaced": replaced,
                **known,
            },
        )


NO_CHOICES = "{}"
"""What is kept of a poll's choices where there is no poll."""


class KeptPoll(NamedTuple):
    """A poll as it is kept: its id, None where there is none, and a JSON object of its choices' ids by their keys."""

    id: int | None = None
    choices: str = NO_CHOICES


NO_POLL = KeptPoll()


@dataclass(frozen=True, slots=True)
class NotedRecord:
    """A noted incident as it is kept, small: thousands are in memory, of which few are looked at.

    `packed` is its document; `blame_choices` and `rating_choices` are JSON objects of the ids of its polls' choices by
    their keys. `rulings` are those that were not withdrawn, the first to be made first.
    """

    id: str
    packed: bytes
    rulings: tuple[KeptRuling, ...] = ()
    blame_id: int | None = None
    blame_choices: str = NO_CHOICES
    rating_id: int | None = None
    rating_choices: str = NO_CHOICES

    @classmethod
    def of(
        cls,
        own: str,
        document: str,
        rulings: tuple[KeptRuling, ...] = (),
        blame: KeptPoll = NO_POLL,
        rating: KeptPoll = NO_POLL,
    ) -> "NotedRecord":
        """What the database has of an incident."""
        packing = compressobj(wbits=-MAX_WBITS, zdict=_DICTIONARY)
        return cls(own, packing.compress(document.encode()) + packing.flush(), rulings, *blame, *rating)

    @property
    def document(self) -> dict[str, Any]:
        """What is known of it beside its rulings, as `document_of` put it down."""
        document: dict[str, Any] = json.loads(
            decompressobj(wbits=-MAX_WBITS, zdict=_DICTIONARY).decompress(self.packed)
        )
        return document

    def ruled(self, ruling: KeptRuling) -> "NotedRecord":
        """The same incident with one ruling more, in the order in which they were made."""
        return replace(self, rulings=tuple(sorted((*self.rulings, ruling), key=lambda each: each.made_at)))

    @property
    def incident(self) -> NotedIncident:
        """What is known of it by now."""
        known = self.document
        for stage in known["case"]["stages"]:
            stage["text"] = ""
        incident = read(NotedIncident, {**known, "id": self.id})
        in_force: NotedRuling | None = None
        for kept in self.rulings:
            in_force = kept.ruling(incident, (in_force, *in_force.replaced) if in_force else ())
        return replace(incident, ruling=in_force)

    @property
    def poll_ids(self) -> dict[Question, int]:
        """The ids of its polls, by what they ask."""
        kept = {Question.BLAME: self.blame_id, Question.RATING: self.rating_id}
        return {question: poll_id for question, poll_id in kept.items() if poll_id is not None}

    @property
    def polls(self) -> dict[Question, Poll]:
        """Its polls, by what they ask, also where that is asked no more; none where nothing ever was."""
        incident = self.incident
        # The rating stays with its votes whatever is ruled later, and while nothing is: where the stewards take a case
        # up again, it is their dealing with it that is rated, as a told one's is through all reviews. Who thinks
        # otherwise of the new ruling changes theirs; nobody else may take it from them.
        choices = {Question.BLAME: self.blame_choices, Question.RATING: self.rating_choices}
        return {
            question: Poll.of(incident, poll_id, json.loads(choices[question]), question)
            for question, poll_id in self.poll_ids.items()
        }


class NotedChange(NamedTuple):
    """What became of a noted incident: whether it is `new`, `corrected` (anything but its rulings), `ruled` on."""

    record: NotedRecord
    new: bool = False
    corrected: bool = False
    ruled: bool = False


_NOT_IN_DOCUMENT: Mapping[type[Any], frozenset[str]] = {
    NotedIncident: frozenset({"id", "ruling"}),
    Car: frozenset({"driver", "team"}),
    Stage: frozenset({"text"}),
}
"""What a document leaves out: the id and the rulings, which are kept beside it, names that it has once, long texts."""


def document_of(incident: NotedIncident) -> str:
    """What is kept of an incident beside its id and its rulings, in JSON; the same for two that know the same."""
    return as_json(incident, _told)


def _told(value: Any) -> object:
    """What a document has of a part of an incident; what goes without saying is not in it."""
    if isinstance(value, Naming):
        return {"cars": [_telling(car, frozenset()) for car in value.cars], "place": value.place}
    return _telling(value, _NOT_IN_DOCUMENT.get(type(value), frozenset())) if is_dataclass(value) else plainly(value)


def _telling(value: Any, left_out: frozenset[str]) -> object:
    kind: Any = type(value)
    told = ((name, getattr(value, name), default) for name, default in _defaults(kind) if name not in left_out)
    return {name: said for name, said, default in told if said != default}


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    return tuple((each.name, each.default) for each in fields(kind))
