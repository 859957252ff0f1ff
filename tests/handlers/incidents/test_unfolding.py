"""What a card folds is one press away where it cannot be unfolded, for whoever presses alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.app.settings import Settings
from bot.chat.instants import as_written
from bot.domain.incidents import Incident, Review
from bot.domain.places import User
from bot.search.catalogue import Incidents
from tests.support.conversation import Ask, Conversation, conversation, fields, labels
from tests.support.incidents import CIRCUITS

REASON = "There was room for both, and neither of them left any of it to the other one on the way in. " * 8
CASE = "He was late on the brakes, by his own account, and had no way of making the corner by himself. " * 2


@pytest.fixture
def wordy(incidents: Incidents) -> Sequence[Incident]:
    """Imola, with cases, a reason and a review of some length."""
    imola = incidents.get("imola-2021")
    assert imola is not None
    assert imola.ruling is not None
    review = Review(date=imola.date, by="the FIA", decision=f"Confirmed. {CASE}", link="https://example.org/review")
    ruling = replace(imola.ruling, reason=REASON, reviews=(review,))
    suspects = tuple(replace(suspect, case=f"{CASE} {CASE}") for suspect in imola.suspects)
    return (replace(imola, ruling=ruling, suspects=suspects),)


async def test_a_story_is_folded_and_unfolded_for_who_presses(bot: Conversation, al: User) -> None:
    story = await bot.ask("/crash imola", al)
    assert story.unfold
    assert (story.unfold.label, story.unfold.data) == ("The story", "story imola-2021")
    whole = await bot.send(story.unfold.data, al)
    assert whole.private
    assert (whole.card.title, whole.card.subtitle) == (story.card.title, story.card.subtitle)
    assert whole.card.paragraphs == story.card.folded == (("They met. " * 40).strip(),)
    assert whole.card.links == story.card.links


async def test_it_is_for_all_to_see_where_it_was_typed(ask: Ask, al: User) -> None:
    whole = await ask("/story imola", al)
    assert not whole.private
    assert whole.card.paragraphs == (("They met. " * 40).strip(),)


async def test_cases_that_fill_a_screen_are_folded_all_of_them(
    settings: Settings, wordy: Sequence[Incident], al: User
) -> None:
    async with conversation(settings, Incidents(wordy, CIRCUITS)) as bot:
        poll = await bot.ask("/blame imola", al)
        assert poll.unfold
        assert fields(poll) == {}
        cases = await bot.send(poll.unfold.data, al)
    assert (poll.unfold.label, cases.private, cases.poll) == ("The cases", True, None)
    assert [as_written(case).split(":")[0] for case in cases.card.paragraphs] == [
        "The case against Bottas",
        "The case against Russell",
    ]


async def test_reasons_and_reviews_that_fill_a_screen_are_folded(
    settings: Settings, wordy: Sequence[Incident], al: User
) -> None:
    async with conversation(settings, Incidents(wordy, CIRCUITS)) as bot:
        verdict = await bot.ask("/verdict imola", al)
        assert verdict.unfold
        reasons = await bot.send(verdict.unfold.data, al)
    assert (verdict.unfold.label, reasons.private) == ("The reasons", True)
    assert "Correct" in labels(verdict)
    assert any(
        as_written(paragraph).startswith("18 April 2021, the FIA: Confirmed.") for paragraph in reasons.card.paragraphs
    )
    seen = " ".join((*fields(verdict).values(), *map(as_written, reasons.card.paragraphs)))
    assert REASON.strip().rstrip(".") in seen


@pytest.mark.parametrize(("line", "shown"), [("/cases imola", "/blame imola"), ("/reasons imola", "/verdict imola")])
async def test_where_nothing_is_folded_all_is_shown(ask: Ask, al: User, line: str, shown: str) -> None:
    assert await ask(line, al) == await ask(shown, al)


@pytest.mark.parametrize("command", ["story", "cases", "reasons"])
async def test_menus_do_not_list_what_buttons_lead_to(bot: Conversation, command: str) -> None:
    assert not bot.core.dispatcher.commands[command].listed
