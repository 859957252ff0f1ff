import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cards.open_data import COLUMNS, as_csv, as_json
from bot.domain.cases import Case
from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Question
from bot.search.catalogue import Incidents
from storage.open_data import Asked, Count, Counts
from tests.support.cases import NOR, PIA, VER, cleared, corrected, draft, noted, penalised

NOTED = "monza-2025-ver-nor-t4"
PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
COUNTS: Counts = {
    Asked("monza-2021", Question.BLAME, "all-verstappen"): Count(3, 4),
    Asked("monza-2021", Question.RATING, "slightly-too-harsh"): Count(2, 0),
    Asked("monza-2021", Question.BLAME, "all-alonso"): Count(9, 9),
}
"""Of which the last is for a choice that is offered no longer."""


def document(incidents: Incidents, incident_id: str) -> dict[str, Any]:
    (found,) = (each for each in json.loads(as_json(incidents, COUNTS))["incidents"] if each["incident"] == incident_id)
    return dict(found)


def rows(incidents: Incidents, incident_id: str | None = None) -> list[dict[str, str]]:
    table = csv.DictReader(io.StringIO(as_csv(incidents, COUNTS), newline=""))
    return [row for row in table if incident_id in (None, row["incident"])]


def of_noted(case: Case, counts: Counts) -> dict[str, Any]:
    """The document on the noted incident that a case is."""
    bare = draft(case)
    noted_one = NotedRecord.of(NOTED, document_of(bare), tuple(rulings_of(bare))).incident
    (told,) = json.loads(as_json([noted_one], counts))["incidents"]
    (first, *_others) = csv.DictReader(io.StringIO(as_csv([noted_one], counts), newline=""))
    return {**told, "row": first}


def with_title(incident: Incident, title: str) -> Incidents:
    return Incidents([replace(incident, title=title)], {})


def test_a_document_tells_an_incident_with_its_ruling_and_its_tallies(incidents: Incidents) -> None:
    monza = document(incidents, "monza-2021")
    assert (monza["season"], monza["date"], monza["lap"]) == (2021, "2021-09-12", 31)
    assert monza["suspects"][1] == {"id": "verstappen", "name": "Max Verstappen", "team": "A team"}
    assert (monza["ruling"]["decision"], monza["ruling"]["at_fault"]) == (
        "three grid places for Verstappen",
        ["verstappen"],
    )
    assert [each["choice"] for each in monza["blame"] if each["votes"]] == ["all-verstappen"]
    assert monza["blame"][-1] == {
        "choice": "all-verstappen",
        "side": "verstappen",
        "votes_before_ruling": 3,
        "votes_after_ruling": 4,
        "votes": 7,
    }
    assert monza["rating"][3] == {"choice": "slightly-too-harsh", "side": "too-harsh", "votes": 2}


def test_what_is_not_asked_is_not_there(incidents: Incidents) -> None:
    assert document(incidents, "adelaide-1994")["ruling"] is None
    assert document(incidents, "adelaide-1994")["rating"] is None
    assert (document(incidents, "suzuka-2022")["blame"], document(incidents, "suzuka-2022")["rating"]) == (None, None)


def test_a_table_has_a_row_for_each_choice(incidents: Incidents) -> None:
    monza = rows(incidents, "monza-2021")
    told = ("question", "votes_before_ruling", "votes_after_ruling", "votes")
    assert [tuple(row[name] for name in told) for row in monza] == [
        *[("blame", "0", "0", "0")] * 4,
        ("blame", "3", "4", "7"),
        *[("rating", "", "", "0")] * 3,
        ("rating", "", "", "2"),
        ("rating", "", "", "0"),
    ]
    assert {(row["suspects"], row["at_fault"], row["teams"]) for row in monza} == {
        ("hamilton; verstappen", "verstappen", "A team; A team")
    }


