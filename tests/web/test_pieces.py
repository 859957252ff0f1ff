import zlib

from hypothesis import given
from hypothesis import strategies as st

from bot.web.pieces import LASTING, MOVING, Piece, digest, gzipped
from tests.web.reader import Reader

CONTENTS = st.lists(st.binary(max_size=300), max_size=8)


def pieces(contents: list[bytes]) -> list[Piece]:
    return [Piece(content, (LASTING, MOVING)[number % 2]) for number, content in enumerate(contents)]


@given(CONTENTS)
def test_pieces_that_are_compressed_one_by_one_are_one_gzip_stream(contents: list[bytes]) -> None:
    whole = b"".join(contents)
    reading = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reading.decompress(gzipped(pieces(contents), whole)) == whole
    assert (reading.eof, reading.unused_data) == (True, b""), "one stream, as not every browser reads several"


@given(CONTENTS, CONTENTS)
def test_what_differs_has_another_digest(some: list[bytes], others: list[bytes]) -> None:
    assert (digest(pieces(some)) == digest(pieces(others))) is (some == others)


def test_a_piece_is_compressed_once() -> None:
    piece = Piece(b"Both sides in their own words. " * 100, LASTING)
    assert piece.deflated is piece.deflated
    assert len(piece.deflated) < 100


async def test_what_no_vote_changes_is_made_once(reader: Reader) -> None:
    async def rest() -> tuple[list[bytes], list[int]]:
        await reader.page("/imola-2021")
        ((_incident, lasting),) = reader.site.lasting.values()
        return [piece.content for piece in lasting], [id(piece) for piece in lasting]

    before = await rest()
    await reader.vote("imola-2021", "all-russell")
    assert await rest() == before
    page = await reader.page("/imola-2021", accept_encoding="gzip")
    assert page.count("The only vote blames Russell") == 3, "in both descriptions, and on the page"
    assert "\0" not in page


async def test_each_way_to_a_page_has_its_own_links(reader: Reader) -> None:
    for path, home in (("/imola-2021", "/"), ("/en/imola-2021", "/en"), ("/de/imola-2021", "/de")):
        assert f'<a class="brand" href="{home}">' in await reader.page(path, accept_language="en")
