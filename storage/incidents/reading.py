"""From files to incidents, with every mistake named by file, field and reason."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

from bot.domain.names import Circuit, Driver, Matter, OtherIds, Team
from bot.domain.told_incidents import ToldIncident
from bot.forms.mistakes import FormError
from bot.forms.reading import read
from storage.incidents.refused_hosts import refusal

Model = TypeVar("Model")

SHIPPED = resources.files("storage.incidents")
NAMES = resources.files("storage") / "names"


DAYS = frozenset({"date", "at"})
QUOTED = "stands without quotation marks"
"""What is said of a day or a moment that is given as text."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a file: where, and why."""

    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.reason}"


class BadFilesError(Exception):
    """One or more files do not say what they must; `mistakes` names them all."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


def read_incident(file: Traversable) -> ToldIncident:
    """The incident of one file, its id the file's name. Raises BadFilesError."""
    table = _parse(file)
    if "id" in table:
        raise BadFilesError([Mistake(file.name, "id", "the id is the file's name; leave the field out")])
    quoted = [Mistake(file.name, place, QUOTED) for place in _quoted_days(table)]
    try:
        incident = _validate(ToldIncident, file, {"id": file.name.removesuffix(".toml"), **table})
    except BadFilesError as bad:
        refused_too = {each.field for each in bad.mistakes}  # it may be no day at all
        raise BadFilesError([*bad.mistakes, *(each for each in quoted if each.field not in refused_too)]) from None
    if quoted:
        raise BadFilesError(quoted)
    if refused := [Mistake(file.name, field, why) for field, link in _links(incident) if (why := refusal(link))]:
        raise BadFilesError(refused)
    return incident


def read_incidents(files: Iterable[Traversable], circuits: Mapping[str, Circuit]) -> tuple[ToldIncident, ...]:
    """The incidents of several files, newest first. Raises BadFilesError with the mistakes of all of them."""
    incidents: list[ToldIncident] = []
    mistakes: list[Mistake] = []
    for file in files:
        try:
            incidents.append(read_incident(file))
        except BadFilesError as bad:
            mistakes += bad.mistakes
    mistakes += _contradictions(incidents, circuits)
    if mistakes:
        raise BadFilesError(mistakes)
    return tuple(sorted(incidents, key=lambda incident: (incident.date, incident.id), reverse=True))


@cache
def read_shipped() -> tuple[ToldIncident, ...]:
    """The incidents that ship with the bot, newest first; read once. Raises BadFilesError."""
    return read_incidents(incident_files(), read_circuits())


@cache
def read_circuits() -> Mapping[str, Circuit]:
    """The circuits by slug, as `storage/names/circuits.toml` tells them."""
    return _read_table(Circuit, NAMES / "circuits.toml")


@cache
def read_drivers() -> Mapping[str, Driver]:
    """The drivers by suspect id, as `storage/names/drivers.toml` tells them."""
    return _read_table(Driver, NAMES / "drivers.toml")


@cache
def read_teams() -> Mapping[str, Team]:
    """The teams that go by several names, as `storage/names/teams.toml` tells them."""
    return _read_table(Team, NAMES / "teams.toml")


@cache
def read_matters() -> Mapping[str, Matter]:
    """What several incidents were about, as `storage/names/matters.toml` tells it."""
    return _read_table(Matter, NAMES / "matters.toml")


@cache
def read_f1db_ids() -> OtherIds:
    """What the results archive calls what f1db calls otherwise, as `storage/names/f1db.toml` tells it."""
    file = NAMES / "f1db.toml"
    return _validate(OtherIds, file, _parse(file))


def incident_files(folder: Traversable = SHIPPED) -> list[Traversable]:
    """The incident files of a folder, by name."""
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _parse(file: Traversable) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadFilesError([Mistake(file.name, "file", error.strerror or "cannot be read")]) from error
    except UnicodeDecodeError as error:
        raise BadFilesError([Mistake(file.name, "file", "is not UTF-8 text")]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadFilesError([Mistake(file.name, "TOML", str(error))]) from error
    except RecursionError as error:
        raise BadFilesError([Mistake(file.name, "TOML", "is nested too deeply")]) from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise BadFilesError([Mistake(file.name, "TOML", "a number has more digits than can be read")]) from error


def _validate(model: type[Model], file: Traversable, value: object, under: str = "") -> Model:
    try:
        return read(model, value, closed=True)
    except FormError as error:
        raise BadFilesError(
            Mistake(file.name, _path(under, each.place), each.reason) for each in error.mistakes
        ) from None


def _path(under: str, location: tuple[int | str, ...]) -> str:
    """`("quotations", 2, "words")` → `quotations[3].words`, counted from one as an author does, on one line."""
    path = under
    for step in location:
        path += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    shown = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in path.removeprefix("."))
    return "".join(shown) or "the whole"


def _read_table(model: type[Model], file: Traversable) -> dict[str, Model]:
    return {key: _validate(model, file, value, under=key) for key, value in _parse(file).items()}


def _quoted_days(said: object, under: tuple[int | str, ...] = ()) -> Iterator[str]:
    """The places of days and moments that are given as text, wherever in a table they stand."""
    if isinstance(said, dict | list):
        for step, each in said.items() if isinstance(said, dict) else enumerate(said):
            yield from _quoted_days(each, (*under, step))
    elif isinstance(said, str) and under and under[-1] in DAYS:
        yield _path("", under)


def _links(incident: ToldIncident) -> Iterator[tuple[str, str]]:
    """Every link of an incident, with its field."""
    for number, quotation in enumerate(incident.quotations, start=1):
        yield f"quotations[{number}].link", quotation.link
    if incident.ruling is not None:
        yield "ruling.link", incident.ruling.link
        for number, review in enumerate(incident.ruling.reviews, start=1):
            yield f"ruling.reviews[{number}].link", review.link
    for number, source in enumerate(incident.sources, start=1):
        yield f"sources[{number}].link", source.link


def _contradictions(incidents: Iterable[ToldIncident], circuits: Mapping[str, Circuit]) -> Iterator[Mistake]:
    """What no file shows by itself: a circuit nobody named, two incidents that answer to one name."""
    owners: dict[str, str] = {}
    for incident in incidents:
        file = f"{incident.id}.toml"
        if incident.circuit not in circuits:
            yield Mistake(file, "circuit", f"{incident.circuit!r} is not in storage/names/circuits.toml; add it there")
        for field, name in _names(incident):
            owner = owners.setdefault(name.casefold(), incident.id)
            if owner != incident.id:
                yield Mistake(file, field, f"{name!r} is also a name of {owner}")


def _names(incident: ToldIncident) -> Iterator[tuple[str, str]]:
    yield "title", incident.title
    yield "short_title", incident.short_title
    for number, nickname in enumerate(incident.nicknames, start=1):
        yield f"nicknames[{number}]", nickname
    yield "id", incident.id
    if incident.takes_over is not None:
        yield "takes_over", incident.takes_over
