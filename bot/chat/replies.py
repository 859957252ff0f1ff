"""What people are answered: plain data, the same for every platform.

Every string in a `Reply` is plain text; renderers escape all of it. The limits below are the tightest of all
platforms', and they are enforced where a value is made: a `Reply` that can be built can be sent anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.chat.buttons import BUTTONS_A_ROW, Button, fitted, sendable
from bot.chat.cards import Card
from bot.chat.requests import Awaited
from bot.chat.text_limits import UnsendableError, check
from bot.domain.polls import Question

CAPTION = 1000
"""UTF-16 units that are seen of a card with a picture; Telegram allows 1024 in a caption."""

ALT = 700
"""Characters of a picture's text; with a title it fits into a caption, and Discord allows 1024 in a description."""

NOTICE = 180
"""Characters of a private notice; Telegram's toast allows 200."""


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


class Occasion(NamedTuple):
    """What a message is about, where a platform gathers messages by that: a race.

    `key` is its own for good, in every language; `title` is what people read above all that is told of it.
    """

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer: a card, rows of buttons below it, and how it is to be shown."""

    card: Card
    buttons: tuple[tuple[Button, ...], ...] = ()
    """In rows as a phone shows them whole: `fitted` breaks those that are too wide."""

    unfold: Button | None = None
    """What shows all that the card folds, for platforms that cannot fold."""

    private: bool = False
    """For the asker's eyes alone: ephemeral, a toast, or a private message."""

    separate: bool = False
    """In answer to a press: a message of its own, beside the pressed one, which stays as it is."""

    replace: bool = False
    """Whether the pressed message becomes this; set by the dispatcher alone, which knows what was pressed."""

    aside: bool = False
    """Whether it answers a press below a message that others read, and leaves that as it is.

    It is shown to the presser alone where the platform can, else below that message; set by the dispatcher alone.
    """

    poll: str | None = None
    """The incident whose moving tally the message shows; it is kept up to date from then on."""

    question: Question = Question.BLAME
    """Which of the incident's polls that is."""

    attachment: Attachment | None = None

    veiled: bool = False
    """What is below the card's title, and a picture, stay hidden until somebody taps them."""

    chosen: str = ""
    """The data of the button for what the asker has chosen, to be marked where they alone see it, and nowhere else."""

    optional_buttons: bool = False
    """Its buttons only repeat what other messages offer: they may be left out where a line of text is all there is."""

    page: str = ""
    """The path of the page on the web that tells the same, as in `/imola-2021`; empty where there is none."""

    occasion: Occasion | None = None
    """The race that it is about, where it is told without being asked for."""

    awaits: Awaited | None = None
    """What is not there yet; once it is, the message becomes what the request is answered by then."""

    def __post_init__(self) -> None:
        if self.attachment is not None and self.attachment.is_picture and self.card.seen > CAPTION:
            raise UnsendableError(f"{self.card.seen} units are seen of a card with a picture; at most {CAPTION} fit")
        if self.awaits and not self.buttons:
            raise UnsendableError("a reply that awaits something needs a button, as it is forgotten by a restart")
        if bool(self.card.folded) != bool(self.unfold):
            raise UnsendableError("a folded card, and no other, comes with the button that unfolds it")
        if self.unfold is None:
            object.__setattr__(self, "buttons", sendable(self.buttons))
        else:
            object.__setattr__(self, "buttons", fitted(self.buttons))
            sendable(self.unfolding_buttons)

    @property
    def seen_alone(self) -> "Reply":
        """The reply as the asker alone sees it: the button for what they have chosen is marked."""
        if not self.chosen:
            return self
        rows = (tuple(replace(each, chosen=each.data == self.chosen) for each in row) for row in self.buttons)
        return replace(self, buttons=tuple(rows))

    @property
    def marked(self) -> str:
        """The data of the button that is marked as chosen; empty where none is."""
        return next((each.data for row in self.buttons for each in row if each.chosen), "")

    @property
    def unfolding_buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The buttons of a platform that cannot fold: in the last row that has room, what shows the rest."""
        if self.unfold is None:
            return self.buttons
        room = self.buttons and len(self.buttons[-1]) < BUTTONS_A_ROW
        return fitted(
            (*self.buttons[:-1], (*self.buttons[-1], self.unfold)) if room else (*self.buttons, (self.unfold,))
        )


def in_words(reply: Reply) -> Reply:
    """The reply without its picture; what the picture shows stands below a card that has nothing but a title."""
    if reply.attachment is None or not reply.attachment.is_picture:
        return reply
    card = reply.card
    if card == Card(card.title, tone=card.tone):
        card = replace(card, paragraphs=(_below(card.title, reply.attachment.alt),))
    return replace(reply, card=card, attachment=None)


def _below(title: str, alt: str) -> str:
    """A picture's text as it stands below a title, which it does not say again."""
    rest = alt.removeprefix(title)
    told = rest.lstrip(".:, ")
    return told if told and rest != alt and rest[0] in ".:," else alt


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What a chat is told by itself, and what the message becomes that it follows, where it corrects that."""

    reply: Reply
    corrected: Reply | None = None
    amends: bool = False
    """Whether nothing new is said: the message that it follows becomes the reply."""


def notice(sentence: str, buttons: Iterable[Button] = ()) -> Reply:
    """A private sentence to the asker, short enough for a toast, with buttons one below the other."""
    if len(sentence) > NOTICE:
        raise UnsendableError(f"a notice has {len(sentence)} characters; at most {NOTICE} fit")
    return Reply(Card(sentence), tuple((button,) for button in buttons), private=True)
