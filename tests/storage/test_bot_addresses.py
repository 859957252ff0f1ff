import asyncio

from bot.chat.platform import Way
from storage.bot_addresses import BotAddresses
from storage.database.base import Database

TELEGRAM = Way("Telegram", "https://t.me/invented_bot?startgroup", "https://t.me/invented_bot?start=")
DISCORD = Way("Discord", "https://discord.com/oauth2/authorize?client_id=1")


async def test_where_a_bot_was_last_is_known(database: Database) -> None:
    addresses = BotAddresses(database)
    assert await addresses.all() == []
    await addresses.note([])
    await addresses.note([DISCORD])
    await addresses.note([TELEGRAM._replace(card="")])
    await addresses.note([TELEGRAM])
    assert await BotAddresses(database).all() == [TELEGRAM, DISCORD]


async def test_the_same_twice_and_by_two_at_once_is_noted_once(database: Database) -> None:
    one, other = BotAddresses(database), BotAddresses(database)
    await asyncio.gather(*(each.note(ways) for each in (one, other) for ways in ([TELEGRAM, DISCORD], [DISCORD])))
    await asyncio.gather(one.note([DISCORD, TELEGRAM]), other.note([TELEGRAM, DISCORD]))
    assert await one.all() == [TELEGRAM, DISCORD]
