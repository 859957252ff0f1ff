"""The author's guide, held against the models it explains."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.domain.incidents import Moment, Review, Source
from bot.domain.names import Circuit, Driver
from bot.domain.quotations import Quotation
from bot.domain.told_incidents import ToldIncident as Incident
from bot.domain.told_incidents import ToldRuling as Ruling
from bot.domain.told_incidents import ToldSuspect as Suspect
from bot.forms.reading import read
from bot.forms.writing import names
from storage import incidents as package

GUIDE = (Path(package.__file__).parent / "README.md").read_text(encoding="utf-8")
CHAPTERS: dict[type[Any], str] = {
    Incident: "The incident",
    Suspect: "`[[suspects]]`",
    Quotation: "`[[quotations]]`",
    Moment: "`[[timeline]]`",
    Ruling: "`[ruling]`",
    Review: "`[ruling]`",
    Source: "`[[sources]]`",
    Circuit: "How fans find it",
    Driver: "How fans find it",
}


def chapter(title: str) -> str:
    """The text of the chapter whose heading begins so."""
    (found,) = (text for text in GUIDE.split("\n## ") if text.startswith(title))
    return found


@pytest.mark.parametrize("model", CHAPTERS, ids=lambda model: model.__name__)
def test_every_field_is_explained_in_its_chapter(model: Any) -> None:
    text = chapter(CHAPTERS[model])
    assert [field for field in names(model) if f"`{field}`" not in text] == []


@pytest.mark.parametrize("model", [Suspect, Quotation, Moment, Ruling, Source], ids=lambda model: model.__name__)
def test_no_field_is_explained_that_is_not_there(model: Any) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", chapter(CHAPTERS[model]), re.MULTILINE)
    assert rows
    assert set(rows) == set(names(model))


def test_the_examples_are_what_the_models_ask_for() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    example = tomllib.loads("".join(blocks))
    read(Suspect, example["suspects"][0])
    read(Quotation, example["quotations"][0])
    read(Moment, example["timeline"][0])
    read(Ruling, example["ruling"])


@pytest.mark.parametrize(
    "limit", ["80–200 words", "3–60 words", "8–480 characters", "4–60 characters", "4–32 characters"]
)
def test_the_limits_that_authors_meet_most_are_told(limit: str) -> None:
    assert limit in GUIDE
