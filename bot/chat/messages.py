"""What people ask and what they are answered: plain data, the same for every platform.

Every string in a `Reply` is plain text; renderers escape all of it. The limits below are the tightest of all
platforms', and they are enforced where a value is made: a `Reply` that can be built can be sent anywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from bot.chat.text_limits import UnsendableError, check, units, weight
from bot.domain.places import Chat, Post, User

BUTTON_DATA_BYTES = 64
"""Telegram's `callback_data`; Discord's `custom_id` would allow 100 characters."""

BUTTON_LABEL = 40
"""Longer ones are cut by phones; Discord allows 80 characters."""

BUTTON_ROWS = 5
BUTTONS_A_ROW = 5
TITLE = 250
"""Weight of a title or a field's name; a Discord embed allows 256."""

FIELD = 1000
"""Weight of a field's value; a Discord embed allows 1024."""

FIELDS = 12
CARD = 3800
"""Weight of a whole card; Telegram allows 4096 in a message, Discord 4096 in an embed's description."""

CAPTION = 1000
"""UTF-16 units that are seen of a card with a picture; Telegram allows 1024 in a caption."""

ALT = 700
"""Characters of a picture's text; with a title it fits into a caption, and Discord allows 1024 in a description."""

NOTICE = 180
"""Characters of a private notice; Telegram's toast allows 200."""

_ELEMENT = 48
"""What a renderer may add around one element: marks, brackets, blank lines, a bar's blocks."""

_BETWEEN = 16
"""What a renderer may show around one element: marks, blank lines, a bar's blocks."""


class Tone(StrEnum):
    """What a card is about, for platforms that colour it: grey unless somebody was punished."""

    NEUTRAL = "neutral"
    PENALTY = "penalty"
    OPEN = "open"


class Rights(Protocol):
    """What the asker, and the bot, may do in the request's chat; its platform is asked anew each time.

    Both raise what `bot.chat.platform` has for a platform that gives no answer.
    """

    async def is_admin(self) -> bool:
        """Whether the asker is one of the chat's admins."""

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post in the chat by itself, in the platform's words."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person asked, typed or pressed; `pressed` is the message whose button it was.

    `command` is empty for plain words said to the bot alone.
    """

    command: str
    argument: str
    user: User
    chat: Chat
    locale: str | None = None
    pressed: Post | None = None
    rights: Rights | None = field(default=None, compare=False, repr=False)
    """Whom the dispatcher asks about a group's rights; where there is nobody to ask, nobody is an admin."""

    lacking: tuple[str, ...] = ()
    """What the bot lacks to post in the group by itself: the dispatcher's, for commands that post."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that is being fetched: its name, and the request that is answered with it once it is there."""

    name: str
    request: Request


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with the text that stands for it."""

    label: str
    url: str

    def __post_init__(self) -> None:
        check(self.label, TITLE, "a link's label")
        check(self.url, 2 * TITLE, "a link's address")
        if not self.url.startswith(("https://", "http://")) or any(mark in self.url for mark in ' <>"\n'):
            raise UnsendableError("a link's address is not a web address")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words, and below them who said them, where and when."""

    words: str
    by: str
    source: Link | None = None

    def __post_init__(self) -> None:
        check(self.words, FIELD, "a quotation")
        check(self.by, TITLE, "a quotation's speaker")


@dataclass(frozen=True, slots=True)
class Bar:
    """One side's votes; `share` of all, 0 to 1, is the bar's length."""

    label: str
    votes: int
    share: float
    written: str = ""
    """The votes as they are shown, in the answer's language; in English where nothing is given."""

    def __post_init__(self) -> None:
        check(self.label, TITLE, "a bar's label")
        if self.written:
            check(self.written, TITLE, "a bar's number")
        else:
            object.__setattr__(self, "written", f"{self.votes:,}")
        if self.votes < 0 or not 0 <= self.share <= 1:
            raise UnsendableError("a bar's votes or share are out of range")


@dataclass(frozen=True, slots=True)
class Field:
    """A fact with its name: `Stewards` – `racing incident, no further action`."""

    name: str
    value: str

    def __post_init__(self) -> None:
        check(self.name, TITLE, "a field's name")
        check(self.value, FIELD, "a field's value")


