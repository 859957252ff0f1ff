from dataclasses import replace
from pathlib import Path

from bot.cli.sources_page import sources_page
from bot.search.catalogue import Incidents
from storage import incidents as package

BESIDE = Path(package.__file__).parent


def test_the_page_that_ships_is_up_to_date(shipped: Incidents) -> None:
    written = (BESIDE / "SOURCES.md").read_text(encoding="utf-8")
    assert written == sources_page(shipped), "write it anew: racing-incident incidents sources > SOURCES.md"


def test_every_quotation_stands_beside_its_link(shipped: Incidents) -> None:
    page = sources_page(shipped)
    for incident in shipped:
        assert f"\n## {incident.title}\n" in page
        for quotation in incident.quotations:
            assert f"**{quotation.speaker}**, {quotation.occasion}, {quotation.date}" in page
            assert f"([source](<{quotation.link}>))" in page


def test_the_oldest_comes_first(incidents: Incidents) -> None:
    chapters = [line for line in sources_page(incidents).splitlines() if line.startswith("## ")]
    assert "Suzuka 1989" in chapters[0]
    assert "Suzuka 2022" in chapters[-1]


def test_marks_in_quoted_words_are_shown_as_they_are(incidents: Incidents) -> None:
    incident = next(iter(incidents))
    said = replace(incident.quotations[0], words="I *had* [the] line_up")
    page = sources_page([replace(incident, quotations=(said,))])
    assert r"“I \*had\* \[the\] line\_up”" in page
