"""What an admin is told of a chat that cannot be seen any more."""

from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform
from bot.i18n import _, marked

TITLE = marked("A chat of yours asked me for news, and I cannot see it any more")
TRIED = marked(
    "I go on trying until it has been a day. After that it is told nothing any more, until somebody types /subscribe"
    " there again."
)
ENDED = marked("I have tried for a day. It is told nothing any more now, until somebody types /subscribe there again.")
PERHAPS = marked("Perhaps it was deleted, or I was removed from it or may not see it.")


def unseen_chat_reply(chat: Chat, *, ended: bool) -> Reply:
    """That a chat cannot be seen, which one it is as far as that can be said, and what becomes of its topics."""
    address = _address(chat)
    where = (address,) if address else ()
    return Reply(Card(_(TITLE), paragraphs=(_(PERHAPS), _(ENDED if ended else TRIED), *where)))


def _address(chat: Chat) -> str:
    """Where members find a chat: a supergroup, or a topic of it, has an address for them."""
    group, _colon, topic = chat.id.partition(":")
    if chat.platform is not Platform.TELEGRAM or not group.startswith("-100"):
        return ""
    return f"t.me/c/{group.removeprefix('-100')}/{topic or 1}"
