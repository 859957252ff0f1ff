from structlog.testing import capture_logs

from bot.chat.commands import Command, NotYetError, UserError
from bot.chat.dispatcher import Dispatcher
from bot.chat.messages import Button, Card, Reply, Request
from bot.chat.placeholders import REMEMBERED, Placeholders
from bot.chat.platform import PostGoneError
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, Platform, Post

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
POST = Post(PIT_WALL, "1")


class Archive:
    """Tells stories of what it has, promises what it has not; and the platform that shows them."""

    platform = Platform.TELEGRAM

    def __init__(self) -> None:
        self.stories: dict[str, str] = {}
        self.never: set[str] = set()
        self.shown: dict[Post, Reply] = {}
        self.deleted: set[Post] = set()
        self.placeholders = Placeholders(Dispatcher([Command("recap", "A race's story", self.tell)], Throttle()))
        self.placeholders.serve(self)

    async def tell(self, request: Request) -> Reply:
        for wanted in request.argument.split():
            if wanted in self.never:
                raise UserError("No answer to that just now.")
            if wanted not in self.stories:
                raise NotYetError("Coming in a moment.", Button("Look again", "recap", request.argument), wanted)
        return Reply(Card(self.stories[request.argument.split()[-1]]))

    async def edit(self, post: Post, reply: Reply) -> None:
        if post in self.deleted:
            raise PostGoneError
        self.shown[post] = reply

    async def promise(self, asked: str, post: Post = POST) -> None:
        """Somebody asks for what is not there yet, and is answered with a message."""
        reply = NotYetError(
            "Coming in a moment.", Button("Look again", "recap", asked), asked.split(maxsplit=1)[0]
        ).reply
        self.placeholders.posted(post, reply)

    def says(self, post: Post = POST) -> str | None:
        """What a message was changed to."""
        return self.shown[post].card.title if post in self.shown else None


async def test_what_has_arrived_takes_the_place_of_what_promised_it() -> None:
    archive = Archive()
    await archive.promise("1988")
    archive.stories["1988"] = "Senna wins"
    await archive.placeholders.arrived("2021")
    assert archive.says() is None
    await archive.placeholders.arrived("1988")
    assert archive.says() == "Senna wins"


async def test_a_promise_is_kept_once() -> None:
    archive = Archive()
    await archive.promise("1988")
    archive.stories["1988"] = "Senna wins"
    await archive.placeholders.arrived("1988")
    archive.shown.clear()
    await archive.placeholders.arrived("1988")
    assert archive.says() is None


async def test_first_the_season_is_awaited_and_then_the_race() -> None:
    archive = Archive()
    await archive.promise("1988 1988-15")
    archive.stories["1988"] = "sixteen races"
    await archive.placeholders.arrived("1988")
    assert archive.says() == "Coming in a moment."
    archive.stories["1988-15"] = "Senna wins in Japan"
    await archive.placeholders.arrived("1988-15")
    assert archive.says() == "Senna wins in Japan"


async def test_what_does_not_come_is_said_plainly() -> None:
    archive = Archive()
    await archive.promise("1988")
    archive.never.add("1988")
    await archive.placeholders.arrived("1988")
    assert archive.says() == "No answer to that just now."


async def test_a_message_that_shows_something_else_by_now_is_left_alone() -> None:
    archive = Archive()
    await archive.promise("1988")
    archive.placeholders.posted(POST, Reply(Card("The calendar"), replace=True))
    archive.stories["1988"] = "Senna wins"
    await archive.placeholders.arrived("1988")
    assert archive.says() is None


async def test_one_message_that_is_gone_keeps_the_others_from_nothing() -> None:
    archive, other = Archive(), Post(PIT_WALL, "2")
    await archive.promise("1988")
    await archive.promise("1988", other)
    archive.deleted.add(POST)
    archive.stories["1988"] = "Senna wins"
    with capture_logs() as logs:
        await archive.placeholders.arrived("1988")
    assert archive.says(other) == "Senna wins"
    assert [line["log_level"] for line in logs] == ["info"]


async def test_very_many_promises_are_forgotten_from_the_oldest_on() -> None:
    archive = Archive()
    posts = [Post(PIT_WALL, str(number)) for number in range(REMEMBERED + 1)]
    for post in posts:
        await archive.promise("1988", post)
    archive.stories["1988"] = "Senna wins"
    await archive.placeholders.arrived("1988")
    assert archive.says(posts[0]) is None
    assert len(archive.shown) == REMEMBERED
