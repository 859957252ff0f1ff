"""The author's guide, held against the models it explains."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.domain.incidents import Moment, Review, Source
from bot.domain.names import Circuit, Driver
from bot.domain.quotations import Quotation
from bot.domain.told_incidents import ToldIncident as Incident
from bot.domain.told_incidents import ToldRuling as Ruling
from bot.domain.told_incidents import ToldSuspect as Suspect
from storage import incidents as package

GUIDE = (Path(package.__file__).parent / "README.md").read_text(encoding="utf-8")
CHAPTERS: dict[type[BaseModel], str] = {
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
def test_every_field_is_explained_in_its_chapter(model: type[BaseModel]) -> None:
    text = chapter(CHAPTERS[model])
    assert [field for field in model.model_fields if f"`{field}`" not in text] == []


@pytest.mark.parametrize("model", [Suspect, Quotation, Moment, Ruling, Source], ids=lambda model: model.__name__)
def test_no_field_is_explained_that_is_not_there(model: type[BaseModel]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", chapter(CHAPTERS[model]), re.MULTILINE)
    assert rows
    assert set(rows) == set(model.model_fields)


def test_the_examples_are_what_the_models_ask_for() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    example = tomllib.loads("".join(blocks))
    Suspect.model_validate(example["suspects"][0])
    Quotation.model_validate(example["quotations"][0])
    Moment.model_validate(example["timeline"][0])
    Ruling.model_validate(example["ruling"])


@pytest.mark.parametrize(
    "limit", ["80–200 words", "3–60 words", "8–480 characters", "4–60 characters", "4–32 characters"]
)
def test_the_limits_that_authors_meet_most_are_told(limit: str) -> None:
    assert limit in GUIDE
