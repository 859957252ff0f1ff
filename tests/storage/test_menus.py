from storage.database.base import Database
from storage.menus import Menus


async def test_a_menu_has_changed_until_it_is_published(database: Database) -> None:
    menus = Menus(database)
    assert await menus.changed("telegram:1", "abc")
    await menus.published("telegram:1", "abc")
    assert not await menus.changed("telegram:1", "abc")
    assert await menus.changed("telegram:1", "def")
    assert await menus.changed("discord:1", "abc")


async def test_only_the_last_menu_counts(database: Database) -> None:
    menus = Menus(database)
    for digest in ("abc", "def"):
        assert await menus.changed("telegram:1", digest)
        await menus.published("telegram:1", digest)
    assert not await Menus(database).changed("telegram:1", "def")
    assert await menus.changed("telegram:1", "abc")