@dataclass(frozen=True, slots=True)
class Card:
    """The one shape an answer has; it is read from top to bottom in the order of its fields."""

    title: str
    subtitle: str = ""
    paragraphs: tuple[str, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    bars: tuple[Bar, ...] = ()
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    footer: str = ""
    tone: Tone = Tone.NEUTRAL

    def __post_init__(self) -> None:
        check(self.title, TITLE, "a card's title")
        for paragraph in self.paragraphs:
            check(paragraph, CARD, "a paragraph")
        for line in filter(None, (self.subtitle, self.footer)):
            check(line, FIELD, "a card's subtitle or footer")
        if len(self.fields) > FIELDS:
            raise UnsendableError(f"a card has {len(self.fields)} fields; at most {FIELDS} fit")
        texts = tuple(self._texts())
        frame, whole = _ELEMENT * len(texts), "".join(texts)
        if 2 * len(whole) + frame > CARD and weight(whole) + frame > CARD:
            raise UnsendableError(f"a card weighs {weight(whole) + frame}; at most {CARD} fit")

    @property
    def seen(self) -> int:
        """How many UTF-16 units are seen of it at most: addresses are not, only what stands for them."""
        links = [*self.links, *(quotation.source for quotation in self.quotations if quotation.source)]
        return sum(units(text) + _BETWEEN for text in self._texts()) - sum(units(link.url) for link in links)

    def _texts(self) -> Iterator[str]:
        yield self.title + self.subtitle
        yield from self.paragraphs
        for quotation in self.quotations:
            yield quotation.words + quotation.by
            if quotation.source:
                yield quotation.source.label + quotation.source.url
        for bar in self.bars:
            yield bar.label + bar.written
        for fact in self.fields:
            yield fact.name + fact.value
        for link in self.links:
            yield link.label + link.url
        yield self.footer


@dataclass(frozen=True, slots=True)
class Button:
    """A command that somebody presses: the same request as typing `/command argument`."""

    label: str
    command: str
    argument: str = ""

    def __post_init__(self) -> None:
        check(self.label, 2 * BUTTON_LABEL, "a button's label")
        if len(self.label) > BUTTON_LABEL:
            raise UnsendableError(f"a button's label has {len(self.label)} characters; at most {BUTTON_LABEL} fit")
        if not self.command or not self.data.isprintable() or " " in self.command:
            raise UnsendableError("a button's command or argument cannot be sent as data")
        if len(self.data.encode()) > BUTTON_DATA_BYTES:
            raise UnsendableError(f"{self.data!r} is longer than {BUTTON_DATA_BYTES} bytes")

    @property
    def data(self) -> str:
        """What travels with the button: `command SP argument`, at most 64 bytes of UTF-8."""
        return f"{self.command} {self.argument}" if self.argument else self.command


def parse_data(data: str) -> tuple[str, str]:
    """The command and the argument of a button's data; whatever a stranger sends, two strings come back."""
    command, _, argument = data.partition(" ")
    return command, argument


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply; `alt` says what a picture shows, for those who do not see it.

    Where a platform has no such texts, it stands below a card that has nothing but a title; any other card is expected
    to say by itself what its picture shows.
    """

    name: str
    content: bytes = field(repr=False)
    alt: str = ""

    def __post_init__(self) -> None:
        if self.is_picture:
            check(self.alt, 2 * ALT, "a picture's text")
        if len(self.alt) > ALT:
            raise UnsendableError(f"a picture's text has {len(self.alt)} characters; at most {ALT} fit")

    @property
    def is_picture(self) -> bool:
        """Whether it is shown rather than offered as a file."""
        return self.name.endswith(".png")


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer: a card, rows of buttons below it, and how it is to be shown."""

    card: Card
    buttons: tuple[tuple[Button, ...], ...] = ()
    private: bool = False
    """For the asker's eyes alone: ephemeral, a toast, or a private message."""

    separate: bool = False
    """In answer to a press: a message of its own, beside the pressed one, which stays as it is."""

    replace: bool = False
    """Whether the pressed message becomes this; set by the dispatcher alone, which knows what was pressed."""

    poll: str | None = None
    """The incident whose moving tally the message shows; it is kept up to date from then on."""

    attachment: Attachment | None = None

    veiled: bool = False
    """What is below the card's title, and a picture, stay hidden until somebody taps them."""

    awaits: Awaited | None = None
    """What is not there yet; once it is, the message becomes what the request is answered by then."""

    def __post_init__(self) -> None:
        if self.attachment is not None and self.attachment.is_picture and self.card.seen > CAPTION:
            raise UnsendableError(f"{self.card.seen} units are seen of a card with a picture; at most {CAPTION} fit")
        if self.awaits and not self.buttons:
            raise UnsendableError("a reply that awaits something needs a button, as it is forgotten by a restart")
        if len(self.buttons) > BUTTON_ROWS or any(not 0 < len(row) <= BUTTONS_A_ROW for row in self.buttons):
            raise UnsendableError(f"buttons come in at most {BUTTON_ROWS} rows of 1 to {BUTTONS_A_ROW}")
        data = [button.data for row in self.buttons for button in row]
        if len(set(data)) < len(data):
            raise UnsendableError("two buttons of a reply do the same")


def in_words(reply: Reply) -> Reply:
    """The reply without its picture; what the picture shows stands below a card that has nothing but a title."""
    if reply.attachment is None or not reply.attachment.is_picture:
        return reply
    card = reply.card
    if card == Card(card.title, tone=card.tone):
        card = replace(card, paragraphs=(reply.attachment.alt,))
    return replace(reply, card=card, attachment=None)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What a chat is told by itself, and what the message becomes that it follows, where it corrects that."""

    reply: Reply
    corrected: Reply | None = None


def notice(sentence: str, buttons: Iterable[Button] = ()) -> Reply:
    """A private sentence to the asker, short enough for a toast, with buttons one below the other."""
    if len(sentence) > NOTICE:
        raise UnsendableError(f"a notice has {len(sentence)} characters; at most {NOTICE} fit")
    return Reply(Card(sentence), tuple((button,) for button in buttons), private=True)
