"""A short season as the archive has it: three weekends, one with a sprint, of messages that nobody ever said."""

from typing import Any

from tests.support.archive_server import ArchiveServer
from tests.support.live_timing_server import driver

Json = dict[str, Any]

SEASON = 2023
NOTED = "TURN {turn} INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED - CAUSING A COLLISION"
PENALTY = "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 1 (VER) - CAUSING A COLLISION"
CHEQUERED = {"Category": "Flag", "Flag": "CHEQUERED"}

MEETINGS = {
    "Monza": ("Italian Grand Prix", "Italy", "2023-09-03"),
    "Suzuka": ("Japanese Grand Prix", "Japan", "2023-09-24"),
    "Interlagos": ("São Paulo Grand Prix", "Brazil", "2023-11-05"),
}
IDS = [f"{circuit}-2023-ver-nor-t1" for circuit in ("monza", "suzuka", "interlagos")]
SPRINT_ID = "interlagos-2023-ver-nor-t1-s"

DRIVERS = {
    "1": driver("VER", 1, first="Max", last="Verstappen"),
    "4": driver("NOR", 4, first="Lando", last="Norris"),
}


def path_of(circuit: str, name: str = "Race") -> str:
    """Where a session's files are; a sprint is on the day before the race."""
    event, _country, day = MEETINGS[circuit]
    on = day if name == "Race" else day[:-1] + str(int(day[-1]) - 1)
    return f"{SEASON}/{day}_{event.replace(' ', '_')}/{on}_{name.replace(' ', '_')}"


def messages(day: str, *texts: str) -> list[Json]:
    """Messages of a session that begins at one in the afternoon, a minute apart, and the flag at three."""
    said = [
        {"Utc": f"{day}T13:{minute:02}:00", "Lap": minute + 1, "Category": "Other", "Message": text}
        for minute, text in enumerate(texts)
    ]
    return [*said, {"Utc": f"{day}T15:00:00", "Lap": 53, "Message": "CHEQUERED FLAG", **CHEQUERED}]


def put_season(files: ArchiveServer) -> None:
    """Have the season: in each race and sprint the same two collide in turn 1, and one of them is penalised."""
    listed = []
    for key, (circuit, (event, country, _day)) in enumerate(MEETINGS.items(), 100):
        meeting = {"Name": event, "Location": circuit, "Country": {"Name": country}, "Circuit": {"ShortName": circuit}}
        names = ["Practice 1", "Race"] if circuit != "Interlagos" else ["Sprint", "Race"]
        sessions = [_session(circuit, name, 10 * key + number) for number, name in enumerate(names)]
        listed.append({**meeting, "Sessions": sessions})
        for session in sessions:
            path, on = session["Path"], session["StartDate"][:10]
            files.put(f"{path}SessionInfo.json", {**session, "Meeting": meeting})
            files.put(f"{path}DriverList.json", DRIVERS)
            said = messages(on, NOTED.format(turn=1), PENALTY)
            files.put_stream(f"{path}RaceControlMessages.jsonStream", {"Messages": said})
    files.put(f"{SEASON}/Index.json", {"Year": SEASON, "Meetings": listed})


def _session(circuit: str, name: str, key: int) -> Json:
    path = path_of(circuit, name)
    day = path.rpartition("/")[2][:10]
    return {"Key": key, "Name": name, "StartDate": f"{day}T13:00:00", "GmtOffset": "00:00:00", "Path": f"{path}/"}