def test_what_race_control_noted_is_told_with_all_its_rulings() -> None:
    told = of_noted(
        penalised(cleared(noted(), 12), VER, 15),
        {
            Asked(NOTED, Question.BLAME, "all-norris"): Count(2, 1),
            Asked(NOTED, Question.RATING, "far-too-harsh"): Count(4, 0),
        },
    )
    assert (told["incident"], told["kind"], told["title"]) == (
        NOTED,
        "noted",
        "Verstappen and Norris, turn 4, Monza 2025",
    )
    assert (told["ruling"]["decision"], told["ruling"]["at_fault"], told["ruling"]["link"]) == (
        "10s time penalty for Verstappen",
        ["verstappen"],
        None,
    )
    assert [each["decision"] for each in told["ruling"]["replaced"]] == ["no further investigation"]
    assert told["row"]["replaced"] == "2025-09-07 the stewards: no further investigation"
    assert (told["blame"][-1]["votes_before_ruling"], told["blame"][-1]["votes"]) == (2, 3)
    assert told["rating"][-1] == {"choice": "far-too-harsh", "side": "too-harsh", "votes": 4}


def test_of_what_is_noted_and_not_ruled_nothing_is_rated() -> None:
    told = of_noted(noted(), {Asked(NOTED, Question.RATING, "correct"): Count(4, 0)})
    assert (told["ruling"], told["rating"], told["row"]["ruling"]) == (None, None, "")


def test_votes_for_a_choice_of_two_are_with_what_says_the_same_of_three() -> None:
    was = {
        Asked(NOTED, Question.BLAME, "all-norris"): Count(2, 0),
        Asked(NOTED, Question.BLAME, "mostly-norris"): Count(1, 1),
        Asked(NOTED, Question.BLAME, "norris"): Count(0, 5),
    }
    told = of_noted(corrected(noted(), 12, VER, NOR, PIA), was)
    assert {each["choice"]: (each["votes_before_ruling"], each["votes_after_ruling"]) for each in told["blame"]} == {
        "verstappen": (0, 0),
        "norris": (3, 6),
        "piastri": (0, 0),
        "racing-incident": (0, 0),
    }


def test_where_nothing_is_asked_a_row_tells_the_incident_alone(incidents: Incidents) -> None:
    (suzuka,) = rows(incidents, "suzuka-2022")
    assert (suzuka["title"], suzuka["question"], suzuka["ruling"], suzuka["votes"]) == (
        "Sainz and Gasly, Suzuka 2022",
        "",
        "",
        "",
    )


def test_table_and_document_tell_the_same_in_the_same_order(incidents: Incidents) -> None:
    told = [
        (each["incident"], question, answer["choice"], answer["votes"])
        for each in json.loads(as_json(incidents, COUNTS))["incidents"]
        for question in ("blame", "rating")
        for answer in each[question] or ()
    ]
    table = [
        (row["incident"], row["question"], row["choice"], int(row["votes"])) for row in rows(incidents) if row["votes"]
    ]
    assert table == told
    dates = [row["date"] for row in rows(incidents)]
    assert dates == sorted(dates)


def test_the_order_of_the_files_makes_no_difference(incidents: Incidents) -> None:
    assert as_csv(reversed([*incidents]), COUNTS) == as_csv(incidents, COUNTS)
    assert as_json(reversed([*incidents]), COUNTS) == as_json(incidents, COUNTS)


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_carried_out_by_a_spreadsheet(incidents: Incidents, title: str) -> None:
    (incident, *_others) = incidents
    assert rows(with_title(incident, title))[0]["title"] == f"'{title}"
    assert json.loads(as_json(with_title(incident, title), {}))["incidents"][0]["title"] == title


def test_what_a_table_is_made_of_does_not_break_it(incidents: Incidents) -> None:
    (incident, *_others) = incidents
    title = 'Hill, "Damon"; Räikkönen\nand others'
    assert rows(with_title(incident, title))[0]["title"] == title


def test_the_page_tells_what_each_column_means() -> None:
    described = re.findall(r"^\| (`[^|]+`) \|", PAGE.partition("## The document")[0], re.MULTILINE)
    assert [name for names in described for name in re.findall(r"`(\w+)`", names)] == [*COLUMNS]


def test_the_page_names_all_that_a_document_holds(incidents: Incidents) -> None:
    told = of_noted(penalised(cleared(noted(), 12), VER, 15), {})
    del told["row"]

    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return {*value}.union(*map(names, value.values()))
        return set[str]().union(*map(names, value)) if isinstance(value, list) else set()

    assert names([json.loads(as_json(incidents, COUNTS)), told]) <= set(re.findall(r"`(\w+)`", PAGE))
