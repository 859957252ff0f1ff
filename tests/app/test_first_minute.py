"""What somebody sees who has just started the bot, and has no network."""

from bot.app.settings import Settings
from bot.cards.season_text import updated
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.season import Championship
from bot.feeds.f1db.client import F1db
from bot.feeds.jolpica.client import Jolpica
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_f1db_ids
from tests.support.clock import FakeClock
from tests.support.conversation import conversation, labels
from tests.support.f1db_server import F1dbServer
from tests.support.jolpica_server import JolpicaServer
from tests.support.season import CALENDAR, FETCHED, RESULT

DESK = Chat(Platform.CONSOLE, "terminal", ChatKind.PRIVATE)
WHO = User(Platform.CONSOLE, "local")
SHIPPED = "Shipped with the bot, until it is fetched"


async def asked_offline(settings: Settings, incidents: Incidents, *lines: str) -> list[Reply]:
    """What the bot answers whose archive is not reached."""
    async with JolpicaServer() as gone:
        url = gone.url
    async with Jolpica(url, FakeClock()) as feed, conversation(settings, incidents, feed) as bot:
        return [await bot.ask(line, WHO, DESK) for line in lines]


async def test_a_race_can_be_told_without_a_network(settings: Settings, incidents: Incidents) -> None:
    recap, results = await asked_offline(settings, incidents, "/recap imola 2021", "/results imola 21")
    assert recap.card.title == "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"
    assert recap.attachment is not None
    assert recap.attachment.is_picture
    assert results.card.title == "Emilia Romagna Grand Prix 2021"
    assert recap.card.footer == results.card.footer == SHIPPED


async def test_only_the_race_that_ships_is_told(settings: Settings, incidents: Incidents) -> None:
    for reply in await asked_offline(settings, incidents, "/recap imola", "/recap monza 2021", "/standings 2021"):
        assert SHIPPED not in as_written(reply.card.footer)


async def test_what_cannot_be_fetched_has_the_race_that_ships_for_a_way_on(
    settings: Settings, incidents: Incidents
) -> None:
    async with F1dbServer() as gone:
        url = gone.url
    async with F1db(url, read_f1db_ids()) as second, conversation(settings, incidents, second=second) as bot:
        refused = await bot.ask("/recap monza 2020", WHO, DESK)
        assert labels(refused) == ["Emilia Romagna GP 2021"]
        told = await bot.press(refused, "Emilia Romagna GP 2021", WHO, DESK)
        assert told.card.footer == SHIPPED
        assert labels(await bot.ask("/standings 2020", WHO, DESK)) == [], "of which nothing ships"


async def test_what_ships_gives_way_to_what_the_archive_has_told(settings: Settings, incidents: Incidents) -> None:
    async with JolpicaServer() as gone:
        url = gone.url
    async with Jolpica(url, FakeClock()) as feed, conversation(settings, incidents, feed) as bot:
        seasons = bot.core.stored.seasons
        await seasons.store_schedule(2021, CALENDAR, FETCHED)
        assert (await bot.ask("/recap imola 2021", WHO, DESK)).card.footer == SHIPPED
        await seasons.store_classification(RESULT, FETCHED)
        for line in ("/recap imola 2021", "/results imola 2021"):
            assert (await bot.ask(line, WHO, DESK)).card.footer == updated(FETCHED)


async def test_what_ships_is_stored_nowhere(settings: Settings, incidents: Incidents) -> None:
    await asked_offline(settings, incidents, "/recap imola 2021")
    async with conversation(settings, incidents) as bot:
        stored = bot.core.stored.seasons
        assert await stored.schedule(2021) == ()
        assert await stored.classification("2021-emilia-romagna-grand-prix") is None
        assert await stored.standings(2021, Championship.DRIVERS) is None
