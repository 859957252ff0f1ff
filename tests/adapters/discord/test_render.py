import datetime as dt
import re
from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from simcord.components import resolve_attachment_references, walk_components

from bot.adapters.discord.render import escape, render
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation, Tone
from bot.chat.instants import Instant, Shown, text_of
from bot.chat.plain_text import unbroken
from bot.chat.replies import CAPTION, Attachment, Reply, notice
from bot.chat.votes import Step, Votes
from tests.adapters.discord.layouts import CONTAINER, FILE, GALLERY, LAYOUT, TEXT, in_sight, refused, texts
from tests.support.replies import replies

ATTACKS = (
    "@everyone",
    "<@123> <@&1> <#2>",
    "[a](http://b)",
    "```py\nx\n```",
    "||x|| ~~x~~ __x__ **x** _x_ `x`",
    "# x\n-# x\n> x\n>>> x\n- x\n* x\n1. x",
    "<t:1:R> <:a:1> <a:b:2> :smile: </crash:1> <id:customize>",
    "https://evil <https://evil> discord.gg/evil <mail@example.org>",
    "\\*x\\* \\\\",
    "x](https://evil) [y",
)
ROW = 1

ENDS = ("Bottas", "Russell")
SPECIAL = re.compile(r"[\\`*_~|<>\[\]()#\-+.:/@]")
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def sent(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    """A layout's components as Discord is sent them; it takes them."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    assert refused({"flags": LAYOUT, "components": components}) == ""
    return components


def layout(reply: Reply) -> list[dict[str, Any]]:
    """A reply's components, each picture and file of which goes with it."""
    view, files = render(reply)
    components = sent(view)
    uploaded = [{"filename": file.filename, "url": "", "proxy_url": "", "id": 1, "size": 1} for file in files]
    resolve_attachment_references(components, uploaded)
    return components


def below(reply: Reply) -> str:
    """All texts of a reply below its title."""
    return "\n\n".join(texts(layout(reply))[1:])


def test_a_card_is_read_from_top_to_bottom() -> None:
    card = Card(
        "Bottas and Russell, Imola 2021",
        subtitle="18 April 2021",
        paragraphs=("Russell pulled out", "Red flag"),
        quotations=(Quotation("He hit me", "Valtteri Bottas", Link("Reuters", "https://example.org/a")),),
        fields=(Field("Stewards", "racing incident"),),
        votes=(
            Votes("Here", (Step("Vettel", 1204), Step("Räikkönen", 1), Step("Nobody", 0))),
            Votes("Everywhere (2)", (Step("all Bottas", 1), Step("racing incident", 0), Step("all Russell", 1)), ENDS),
        ),
        links=(Link("Decision", "https://example.org/b"), Link("Race", "https://example.org/c")),
        footer="Times are local. *",
    )

    (container,) = layout(Reply(card))

    title, body, facts, small_print = (each["content"] for each in container["components"])
    assert title == "### Bottas and Russell, Imola 2021"
    assert body.split("\n") == [
        "*18 April 2021*",
        "",
        "Russell pulled out",
        "",
        "Red flag",
        "",
        "> ❝ He hit me ❞",
        "> — Valtteri Bottas, [Reuters](https://example.org/a)",
    ]
    assert facts.split("\n") == [
        "**Stewards**: racing incident",
        "",
        "**Here**",
        "██████████ Vettel 1,204",
        "█░░░░░░░░░ Räikkönen 1",
        "░░░░░░░░░░ Nobody 0",
        "",
        "**Everywhere \\(2\\)**",
        "Bottas █████││█████ Russell",
        "all Bottas 1 · racing incident 0 · all Russell 1",
    ]
    assert small_print.split("\n") == [
        "[Decision](https://example.org/b) · [Race](https://example.org/c)",
        "-# Times are local\\. \\*",
    ]


def test_a_card_has_the_colour_of_the_ruling() -> None:
    colours = {tone: layout(Reply(Card("A crash", tone=tone)))[0]["accent_color"] for tone in Tone}
    assert colours[Tone.NEUTRAL] == discord.Colour.greyple().value
    assert len(set(colours.values())) == len(Tone)


def test_a_veiled_card_shows_its_title_alone() -> None:
    card = Card("Imola: the race", "18 April", ("Verstappen won.",), fields=(Field("Winner", "x"),), tone=Tone.PENALTY)
    shown, veiled = layout(Reply(card, veiled=True))
    assert [each["content"] for each in shown["components"]] == ["### Imola\\: the race"]
    assert [each["content"] for each in veiled["components"]] == [
        "*18 April*\n\nVerstappen won\\.",
        "**Winner**: x",
    ]
    assert [each.get("spoiler") for each in (shown, veiled)] == [False, True]
    assert {each["accent_color"] for each in (shown, veiled)} == {discord.Colour.greyple().value}


@pytest.mark.parametrize(("name", "kind"), [("podium.png", GALLERY), ("votes.json", FILE)])
def test_a_veiled_picture_or_file_is_behind_the_same_veil(name: str, kind: int) -> None:
    reply = Reply(Card("Recap"), attachment=Attachment(name, b"bytes", "Norris won"), veiled=True)
    shown, veiled = layout(reply)
    assert [each["type"] for each in shown["components"]] == [TEXT]
    assert [each["type"] for each in veiled["components"]] == [kind]


def test_a_veiled_sentence_alone_has_nothing_to_hide() -> None:
    (container,) = layout(Reply(Card("Lights out"), veiled=True))
    assert not container["spoiler"]


def test_a_role_that_is_notified_stands_above() -> None:
    components = sent(render(Reply(Card("Lights out")), ping="7").view)
    assert texts(components) == ["<@&7>", "Lights out"]


@pytest.mark.parametrize(
    ("shown", "style"),
    [
        (Shown.DAY_AND_TIME, "F"),
        (Shown.DATE_AND_TIME, "f"),
        (Shown.DATE, "D"),
        (Shown.TO_THE_SECOND, "T"),
        (Shown.FROM_NOW, "R"),
    ],
)
def test_discord_shows_a_moment_by_the_readers_clock(shown: Shown, style: str) -> None:
    start = dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)
    text = text_of("On ", Instant(start, "Sunday", shown), ".")
    assert escape(text) == f"On <t:1618750800:{style}>\\."


