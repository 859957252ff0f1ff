"""What a message says, as far as it may name an incident: its own words, and those of what it shows or passes on."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import discord

from bot.chat.buttons import TURNING, parse_data

Json: TypeAlias = dict[str, Any]
Shown: TypeAlias = discord.Message | discord.MessageSnapshot

LONGEST = 200
"""Characters that are looked at for the incident that a message names."""

NO_WORDS = "…"
"""What a message is taken to say that says nothing: it names no incident, not even the one that was told last."""

ON_ONE = {"crash", "blame", "vote", "verdict", "rate"}
"""Commands whose buttons say which incident they are about."""

_MENTION = re.compile(r"<(?:@[!&]?|#|id:|t:-?|a?:\w+:|/[^<>\n]+:)\w[^<>\n]*>")
_ADDRESS = re.compile(r"<?https?://\S+", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_of(message: discord.Message, ourselves: int | None = None) -> str:
    """What a message says, the beginning of each of its parts: its text, the title of what it links to or shows.

    Of one of `ourselves` the buttons say which incident it is about. Without words, an address or the text of a picture
    may name one.
    """
    ours = ourselves is not None and message.author.id == ourselves
    if ours and (incident := _asked_about(_plain(message.components))):
        return incident
    shown: tuple[Shown, ...] = (message, *message.message_snapshots)
    parts = _told(part for each in shown for part in _parts(each)) or _told(map(_in_words, _besides(shown)))
    room = LONGEST // max(1, len(parts))
    return " ".join(part[:room].strip() for part in parts)[:LONGEST] or NO_WORDS


def _asked_about(components: Iterable[Json]) -> str:
    """The incident that all buttons are about which are about one; empty where they are about several, or none."""
    data = (parse_data(said) for said in _all(components, "custom_id"))
    about = {argument.partition(" ")[0] for command, argument in data if command.removeprefix(TURNING) in ON_ONE}
    return about.pop() if len(about) == 1 else ""


def _parts(shown: Shown) -> Iterator[str]:
    """The texts that may name an incident: of what a message shows its title alone, or the line that stands for one."""
    yield _ADDRESS.sub(" ", shown.content)
    if isinstance(shown, discord.Message) and shown.poll is not None:
        yield shown.poll.question or ""
    for embed in shown.embeds:
        yield embed.title or (embed.description or "").strip().partition("\n")[0]
    yield from _told(_all(_plain(shown.components), "content"))[:1]


def _besides(shown: Iterable[Shown]) -> Iterator[str]:
    """What may name an incident where nothing is said: addresses, and what pictures are said to show."""
    for each in shown:
        yield from _ADDRESS.findall(each.content)
        yield from (attachment.description or "" for attachment in each.attachments)


def _told(parts: Iterable[str]) -> list[str]:
    """The texts in which something is said, each in one line and once, without mentions, emoji and moments."""
    lines = (" ".join(_MENTION.sub(" ", part).split()) for part in parts)
    return [*dict.fromkeys(line for line in lines if _BETWEEN_WORDS.sub("", line))]


def _in_words(text: str) -> str:
    return " ".join(_BETWEEN_WORDS.split(text))


def _plain(components: Iterable[Any]) -> list[Json]:
    return [component.to_dict() for component in components]


def _all(components: Iterable[Json], name: str) -> Iterator[str]:
    """All texts by that name in components and what they hold, top to bottom."""
    for each in components:
        if isinstance(said := each.get(name), str):
            yield said
        yield from _all(each.get("components", ()), name)
