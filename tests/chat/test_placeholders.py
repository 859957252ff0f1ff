import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, NotYetError, UserError
from bot.chat.dispatcher import Dispatcher
from bot.chat.placeholders import REMEMBERED, Placeholders
from bot.chat.platform import PostGoneError, UnreachableError
from bot.chat.replies import Reply
from bot.chat.requests import Awaited, Request
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, Platform, Post, User
from bot.events import MOST_WAITING, Events, WishLookedUp
from tests.support.platform_double import PlatformDouble

AL = User(Platform.TELEGRAM, "7")
PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
POST = Post(PIT_WALL, "1")


class Archive:
    """Tells stories of what it has, promises what it has not, on a platform."""

    def __init__(self) -> None:
        self.stories: dict[str, str] = {}
        self.never: set[str] = set()
        self.events = Events()
        self.telegram = PlatformDouble(Platform.TELEGRAM)
        self.placeholders = Placeholders(
            Dispatcher([Command("recap", "A race's story", self.tell)], Throttle()), self.events
        )
        self.placeholders.serve(self.telegram)

    async def tell(self, request: Request) -> Reply:
        for wanted in request.argument.split():
            if wanted in self.never:
                raise UserError("No answer to that just now.")
            if wanted not in self.stories:
                raise later(request, wanted)
        return Reply(Card(self.stories[request.argument.split()[-1]]))

    async def promise(self, asked: str, post: Post = POST) -> None:
        """Somebody asks for what is not there yet, and is answered with a message."""
        request = Request("recap", asked, AL, PIT_WALL)
        self.placeholders.posted(post, later(request, asked.split(maxsplit=1)[0]).reply)

    async def looked_up(self, *names: str) -> None:
        """Something was fetched, or is known not to come, and whoever waits has been told."""
        for name in names:
            self.events.publish(WishLookedUp(name))
        for _tick in range(10):  # nothing here waits for anything but its turn
            await asyncio.sleep(0)

    def says(self, post: Post = POST) -> str | None:
        """What a message was changed to."""
        return self.telegram.showing(post)


def later(request: Request, wanted: str) -> NotYetError:
    """What is said of what is not there yet."""
    return NotYetError("Coming in a moment.", Button("Look again", "recap", wanted), Awaited(wanted, request))


@pytest.fixture
async def archive() -> AsyncIterator[Archive]:
    archive = Archive()
    filling = asyncio.create_task(archive.placeholders.run())
    yield archive
    filling.cancel()


async def test_what_has_arrived_takes_the_place_of_what_promised_it(archive: Archive) -> None:
    await archive.promise("1988")
    await archive.looked_up("1988")
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("2021")
    assert archive.says() is None
    await archive.looked_up("1988")
    assert archive.says() == "Senna wins"


async def test_what_arrives_before_the_message_that_promises_it_takes_its_place(archive: Archive) -> None:
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("1988")
    await archive.promise("1988")
    await archive.looked_up()
    assert archive.says() == "Senna wins"


async def test_a_message_is_not_changed_to_the_promise_that_it_shows(archive: Archive) -> None:
    await archive.promise("1988")
    await archive.looked_up("1988")
    assert archive.telegram.edits == []


async def test_a_promise_is_kept_once(archive: Archive) -> None:
    await archive.promise("1988")
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("1988")
    await archive.looked_up("1988")
    assert len(archive.telegram.edits) == 1


async def test_first_the_season_is_awaited_and_then_the_race(archive: Archive) -> None:
    await archive.promise("1988 1988-15")
    archive.stories["1988"] = "sixteen races"
    await archive.looked_up("1988")
    assert archive.says() == "Coming in a moment."
    archive.stories["1988-15"] = "Senna wins in Japan"
    await archive.looked_up("1988-15")
    assert archive.says() == "Senna wins in Japan"


async def test_what_does_not_come_is_said_plainly(archive: Archive) -> None:
    await archive.promise("1988")
    archive.never.add("1988")
    await archive.looked_up("1988")
    assert archive.says() == "No answer to that just now."


async def test_a_message_that_shows_something_else_by_now_is_left_alone(archive: Archive) -> None:
    await archive.promise("1988")
    archive.placeholders.posted(POST, Reply(Card("The calendar")))
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("1988")
    assert archive.says() is None


async def test_one_message_that_is_gone_keeps_the_others_from_nothing(archive: Archive) -> None:
    other = Post(PIT_WALL, "2")
    await archive.promise("1988")
    await archive.promise("1988", other)
    archive.telegram.troubles[POST] = [PostGoneError()]
    archive.stories["1988"] = "Senna wins"
    with capture_logs() as logs:
        await archive.looked_up("1988")
    assert archive.says(other) == "Senna wins"
    assert [line["log_level"] for line in logs] == ["info"]


async def test_a_platform_that_is_away_is_told_once_and_not_for_each_message(archive: Archive) -> None:
    posts = [Post(PIT_WALL, str(number)) for number in range(30)]
    archive.stories |= {"1988": "Senna wins", "1989": "Prost wins"}
    with capture_logs() as logs:
        for season, away in (("1988", True), ("1988", False), ("1989", True)):
            for post in posts:
                archive.telegram.troubles[post] = [UnreachableError("Bad Gateway")] * away
                await archive.promise(season, post)
            await archive.looked_up(season)
    assert [line["event"] for line in logs] == ["placeholder.not_filled"] * 2


async def test_very_many_promises_are_forgotten_from_the_oldest_on(archive: Archive) -> None:
    posts = [Post(PIT_WALL, str(number)) for number in range(REMEMBERED + 1)]
    for post in posts:
        await archive.promise("1988", post)
        await archive.looked_up()
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("1988")
    assert archive.says(posts[0]) is None
    assert len(archive.telegram.edits) == REMEMBERED


async def test_where_too_much_was_looked_up_at_once_everything_is_looked_at_again(archive: Archive) -> None:
    other = Post(PIT_WALL, "2")
    await archive.promise("1988")
    await archive.promise("1989", other)
    archive.stories["1988"] = "Senna wins"
    await archive.looked_up("1988", *map(str, range(MOST_WAITING)))
    assert (archive.says(), archive.says(other)) == ("Senna wins", None)
    archive.stories["1989"] = "Prost wins"
    await archive.looked_up("1989")
    assert archive.says(other) == "Prost wins"
