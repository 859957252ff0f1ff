"""A small catalogue with one of everything: each incident is here for what its ruling or its suspects are like."""

import datetime as dt
from functools import cache

from bot.domain.incidents import Incident, Moment, Ruling, Source, Suspect
from bot.domain.names import Circuit
from bot.domain.quotations import Quotation
from bot.search.catalogue import Incidents
from bot.search.incident_index import Index
from bot.search.known_names import KnownNames

CIRCUITS = {
    "adelaide": Circuit(name="Adelaide", country="Australia", timezone="Australia/Adelaide"),
    "baku": Circuit(name="Baku", country="Azerbaijan", timezone="Asia/Baku"),
    "imola": Circuit(name="Imola", country="Italy", timezone="Europe/Rome", corners=("Tamburello",)),
    "monaco": Circuit(name="Monaco", country="Monaco", timezone="Europe/Monaco", also=("Monte Carlo",)),
    "monza": Circuit(name="Monza", country="Italy", timezone="Europe/Rome"),
    "singapore": Circuit(name="Singapore", country="Singapore", timezone="Asia/Singapore"),
    "suzuka": Circuit(name="Suzuka", country="Japan", timezone="Asia/Tokyo"),
}
LINK = "https://example.org/"


def catalogue() -> Incidents:
    """Eight incidents: nobody, somebody and everybody at fault, three suspects, no ruling, no poll, a place thrice."""
    return Incidents(_told(), CIRCUITS, index=_index())


@cache
def _index() -> Index:
    """Made once, as nothing changes it: what is noted has another one."""
    return Index(sorted(_told(), key=lambda incident: incident.date, reverse=True), KnownNames(CIRCUITS, {}))


@cache
def _told() -> tuple[Incident, ...]:
    return (
        _incident("imola", dt.date(2021, 4, 18), ("Valtteri Bottas", "George Russell"), ruled="no further action"),
        _incident(
            "monza",
            dt.date(2021, 9, 12),
            ("Lewis Hamilton", "Max Verstappen"),
            ruled="three grid places for Verstappen",
            at_fault=("verstappen",),
        ),
        _incident(
            "baku",
            dt.date(2018, 4, 29),
            ("Max Verstappen", "Daniel Ricciardo"),
            ruled="both reprimanded",
            at_fault=("verstappen", "ricciardo"),
        ),
        _incident(
            "singapore",
            dt.date(2017, 9, 17),
            ("Sebastian Vettel", "Max Verstappen", "Kimi Räikkönen"),
            ruled="no further action",
        ),
        _incident("adelaide", dt.date(1994, 11, 13), ("Michael Schumacher", "Damon Hill"), fame=10),
        _incident("suzuka", dt.date(1989, 10, 22), ("Alain Prost", "Ayrton Senna")),
        _incident("suzuka", dt.date(1990, 10, 21), ("Alain Prost", "Ayrton Senna")),
        _incident("suzuka", dt.date(2022, 10, 9), ("Carlos Sainz", "Pierre Gasly"), poll=False),
    )


def _incident(
    circuit: str,
    date: dt.date,
    drivers: tuple[str, ...],
    *,
    ruled: str | None = None,
    at_fault: tuple[str, ...] = (),
    fame: int = 5,
    poll: bool = True,
) -> Incident:
    """An incident that says just enough to be valid."""
    place = CIRCUITS[circuit].name
    suspects = tuple(
        Suspect(id=name.split()[-1].lower().replace("ä", "a").replace("ö", "o"), name=name, team="A team", case="Late.")
        for name in drivers
    )
    return Incident(
        id=f"{circuit}-{date.year}",
        title=f"{' and '.join(suspect.surname for suspect in suspects)}, {place} {date.year}",
        short_title=f"{place} {date.year}",
        race=f"{place} Grand Prix",
        circuit=circuit,
        date=date,
        lap=31,
        laps=63,
        place="the first chicane",
        conditions="dry",
        positions="first and second",
        fame=fame,
        poll=poll,
        summary=("They met. " * 40).strip(),
        suspects=suspects,
        quotations=tuple(
            Quotation(
                speaker=suspect.name,
                side=suspect.id,
                words=f"I had left room enough in {date.year} for {number} cars.",
                occasion="after the race",
                date=date,
                link=f"{LINK}{suspect.id}",
            )
            for suspect in suspects
            for number in (2, 3)
        ),
        timeline=(
            Moment(at=dt.datetime.combine(date, dt.time(13, 54, 25), dt.UTC), lap=31, what="They touch."),
            Moment(when="Sunday evening", what="The stewards hear both."),
        ),
        ruling=Ruling(
            date=date, decision=ruled, reason="There was room for both.", link=f"{LINK}ruling", at_fault=at_fault
        )
        if ruled
        else None,
        result="Neither finished.",
        championship="Nothing changed.",
        sources=(
            Source(publisher="A paper", title="What happened", link=f"{LINK}paper"),
            Source(publisher="The FIA", title="The decision", link=f"{LINK}ruling"),
        ),
    )
