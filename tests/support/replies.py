"""Any `Reply` that can be built: what renderers must be able to send, whatever a stranger wrote into it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, BUTTON_ROWS, BUTTONS_A_ROW, Button
from bot.chat.cards import CARD, FIELD, FIELDS, TITLE, Card, Field, Link, Quotation, Tone
from bot.chat.instants import Instant, Shown, Text, text_of
from bot.chat.replies import ALT, CAPTION, Attachment, Reply
from bot.chat.requests import Awaited, Request
from bot.chat.text_limits import UnsendableError, weight
from bot.chat.votes import LABEL, Step, Votes
from bot.domain.places import Chat, Platform, User

MARKUP = "<>&\"'`*_~|[](){}\\#@/:;.,!?=+-%$^\n "
FOREIGN = "éßЖ中שלוםمرحبا\u200b\u200d\u202e\u2066👍🏽👨‍👩‍👧🏁❝█░"
ATTACKS = (
    "<b>bold</b>",
    "</blockquote><a href='https://example.org'>here</a>",
    "&lt;&#60;&amp;",
    "[here](https://example.org)",
    "@everyone <@1> <#1> <@&1> @channel",
    "```py\ncode```",
    "||spoiler|| ~~struck~~ __under__ **bold** *it* `code`",
    "<t:1:R> <:a:1> </crash:1>",
    "https://example.org/a_b_c discord.gg/abc www.example.org",
    "\n# heading\n- item\n> quote\n1. one\n-# small",
    "tg://user?id=1",
)


SEEDS = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(st.sampled_from(MARKUP + FOREIGN), min_size=1, max_size=12),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=12),
)


@cache
def texts(most: int) -> st.SearchStrategy[str]:
    """Texts with something to see in them that weigh at most `most`, some of them to the last unit."""
    sizes = st.one_of(st.just(0), st.integers(0, most), st.just(most))
    return st.builds(_grown, SEEDS, sizes).filter(lambda text: weight(text) <= most)


def _grown(seed: str, size: int) -> str:
    """A text repeated, at least once, and then an x or more, until it weighs `size`."""
    text = seed * max(1, size // weight(seed))
    return text + "x" * max(1, size - weight(text))


@cache
def timed(most: int) -> st.SearchStrategy[Text]:
    """Texts that weigh at most `most`, half of them with a moment in them, in reach of readers' clocks or not."""
    moments = st.integers(-(2**30), 2**32).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
    instants = st.builds(Instant, moments, texts(most // 4), st.sampled_from(Shown))
    around = texts(most // 4)
    with_one = st.builds(text_of, around, instants, around).filter(lambda text: weight(text) <= most)
    return texts(most) | with_one


def links() -> st.SearchStrategy[Link]:
    """Links of any label, to any address."""
    paths = texts(30).map(lambda path: "".join(path.split()))
    addresses = st.builds("{}{}".format, st.sampled_from(("https://", "http://", "https://example.org/")), paths)
    return st.builds(_built, st.just(Link), texts(TITLE), addresses).filter(bool)


def _built(kind: Callable[..., Any], *parts: object) -> Any:
    """A value, or None where the parts make none."""
    try:
        return kind(*parts)
    except UnsendableError:
        return None


def quotations() -> st.SearchStrategy[Quotation]:
    """Anybody's words, with and without their source."""
    return st.builds(Quotation, texts(FIELD), texts(TITLE), st.none() | links())


def votes() -> st.SearchStrategy[Votes]:
    """Votes on a scale or in a list, from none to billions."""
    labels = texts(LABEL // 4).map(_in_one_line)
    steps = st.builds(_built, st.just(Step), labels, st.integers(0, 10**10))
    lists = st.builds(_built, st.just(Votes), labels, st.tuples(steps) | st.tuples(steps, steps, steps, steps))
    scales = st.builds(
        _built, st.just(Votes), labels, st.tuples(*[steps] * 3) | st.tuples(*[steps] * 5), st.tuples(labels, labels)
    )
    return (lists | scales).filter(bool)


def _in_one_line(text: str) -> str:
    return text.replace("\n", " ")


def fields() -> st.SearchStrategy[Field]:
    """Facts with their names."""
    return st.builds(Field, timed(TITLE), timed(FIELD))


def cards(most_seen: int = CARD) -> st.SearchStrategy[Card]:
    """Cards with parts of every kind, as many as fit; about half of them full to the last unit."""
    line = st.just("") | texts(TITLE)
    parts = st.fixed_dictionaries(
        {
            "footer": st.just("") | timed(TITLE),
            "subtitle": line,
            "clock": line,
            "votes": st.lists(votes(), max_size=2),
            "quotations": st.lists(quotations(), max_size=3),
            "fields": st.lists(fields(), max_size=FIELDS),
            "links": st.lists(links(), max_size=4),
            "paragraphs": st.lists(timed(TITLE), max_size=3),
            "folded": st.lists(texts(FIELD), max_size=2),
        }
    )
    return st.builds(_assembled, texts(TITLE), st.sampled_from(Tone), parts, st.none() | SEEDS, st.just(most_seen))


def _assembled(title: str, tone: Tone, parts: dict[str, Any], filling: str | None, most_seen: int) -> Card:
    """A card with every part that fits, and then, if there is a filling, filled up with it."""
    card = Card(title, tone=tone)
    for name, value in parts.items():
        for part in [(each,) for each in value] if isinstance(value, list) else [value]:
            card = _with(card, name, part, most_seen)
    return _filled(card, filling, most_seen) if filling else card


def _with(card: Card, name: str, part: Any, most_seen: int) -> Card:
    """The card with one part more, or as it was if that does not fit."""
    try:
        grown = replace(card, **{name: getattr(card, name) + part if isinstance(part, tuple) else part})
    except UnsendableError:
        return card
    return grown if grown.seen <= most_seen else card


def _filled(card: Card, seed: str, most_seen: int) -> Card:
    """The card with as long a last paragraph as fits."""
    fits, fails = 0, most_seen
    while fails - fits > 1:
        size = (fits + fails) // 2
        grown = _with(card, "paragraphs", (_grown(seed, size),), most_seen)
        fits, fails = (fits, size) if grown is card else (size, fails)
    return _with(card, "paragraphs", (_grown(seed, fits),), most_seen)


def buttons() -> st.SearchStrategy[Button]:
    """Buttons of any label and data that fit, data in any script included."""
    labels = texts(2 * BUTTON_LABEL).map(lambda text: text[:BUTTON_LABEL])
    commands = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)
    arguments = st.just("") | texts(BUTTON_DATA_BYTES).map(lambda text: text.replace("\n", " "))
    fitting = arguments.map(lambda text: text.encode()[: BUTTON_DATA_BYTES - 13].decode(errors="ignore"))
    return st.builds(_built, st.just(Button), labels, commands, fitting).filter(bool)


def keyboards() -> st.SearchStrategy[tuple[tuple[Button, ...], ...]]:
    """Rows of buttons, no two of which do the same."""
    every = st.lists(buttons(), max_size=BUTTON_ROWS * BUTTONS_A_ROW, unique_by=lambda button: button.data)
    return st.builds(_rows, every, st.integers(1, BUTTONS_A_ROW))


def _rows(every: list[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    rows = [tuple(every[start : start + width]) for start in range(0, len(every), width)]
    return tuple(rows[:BUTTON_ROWS])


def pictures() -> st.SearchStrategy[Attachment]:
    """Pictures with a text of any length; the picture itself is none."""
    alts = texts(2 * ALT).map(lambda text: text[:ALT])
    return st.builds(_built, st.just(Attachment), st.just("verdict.png"), st.binary(max_size=20), alts).filter(bool)


def replies() -> st.SearchStrategy[Reply]:
    """Any reply that can be built: with a picture, a file, or neither."""
    files = st.builds(Attachment, st.just("votes.json"), st.binary(max_size=20))
    bare = st.builds(Card, texts(TITLE))
    return st.one_of(
        _replies(cards(), st.none() | files),
        _replies(bare | cards(CAPTION), pictures()),
    )


def _replies(
    cards: st.SearchStrategy[Card], attachments: st.SearchStrategy[Attachment | None]
) -> st.SearchStrategy[Reply]:
    return st.builds(
        _replying,
        cards,
        buttons=keyboards(),
        private=st.booleans(),
        separate=st.booleans(),
        replace=st.booleans(),
        poll=st.none() | st.just("imola-2021"),
        attachment=attachments,
        veiled=st.booleans(),
        optional_buttons=st.booleans(),
    ).flatmap(_awaiting)


UNFOLD = Button("The <b>story</b>", "story", "imola-2021")


def _replying(card: Card, **parts: Any) -> Reply:
    """A reply, with what unfolds its card where that folds something; where that has no row left, without the last."""
    unfold = UNFOLD if card.folded else None
    try:
        return Reply(card, unfold=unfold, **parts)
    except UnsendableError:
        return Reply(card, unfold=unfold, **parts | {"buttons": parts["buttons"][:1]})


AWAITED = Awaited("2021", Request("results", "imola", User(Platform.TELEGRAM, "7"), Chat(Platform.TELEGRAM, "-1001")))


def _awaiting(reply: Reply) -> st.SearchStrategy[Reply]:
    """The reply, and if it has a button to be pressed then, also as one that awaits something."""
    return st.sampled_from((reply, replace(reply, awaits=AWAITED))) if reply.buttons else st.just(reply)
