"""Pictures are painted beside the loop, each once."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.pictures.canvas import Picture
from bot.pictures.painter import Painter
from bot.pictures.recap import recap_picture
from tests.pictures.samples import MOVE, RESULT


class Brush:
    """Draws a word, counts how often, and can be held back."""

    def __init__(self) -> None:
        self.painted: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def draw(self, word: str) -> Picture:
        self.free.wait(10)
        self.painted.append(word)
        if word == "spilt":
            raise ValueError(word)
        return Picture(word.encode(), word)


@pytest.fixture
def brush() -> Brush:
    return Brush()


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter(kept=2)
    yield painter
    painter.close()


async def test_it_paints_the_real_thing(painter: Painter) -> None:
    assert await painter.paint(recap_picture, RESULT, MOVE) == recap_picture(RESULT, MOVE)


async def test_the_same_content_is_painted_once(painter: Painter, brush: Brush) -> None:
    assert await painter.paint(brush.draw, "imola") is await painter.paint(brush.draw, "imola")
    assert brush.painted == ["imola"]


async def test_even_when_asked_for_at_the_same_time(painter: Painter, brush: Brush) -> None:
    brush.free.clear()
    asked = [asyncio.ensure_future(painter.paint(brush.draw, "imola")) for _ in range(20)]
    await asyncio.sleep(0)
    brush.free.set()
    assert len(set(map(id, await asyncio.gather(*asked)))) == 1
    assert brush.painted == ["imola"]


async def test_the_loop_runs_on_while_a_picture_is_painted(painter: Painter, brush: Brush) -> None:
    brush.free.clear()
    asked = asyncio.ensure_future(painter.paint(brush.draw, "imola"))
    await asyncio.sleep(0)
    assert not asked.done()
    brush.free.set()
    assert (await asked).alt == "imola"


async def test_the_one_not_asked_for_longest_is_forgotten(painter: Painter, brush: Brush) -> None:
    for word in ("imola", "monza", "imola", "spa", "imola", "monza"):
        await painter.paint(brush.draw, word)
    assert brush.painted == ["imola", "monza", "spa", "monza"]


async def test_a_failure_is_raised_and_not_remembered(painter: Painter, brush: Brush) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="spilt"):
            await painter.paint(brush.draw, "spilt")
    assert brush.painted == ["spilt", "spilt"]


async def test_who_gives_up_does_not_spoil_it_for_the_others(painter: Painter, brush: Brush) -> None:
    brush.free.clear()
    impatient, patient = (asyncio.ensure_future(painter.paint(brush.draw, "imola")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    brush.free.set()
    assert (await patient).alt == "imola"
    assert impatient.cancelled()
    assert brush.painted == ["imola"]
