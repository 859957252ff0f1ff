"""Reading race control's messages: a message → a notice about an incident or a penalty, where it is one.

Messages are typed by hand to templates that changed over the years. What follows none of them is no notice, or, where
it is plainly about an incident or from the stewards, one of an unknown kind. A message's category is not looked at: it
is Other for all of these, and for much else. No pattern takes longer than in proportion to the text.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.cases import Modifier, Notice, NoticeKind
from bot.domain.linking.docket import Docket
from bot.domain.race_control import Car, Message
from bot.feeds.race_control.wording import LONGEST, find_cars, find_place, legible

CUT_FROM = 125
"""From this length on a text may have been cut off by the feed, which once did so at 132 characters."""

_WORTH_READING = re.compile(r"NOTED|STEWARD|INVESTIG|INCIDENT|PENALTY|REPRIMAND|NO FURTHER|BLACK FLAG|DISQUALIF")
_PREFIX = re.compile(r"(CORRECTION|UPDATED?|(?:FIA )?STEWARDS?)\b[\s:-]*")
_MODIFIER_AT_END = re.compile(r"[\s(-](CORRECTION|UPDATE)\)?$")
_MODIFIERS = {"C": Modifier.CORRECTION, "U": Modifier.UPDATE}

_TIME = re.compile(r"\( ?([01]?[0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) ?\)")
_OFFENCE = re.compile(r"\( ?[0-9]{1,2} ?(?:ST|ND|RD|TH) OFFEN[CS]E ?\)")
_LAP = re.compile(r"\bLAPS? ?([0-9]{1,3})\b")

_SAYS = (
    r"\b(?:(?P<noted>NOTED\b)"
    r"|(?P<under>UNDER INVES[A-Z]*)"
    r"|(?P<after>(?:WILL|TO) BE INVES[A-Z]*"
    r"(?: AFTER\b(?: THE)?(?: (?:RACE|SPRINT|QUALIFYING|SHOOTOUT|SESSION|PRACTICE)){0,2})?)"
    r"|(?P<no_further>(?:REVIEWED\b[ .,:-]{0,3})?"
    r"NO (?:FURTHER (?:INVES|ACTION)[A-Z]*|FURTHER$|INVESTIGATION|ACTION)(?: (?:IS )?(?:NECESSARY|REQUIRED|TAKEN))?))"
)
_STAGE = re.compile(_SAYS)
_AND_STAGE = re.compile(r"[ :,.-]*(?:AND )?" + _SAYS)
_PROGRESS = ("noted", "under", "after", "no_further")
"""What a message may say at once, the weightiest last."""

_SERVED = re.compile(r"PENALTY SERVED\b")
_TIME_PENALTY = re.compile(r"([0-9]{1,3}) ?(?:SECONDS?|SEC|S) (?:TIME )?PENALTY")
_PENALTY = re.compile(
    r"((?:[0-9A-Z/-]+ ){0,7}?(?:PENALTY|REPRIMAND(?: ?\([A-Z -]{1,20}\))?|DISQUALIFICATION)|BLACK FLAG)"
    r" (?:FOR|TO) (?=CARS?\b)"
)
_REASON = re.compile(r" *(?:[-:,.]|FOR )(.+)")
_TAKEN_BACK = re.compile(r"RESCIND|CANCEL|WITHDRAW|REVOK|ANNUL|OVERTURN")


class _Subject(NamedTuple):
    """What a notice is about, and what stands after its cars."""

    cars: tuple[Car, ...]
    place: str | None
    rest: str


def read_docket(messages: Iterable[Message]) -> Docket:
    """The docket of all that is said in a session."""
    docket = Docket()
    for message in messages:
        if notice := read_notice(message):
            docket.take(notice)
    return docket


def read_notice(message: Message) -> Notice | None:
    """The notice that a message is; None where it is about something else, or noise."""
    if len(message.text) > LONGEST:
        return None
    said = legible(message.text)
    text = said.upper()
    if not _WORTH_READING.search(text):
        return None
    text, modifier, by_stewards = _without_prefixes(text)
    text, incident_time = _without_suffixes(text)
    read = _served(text) or _penalty(text) or _stage(text, cut=len(said) >= CUT_FROM)
    if read is None:
        if not by_stewards and not _is_about_an_incident(text):
            return None
        read = _Read(NoticeKind.UNKNOWN)
    return Notice(
        read.kind, message.index, message.at, said, read.cars, read.place, read.reason, message.lap, read.lap,
        incident_time, read.penalty, modifier,
    )  # fmt: skip


class _Read(NamedTuple):
    """What a template found in a text."""

    kind: NoticeKind
    cars: tuple[Car, ...] = ()
    place: str | None = None
    reason: str | None = None
    lap: int | None = None
    penalty: str | None = None


def _without_prefixes(text: str) -> tuple[str, Modifier | None, bool]:
    """A text without what stands before it in any order, whether that corrects or updates, and names the stewards."""
    modifier, by_stewards = None, False
    while prefix := _PREFIX.match(text):
        modifier = _MODIFIERS.get(prefix[1][0], modifier)
        by_stewards |= prefix[1].endswith(("STEWARD", "STEWARDS"))
        text = text[prefix.end() :]
    if at_end := _MODIFIER_AT_END.search(text):
        modifier = modifier or _MODIFIERS[at_end[1][0]]
        text = text[: at_end.start()]
    return text, modifier, by_stewards


def _without_suffixes(text: str) -> tuple[str, dt.time | None]:
    """A text without the incident's time and the count of offences, and that time."""
    time = _TIME.search(text)
    text = _OFFENCE.sub(" ", _TIME.sub(" ", text) if time else text)
    return " ".join(text.split()), dt.time(int(time[1]), int(time[2]), int(time[3])) if time else None


