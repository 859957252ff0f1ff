import io
import re
from base64 import b64decode

import pytest
from PIL import Image
from rich.console import Console

from bot.adapters.console.abilities import Graphics
from bot.adapters.console.pictures import drawn


def picture(width: int = 400, height: int = 200) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (width // 2, 0, width, height))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


async def sent(png: bytes, graphics: Graphics, width: int = 80, height: int = 24) -> str:
    """What a terminal of that size is sent for a picture."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, color_system="truecolor", width=width, height=height)
    shown = await drawn(png, graphics, console, 100)
    if shown is not None:
        console.print(shown)
    return screen.getvalue()


async def test_kitty_gets_the_file_in_chunks_and_does_not_answer() -> None:
    said = await sent(picture(), Graphics.KITTY)
    chunks = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", said)
    assert b64decode("".join(data for _keys, data in chunks)) == picture()
    assert "q=2" in chunks[0][0].split(",")
    assert [keys[-3:] for keys, _data in chunks] == [*["m=1"] * (len(chunks) - 1), "m=0"]
    assert all(len(data) <= 4096 for _keys, data in chunks)


async def test_iterm2_gets_the_file_whole() -> None:
    said = await sent(picture(), Graphics.ITERM2)
    (data,) = re.findall(r"\x1b\]1337;File=inline=1;[^:]*:([^\x07]*)\x07", said)
    assert b64decode(data) == picture()


async def test_sixels_paint_every_pixel_once() -> None:
    said = await sent(picture(), Graphics.SIXEL)
    width, height = map(int, re.findall(r'"1;1;(\d+);(\d+)', said)[0])
    body = said[said.index('"') : said.index("\x1b\\")]
    inks = dict(re.findall(r"#(\d+);2;(\d+;\d+;\d+)", body))
    assert {"100;0;0", "0;0;100"} <= {*inks.values()}
    painted = 0
    for count, drawn_as in re.findall(r"(?:!(\d+))?([?-~])", re.sub(r"#\d+(;2;\d+;\d+;\d+)?|\"[\d;]+", "", body)):
        painted += int(count or 1) * (ord(drawn_as) - 63).bit_count()
    # "-" and "$" are not in the range of sixels; every pixel has one colour
    assert painted == width * height


async def test_half_blocks_have_the_colours_of_two_pixels() -> None:
    lines = (await sent(picture(), Graphics.BLOCKS)).splitlines()
    assert len(lines) <= 24
    assert all(line.count("▀") == len(lines) * 4 for line in lines), "twice as wide as high, a character twice as high"
    assert "38;2;255;0;0;48;2;255;0;0" in lines[0]
    assert "38;2;0;0;255;48;2;0;0;255" in lines[0]


@pytest.mark.parametrize("png", [b"", b"png", picture()[:20]])
async def test_what_is_no_picture_is_not_drawn(png: bytes) -> None:
    assert await sent(png, Graphics.KITTY) == ""


async def test_nothing_is_drawn_where_nothing_can_be() -> None:
    assert await sent(picture(), Graphics.OFF) == ""


@pytest.mark.parametrize("size", [(400, 200), (200, 400), (1200, 630)])
async def test_a_picture_is_no_larger_than_the_window(size: tuple[int, int]) -> None:
    lines = (await sent(picture(*size), Graphics.BLOCKS, 80, 24)).splitlines()
    assert len(lines) <= 16
    assert all(line.count("▀") <= 80 for line in lines)
