"""A noted incident's document: what is stored is held against it letter by letter, whatever version wrote it."""

import datetime as dt

from bot.domain.cases import Case, Modifier, Naming, Penalty, Stage, StageKind
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.race_control import Car, Session
from bot.search.drafts import Drafts
from storage.incidents.reading import read_circuits, read_drivers

MONZA = Session("9912", "Italian Grand Prix", "Race", dt.date(2025, 9, 7), "Italy", "Monza", "Monza")
VERSTAPPEN, NORRIS = Car(1, "VER", "Max VERSTAPPEN", "Red Bull Racing"), Car(4, "NOR")
AT = dt.datetime(2025, 9, 7, 13, 4, 5, 123000, dt.UTC)
CASE = Case(
    opened=3,
    opened_at=AT,
    cars=(VERSTAPPEN, NORRIS),
    place="TURN 4",
    reason="FORCING ANOTHER DRIVER OFF",
    lap=3,
    lap_in_text=3,
    incident_time=dt.time(15, 4, 5),
    stages=(Stage(StageKind.NOTED, 3, AT, "NOTED"), Stage(StageKind.PENALTY, 9, AT, "PENALTY", Modifier.UPDATE)),
    penalties=(Penalty(VERSTAPPEN, "10s time penalty", None, AT, 9),),
    earlier=(Naming((VERSTAPPEN, NORRIS), None),),
    over=True,
)
DOCUMENT = (
    '{"title":"Verstappen and Norris, turn 4, Monza 2025","short_title":"Monza 2025 VER NOR T4",'
    '"race":"Italian Grand Prix","circuit":"monza","date":"2025-09-07","lap":3,"place":"turn 4","fame":1,'
    '"suspects":[{"id":"verstappen","name":"Max Verstappen","team":"Red Bull Racing","number":1,"code":"VER"},'
    '{"id":"norris","name":"Lando Norris","number":4,"code":"NOR"}],"session_key":"9912","venue":"Monza",'
    '"timezone":"Europe/Rome","case":{"opened":3,"opened_at":"2025-09-07T13:04:05.123000Z",'
    '"cars":[{"number":1,"code":"VER"},{"number":4,"code":"NOR"}],"place":"TURN 4",'
    '"reason":"FORCING ANOTHER DRIVER OFF","lap":3,"lap_in_text":3,"incident_time":"15:04:05",'
    '"stages":[{"kind":"noted","index":3,"at":"2025-09-07T13:04:05.123000Z"},'
    '{"kind":"penalty","index":9,"at":"2025-09-07T13:04:05.123000Z","modifier":"update"}],'
    '"penalties":[{"car":{"number":1,"code":"VER"},"kind":"10s time penalty","reason":null,'
    '"at":"2025-09-07T13:04:05.123000Z","index":9}],'
    '"earlier":[{"cars":[{"number":1,"code":"VER","driver":"Max VERSTAPPEN","team":"Red Bull Racing"},'
    '{"number":4,"code":"NOR"}],"place":null}],"over":true}}'
)


def test_a_document_is_what_versions_before_wrote() -> None:
    assert document_of(Drafts(read_circuits(), read_drivers()).of(MONZA, CASE)) == DOCUMENT


def test_what_is_read_from_a_document_is_written_as_it() -> None:
    assert document_of(NotedRecord.of("monza-2025-ver-nor-t4", DOCUMENT).incident) == DOCUMENT
