import pytest

from bot.web.front.assets import FOLDER, assets, named
from tests.web.reader import Reader


def test_styles_and_script_stay_small() -> None:
    assert len((FOLDER / "styles.css").read_bytes()) <= 20_000
    assert len((FOLDER / "script.js").read_bytes()) <= 10_000


def test_nothing_in_them_comes_from_elsewhere() -> None:
    for name, asset in assets().items():
        text = asset.content.decode().replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", ""), name
        assert "@import" not in text


@pytest.mark.asyncio(loop_scope="session")
async def test_a_file_is_kept_for_a_year_as_its_name_changes_with_it(resting: Reader) -> None:
    answer = await resting.get(f"/assets/{named('styles.css')}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    for name in ("styles.css", "styles.00000000.css", "..%2fsite.py"):
        assert (await resting.get(f"/assets/{name}")).status_code == 404
