"""Cards as Telegram shows them: HTML, a keyboard below it, or a toast."""

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation
from bot.chat.instants import Instant, Shown, Text, as_written, joined, pieces
from bot.chat.plain_text import unbroken
from bot.chat.replies import Reply, in_words
from bot.chat.votes import Votes

Keyboard: TypeAlias = dict[str, list[list[dict[str, str]]]]
"""Buttons as the Bot API takes them."""

NEXT, BLANK = "\n", "\n\n"

TOAST = 200
"""Characters that the answer to a press may have."""

CLOCKS = {
    Shown.DAY_AND_TIME: "wDt",
    Shown.DATE_AND_TIME: "Dt",
    Shown.DATE: "D",
    Shown.TO_THE_SECOND: "T",
    Shown.FROM_NOW: "r",
}
"""Telegram's formats of a moment."""

_CLOCK = re.compile(r"</?tg-time\b[^>]*>")


def render(reply: Reply) -> tuple[str, Keyboard | None]:
    """A reply's text or its picture's caption in Telegram's HTML, and its keyboard if it has buttons."""
    rows = [[_button(button) for button in row] for row in reply.buttons]
    return _text(in_words(reply)), {"inline_keyboard": rows} if rows else None


def toast(reply: Reply) -> str | None:
    """A reply as the toast that answers a press, without its votes and optional buttons.

    None where something else would be lost or unveiled.
    """
    card = reply.card
    if reply.buttons and not reply.optional_buttons:
        return None
    if reply.attachment or card.quotations or card.fields or card.links or card.folded or card.footer:
        return None
    if reply.veiled and (card.subtitle or card.paragraphs):
        return None
    title = card.title if card.title.endswith((".", "?", "!", "…")) or not card.paragraphs else f"{card.title}."
    said = as_written(joined(" ", filter(None, (title, card.subtitle, *card.paragraphs))))
    return said if len(said) <= TOAST else None


def without_clocks(html: str) -> str:
    """A text in Telegram's HTML with its moments as they are written, for servers that know no readers' clocks."""
    return _CLOCK.sub("", html)


def _text(reply: Reply) -> str:
    card = reply.card
    blocks = (
        _italic(card.subtitle),
        *map(_plain, card.paragraphs),
        "\n".join(map(_quotation, card.quotations)),
        _facts(card),
        _folded(reply) if card.folded else _links(card),
        _italic(card.footer),
    )
    below = _below_each_other(filter(None, blocks))
    if not below:
        # A title with nothing below it is a sentence, not a headline.
        return _plain(card.title)
    gap = "\n" if card.subtitle else "\n\n"
    return _bold(card.title) + gap + (f"<tg-spoiler>{below}</tg-spoiler>" if reply.veiled else below)


def _below_each_other(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them; next to a block quote, which has air of its own, with none."""
    text = ""
    for block in blocks:
        is_quoted = text.endswith("</blockquote>") or block.startswith("<blockquote")
        text += f"{text and (NEXT if is_quoted else BLANK)}{block}"
    return text


def _plain(text: Text) -> str:
    return "".join(
        _clock(part) if isinstance(part, Instant) else escape(unbroken(part), quote=False) for part in pieces(text)
    )


def _clock(instant: Instant) -> str:
    """A moment, which Telegram shows by the reader's clock; older apps show it as it is written."""
    said = escape(instant.written, quote=False)
    if instant.unix is None:
        return said
    return f'<tg-time unix="{instant.unix}" format="{CLOCKS[instant.shown]}">{said}</tg-time>'


def _bold(text: Text) -> str:
    return f"<b>{_plain(text)}</b>"


def _italic(text: Text) -> str:
    return f"<i>{_plain(text)}</i>" if text else ""


def _link(link: Link) -> str:
    return f'<a href="{escape(link.url)}">{_plain(link.label)}</a>'


def _quotation(quotation: Quotation) -> str:
    source = f", {_link(quotation.source)}" if quotation.source else ""
    return f"<blockquote>❝ {_plain(quotation.words)} ❞\n— {_plain(quotation.by)}{source}</blockquote>"


def _facts(card: Card) -> str:
    """What is known by name, and the votes: with air between them, but on a crowded card, which folds the rest."""
    facts = ("\n".join(map(_field, card.fields)), *map(_votes, card.votes))
    return (NEXT if card.folded else BLANK).join(filter(None, facts))


def _votes(votes: Votes) -> str:
    return "\n".join((_bold(votes.name), *map(_plain, votes.lines)))


def _links(card: Card) -> str:
    return " · ".join(map(_link, card.links))


def _folded(reply: Reply) -> str:
    """What is folded, with the sources: a word on it and the line below are seen, the rest once somebody taps it."""
    named = _bold(reply.unfold.label) if reply.unfold else ""
    whole = "\n\n".join(filter(None, (named, *map(_plain, reply.card.folded), _links(reply.card))))
    return f"<blockquote expandable>{whole}</blockquote>"


def _field(field: Field) -> str:
    return f"{_bold(field.name)}: {_plain(field.value)}"


def _button(button: Button) -> dict[str, str]:
    return {"text": button.shown, "callback_data": button.data}