def _served(text: str) -> _Read | None:
    if not (served := _SERVED.match(text)):
        return None
    return _Read(NoticeKind.PENALTY_SERVED, _subject(text[served.end() :]).cars)


def _penalty(text: str) -> _Read | None:
    if not (found := _PENALTY.match(text)) or _TAKEN_BACK.search(text):
        return None
    about = _subject(text[found.end() :])
    if not about.cars:
        return None
    if about.rest.startswith("SERVED"):
        return _Read(NoticeKind.PENALTY_SERVED, about.cars)
    timed = _TIME_PENALTY.fullmatch(found[1])
    penalty = f"{int(timed[1])}s time penalty" if timed else found[1].lower()
    return _Read(NoticeKind.PENALTY, about.cars, reason=_reason(about.rest), penalty=penalty)


def _stage(text: str, *, cut: bool) -> _Read | None:
    """What is said of an incident: what it is about, how far it has come, and why, in this order."""
    if not (found := _STAGE.search(text)):
        return None
    about = _subject(text[: found.start()])
    if not (about.cars or about.place or "INCIDENT" in text[: found.start()]):
        return None
    said = [found]
    while further := _AND_STAGE.match(text, said[-1].end()):
        said.append(further)
    last = max(said, key=lambda each: _PROGRESS.index(each.lastgroup or ""))
    if last.lastgroup == "after" and " AFTER" not in last[0] and not cut:
        return None
    lap = _LAP.search(text, 0, found.start())
    reason = _reason(text[said[-1].end() :]) or _reason(about.rest)
    return _Read(NoticeKind(last.lastgroup or ""), about.cars, about.place, reason, int(lap[1]) if lap else None)


def _subject(text: str) -> _Subject:
    """The cars that a text lists, and the place that it names beside them."""
    cars, start, end = find_cars(text)
    before, after = text[:start], text[end:].strip()
    return _Subject(cars, find_place(before) or find_place(after), after)


def _reason(text: str) -> str | None:
    """The reason that a text begins with, behind a dash or the like; what is cut off or goes on otherwise is none."""
    found = _REASON.match(text)
    return (found[1].strip(" -:,.").replace("ALLEDGED", "ALLEGED") or None) if found else None


def _is_about_an_incident(text: str) -> bool:
    return any(word in text for word in ("INCIDENT", "INVESTIG", "PENALTY", "REPRIMAND"))
