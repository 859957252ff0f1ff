"""What is drawn is where it should be, and in the colour it should have."""

from io import BytesIO

from PIL import Image, ImageColor

from bot.chat.replies import ALT
from bot.pictures.canvas import HEIGHT, WIDTH, Align, Box, Canvas
from bot.pictures.colours import INK, PAPER
from bot.pictures.fonts import Style
from tests.pictures.samples import TALL, overlaps


def opened(canvas: Canvas) -> Image.Image:
    return Image.open(BytesIO(canvas.picture("A test.").png))


def test_a_picture_is_a_palette_png_of_its_size() -> None:
    image = opened(Canvas())
    assert (image.format, image.mode, image.size) == ("PNG", "P", (WIDTH, HEIGHT))
    assert image.convert("RGB").getpixel((0, 0)) == ImageColor.getrgb(PAPER)


def test_a_bar_fills_its_box_and_nothing_else() -> None:
    canvas = Canvas()
    canvas.bar(Box(100, 200, 110, 204), "#112233")
    image = opened(canvas).convert("RGB")
    assert sorted(count for count, _ in image.getcolors() or ()) == [40, WIDTH * HEIGHT - 40]
    assert image.getpixel((100, 200)) == image.getpixel((109, 203)) == (0x11, 0x22, 0x33)


def test_a_bar_of_nothing_is_not_drawn() -> None:
    canvas = Canvas()
    canvas.bar(Box(100, 200, 100, 204), INK)
    assert canvas.boxes == []


def test_text_stands_on_its_baseline_from_the_left_or_up_to_the_right() -> None:
    canvas = Canvas()
    canvas.text("HI", (100, 200), Style(40), INK, width=300)
    canvas.text("HI", (800, 200), Style(40), INK, width=300, align=Align.RIGHT)
    left, right = canvas.boxes
    assert 100 <= left.left <= 106
    assert 794 <= right.right <= 800
    assert 199 <= left.bottom <= 201


def test_seventeen_inks_find_room_and_none_bleeds_into_another() -> None:
    canvas = Canvas()
    inks = [f"#{shade:02x}4080" for shade in range(0, 170, 10)]
    for place, ink in enumerate(inks):
        canvas.bar(Box(20 * place, 0, 20 * place + 20, 20), ink)
    image = opened(canvas).convert("RGB")
    assert [image.getpixel((20 * place + 10, 10)) for place in range(17)] == [ImageColor.getrgb(ink) for ink in inks]


def test_the_words_of_a_picture_are_cut_for_platforms_that_allow_few() -> None:
    assert len(Canvas().picture("word " * 1000).alt) == ALT


def test_the_lines_of_a_long_title_keep_apart_however_far_their_letters_reach() -> None:
    canvas = Canvas()
    canvas.heading(TALL, TALL)
    assert len(canvas.boxes) == len(("the stripe above", "two lines", "of the title", "the line below", "whose it is"))
    assert overlaps(canvas.boxes) == []
