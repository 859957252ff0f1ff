"""What Telegram's refusals and failures mean to the rest of the bot."""

import pytest

from bot.chat.platform import (
    ChatGoneError,
    ChatMovedError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    UnreachableError,
)
from bot.domain.places import Chat, ChatKind, Platform, Post
from tests.adapters.telegram.bot_api import CUT, BotApi, Failure
from tests.adapters.telegram.desk import PIT_WALL, RECAP, STORY, Desk


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Failure(403, "Forbidden: bot was kicked from the supergroup chat"), ChatGoneError),
        (Failure(400, "Bad Request: chat not found"), ChatUnseenError),
        (Failure(400, "Bad Request: message thread not found"), ChatUnseenError),
        (Failure(403, "Forbidden: user is deactivated"), ChatGoneError),
        (Failure(400, "Bad Request: PEER_ID_INVALID"), ChatUnseenError),
        (Failure(400, "Bad Request: CHANNEL_PRIVATE"), ChatUnseenError),
        (Failure(400, "Bad Request: TOPIC_DELETED"), ChatUnseenError),
        (Failure(400, "Bad Request: not enough rights to send text messages to the chat"), NotAllowedError),
        (Failure(403, "Forbidden: CHAT_WRITE_FORBIDDEN"), NotAllowedError),
        (Failure(400, "Bad Request: message to edit not found"), PostGoneError),
        (Failure(400, "Bad Request: message can't be edited"), PostGoneError),
        (Failure(400, "Bad Request: MESSAGE_ID_INVALID"), PostGoneError),
        (Failure(502, "Bad Gateway"), UnreachableError),
        (CUT, UnreachableError),
    ],
)
async def test_errors_mean_the_same_as_on_every_platform(
    api: BotApi, desk: Desk, failure: Failure, error: type[Exception]
) -> None:
    api.fail("editMessageText", failure)
    api.fail("sendMessage", failure)
    async with desk.open() as adapter:
        with pytest.raises(error) as changed:
            await adapter.edit(Post(PIT_WALL, "5"), STORY)
        with pytest.raises(error) as sent:
            await adapter.send(PIT_WALL, STORY)
        assert isinstance(changed.value, ChatUnseenError) == isinstance(sent.value, ChatUnseenError)
        assert isinstance(sent.value, ChatUnseenError) == (error is ChatUnseenError)
        assert await adapter.send(PIT_WALL, STORY) == Post(PIT_WALL, "1000")
    assert desk.clock.slept == []


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("not enough rights to send text messages to the chat", "The bot lacks the right to send messages."),
        ("have no rights to send a message", "The bot lacks the right to send messages."),
        ("CHAT_WRITE_FORBIDDEN", "The bot lacks the right to send messages."),
        ("CHAT_SEND_PLAIN_FORBIDDEN", "The bot lacks the right to send messages."),
        ("not enough rights to send photos to the chat", "The bot lacks the right to send photos."),
        ("CHAT_SEND_PHOTOS_FORBIDDEN", "The bot lacks the right to send photos."),
        ("need administrator rights in the channel chat", "The bot lacks the right to post messages in the channel."),
        ("TOPIC_CLOSED", "The topic is closed."),
        ("CHAT_RESTRICTED", "Telegram has restricted the chat."),
    ],
)
async def test_what_is_missing_is_said_plainly(api: BotApi, desk: Desk, said: str, missing: str) -> None:
    api.fail("sendPhoto", Failure(400, f"Bad Request: {said}"))
    async with desk.open() as adapter:
        with pytest.raises(NotAllowedError) as caught:
            await adapter.send(PIT_WALL, RECAP)
    assert str(caught.value) == missing


async def test_a_group_that_became_a_supergroup_is_followed(api: BotApi, desk: Desk) -> None:
    upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
    api.fail("sendMessage", Failure(400, upgraded, {"migrate_to_chat_id": -1002}))
    async with desk.open() as adapter:
        with pytest.raises(ChatMovedError) as caught:
            await adapter.send(Chat(Platform.TELEGRAM, "-7"), STORY)
    assert caught.value.chat == Chat(Platform.TELEGRAM, "-1002", ChatKind.GROUP)