def test_a_moment_out_of_reach_is_only_written() -> None:
    old = Instant(dt.datetime(1950, 5, 13, 14, tzinfo=dt.UTC), "13 May 1950, 14:00")
    assert escape(text_of(old)) == "13 May 1950, 14\\:00"


def test_a_notice_is_a_sentence_and_no_heading() -> None:
    assert texts(layout(notice("A little slower, please."))) == ["A little slower, please\\."]


def test_buttons_stand_in_their_rows_and_carry_their_data() -> None:
    reply = Reply(
        Card("Who?"), ((Button("All *Russell*", "vote", "imola all"), Button("No", "no")), (Button("?", "q"),))
    )
    rows = layout(reply)[1:]
    assert [[(button["label"], button["custom_id"]) for button in row["components"]] for row in rows] == [
        [("All *Russell*", "vote imola all"), ("No", "no")],
        [("?", "q")],
    ]


def test_what_was_chosen_is_marked_in_words_and_in_colour() -> None:
    choices = (Button("All", "vote", "all"), Button("No", "no", chosen=True))
    _text, row = layout(Reply(Card("Mostly Russell"), (choices,)))
    assert [(button["label"], button["custom_id"], button["style"]) for button in row["components"]] == [
        ("All", "vote all", discord.ButtonStyle.secondary.value),
        ("✓ No", "no", discord.ButtonStyle.primary.value),
    ]


def test_what_a_card_folds_is_behind_a_button() -> None:
    text, row = layout(
        Reply(
            Card("Imola 2021", paragraphs=("They crashed.",), folded=("Fighting for ninth",)),
            ((Button("Quotes", "quote", "imola-2021"),),),
            Button("The story", "story", "imola-2021"),
        )
    )
    assert "They crashed\\." in texts([text])
    assert [button["label"] for button in row["components"]] == ["Quotes", "The story"]


async def test_no_view_listens_for_presses() -> None:
    assert render(Reply(Card("Who?"), ((Button("I", "me"),),))).view.is_finished()


def test_a_picture_is_shown_below_the_texts() -> None:
    reply = Reply(Card("Recap", "Imola"), attachment=Attachment("podium.png", b"bytes", "Russell, 7 votes"))
    (container,) = layout(reply)
    assert [each["type"] for each in container["components"]] == [TEXT, TEXT, GALLERY]
    (item,) = container["components"][-1]["items"]
    assert (item["media"]["url"], item["description"]) == ("attachment://podium.png", "Russell, 7 votes")


def test_another_file_is_there_to_be_downloaded() -> None:
    view, files = render(Reply(Card("Your data"), attachment=Attachment("votes.json", b"bytes")))
    (container,) = sent(view)
    assert container["components"][-1]["file"]["url"] == "attachment://votes.json"
    assert [(file.filename, file.fp.read()) for file in files] == [("votes.json", b"bytes")]


