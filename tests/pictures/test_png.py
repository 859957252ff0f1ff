"""What we write as a PNG, others read as one."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.png import png


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_pillow_reads_back_every_pixel(width: int, height: int, data: st.DataObject) -> None:
    palette = data.draw(st.binary(min_size=3, max_size=768).map(lambda raw: raw[: len(raw) // 3 * 3]))
    index = st.integers(0, len(palette) // 3 - 1)
    indices = bytes(data.draw(st.lists(index, min_size=width * height, max_size=width * height)))
    image = Image.open(BytesIO(png(width, height, indices, palette)))
    assert (image.mode, image.size, image.tobytes()) == ("P", (width, height), indices)
    assert bytes(image.getpalette() or ())[: len(palette)] == palette
