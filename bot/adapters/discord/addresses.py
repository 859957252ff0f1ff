"""Where chats and messages are on Discord: a forum is one chat, and its messages say in which of its posts they are."""

from bot.domain.places import Chat, Platform, Post

_FORUM = "forum:"
_IN = "/"


def channel_chat(channel: int) -> Chat:
    """A channel or a thread as a chat."""
    return Chat(Platform.DISCORD, str(channel))


def forum_chat(channel: int) -> Chat:
    """A forum as a chat."""
    return Chat(Platform.DISCORD, f"{_FORUM}{channel}")


def is_forum(chat: Chat) -> bool:
    """Whether a chat is a forum."""
    return chat.id.startswith(_FORUM)


def channel_of(chat: Chat) -> int:
    """The id of a chat's channel; nothing can be sent to that of a forum."""
    return int(chat.id.removeprefix(_FORUM))


def message_in(chat: Chat, channel: int, message: object, only_for: str = "") -> Post:
    """A message in a chat, which is in a channel; in a forum's, that is one of its posts."""
    return Post(chat, f"{channel}{_IN}{message}" if is_forum(chat) else str(message), only_for)


def place_of(post: Post) -> tuple[int, int]:
    """The ids of the channel that a message is in, and of the message."""
    thread, inside, message = post.message.partition(_IN)
    return (int(thread), int(message)) if inside else (channel_of(post.chat), int(thread))