def test_every_line_of_a_quotation_is_quoted() -> None:
    quotation = Quotation("Where were you?\n\nI was there.", "the radio,\nlap 31")
    assert below(Reply(Card("Radio", quotations=(quotation,)))) == (
        "> ❝ Where were you?\n> \n> I was there\\. ❞\n> — the radio, lap 31"
    )


def test_very_many_lines_of_a_quotation_flow_into_one() -> None:
    quotation = Quotation("a\n" * 490 + "a", "the radio")
    assert below(Reply(Card("Radio", quotations=(quotation,) * 3))).startswith("> ❝ a a a")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("a", "https://example.org/R_(driver)"), "[a](https://example.org/R_%28driver%29)"),
        (Link("a", "https://example.org/b\\"), "[a](https://example.org/b%5C)"),
        (Link("[a] *b*\nc", "https://example.org"), "[［a］ \\*b\\* c](https://example.org)"),
        (Link("x](https://evil) [y", "https://b.c"), "[x］\\(https\\:\\/\\/evil\\) ［y](https://b.c)"),
        (Link("a", "https://example.org/\u00a0b"), "a"),
        (Link("a", "https://b/" + ")" * 99), "a"),
    ],
)
def test_a_link_leads_only_where_it_says(link: Link, shown: str) -> None:
    assert below(Reply(Card("Links", links=(link,)))) == shown


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_can_become_markup(attack: str) -> None:
    line = attack.replace("\n", " ")
    card = Card(
        attack,
        subtitle=attack,
        paragraphs=(attack, attack),
        quotations=(Quotation(attack, attack, Link(attack, "https://example.org")),),
        fields=(Field(attack, attack),),
        votes=(Votes(line, (Step(line, 1),) * 3, (line, line)),),
    )

    ours = re.compile(
        r"^\*(?!\*)|(?<!\*)\*$|\*\*:?|^### |^-# |^> |\[(?=.*\]\()|\]\(https://example\.org\)", re.MULTILINE
    )
    for text in texts(layout(Reply(card))):
        assert not SPECIAL.search(ours.sub("", ESCAPED.sub("", text)))


@given(st.text() | st.text("\\`*_~|<>[]()#-+.:/@1 \nx"))
@example("0 %")
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    assert ESCAPED.sub(r"\1", escape(text)) == unbroken(text)
    assert not SPECIAL.search(ESCAPED.sub("", escape(text)))


def shown_or_not(reply: Reply, *, veiled: bool, pictured: bool) -> Reply:
    """A reply with its card veiled, and with a picture where one fits."""
    picture = Attachment("podium.png", b"bytes", "Russell, 7 votes")
    fits = pictured and reply.card.seen <= CAPTION
    return replace(reply, veiled=veiled, attachment=picture if fits else reply.attachment)


@given(st.builds(shown_or_not, replies(), veiled=st.booleans(), pictured=st.booleans()))
def test_any_reply_fits(reply: Reply) -> None:
    components = layout(reply)
    everything = [*walk_components(components)]
    assert len(everything) <= 40
    assert sum(map(units, texts(components))) <= 4000
    rows = [each["components"] for each in components if each["type"] == ROW]
    assert len(rows) <= 5
    assert all(1 <= len(row) <= 5 for row in rows)
    buttons = [button for row in rows for button in row]
    assert all(1 <= units(button["label"]) <= 80 for button in buttons)
    assert all(1 <= units(button["custom_id"]) <= 100 for button in buttons)
    assert len({button["custom_id"] for button in buttons}) == len(buttons)
    if reply.veiled:
        assert len(in_sight(components)) == 1
        assert all(each["type"] in {CONTAINER, ROW} for each in components)


def test_a_reply_of_everything_at_once_fits() -> None:
    every = tuple(tuple(Button(f"{row} {number}", "b", f"{row} {number}") for number in range(5)) for row in range(5))
    card = Card(
        "Recap", "Imola", ("x",), fields=(Field("a", "b"),), links=(Link("a", "https://example.org"),), footer="z"
    )
    reply = Reply(card, every, veiled=True, attachment=Attachment("podium.png", b"bytes", "Norris"))
    assert len([*walk_components(sent(render(reply, ping="7").view))]) <= 40


def test_no_line_ends_between_a_number_and_its_percent() -> None:
    assert escape("Russell 58 % (3 %)").replace("\u00a0", "~") == r"Russell 58~% \(3~%\)"
