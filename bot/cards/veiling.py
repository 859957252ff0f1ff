"""What of an answer is hidden until somebody taps it, as it may give away how a session goes or went."""

from bot.chat.requests import Request
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import tells_result
from bot.domain.places import ChatKind
from storage.chats import Chats


def veils(chats: Chats, request: Request) -> bool:
    """Whether an answer veils what it has to: where results are hidden, and where nobody knows who reads it.

    That is where the bot is called as a guest. What somebody opens below an inline message is for them alone, so it is
    as they have it in private.
    """
    for_strangers = request.chat.kind is ChatKind.ELSEWHERE and request.pressed is None
    return for_strangers or chats.veiled(request.chat, request.user)


def is_veiled(chats: Chats, incident: Incident, request: Request) -> bool:
    """Whether the answer on an incident is veiled."""
    return tells_result(incident) and veils(chats, request)


def is_receipt_veiled(chats: Chats, incident: Incident, request: Request) -> bool:
    """Whether the answer to a vote tells as little as the message whose button it was, which is veiled or may be."""
    elsewhere = request.chat.kind is ChatKind.ELSEWHERE
    return tells_result(incident) and (elsewhere or chats.veiled(request.chat, request.user))
