import datetime as dt
import re
from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.render import escape, render
from bot.chat.buttons import Button
from bot.chat.cards import Bar, Card, Field, Link, Quotation, Tone
from bot.chat.instants import Instant, Shown, text_of
from bot.chat.replies import CAPTION, Attachment, Reply, notice
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
SPOILER = re.compile(r"\|\|([\s\S]+?)\|\|")
"""Discord's own, for which a backslash before a bar changes nothing."""

SPECIAL = re.compile(r"[\\`*_~|<>\[\]()#\-+.:/@]")
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def seen(text: str | None) -> str:
    """What is left of a text behind whose quotation marks and spoilers nobody has looked."""
    return SPOILER.sub("", re.sub("^> ", "", text or "", flags=re.MULTILINE)).strip()


def test_a_card_is_read_from_top_to_bottom() -> None:
    card = Card(
        "Bottas and Russell, Imola 2021",
        subtitle="18 April 2021",
        paragraphs=("Russell pulled out", "Red flag"),
        quotations=(Quotation("He hit me", "Valtteri Bottas", Link("Reuters", "https://example.org/a")),),
        bars=(Bar("Russell", votes=1204, share=0.68), Bar("Bottas", votes=1, share=0.01), Bar("Nobody", 0, 0)),
        fields=(Field("Stewards", "racing incident"),),
        links=(Link("Decision", "https://example.org/b"), Link("Race", "https://example.org/c")),
        footer="Times are local. *",
    )

    embed = render(Reply(card)).embed

    assert embed.title == "Bottas and Russell, Imola 2021"
    assert embed.description is not None
    assert embed.description.split("\n") == [
        "*18 April 2021*",
        "",
        "Russell pulled out",
        "",
        "Red flag",
        "",
        "> ❝ He hit me ❞",
        "> — Valtteri Bottas, [Reuters](https://example.org/a)",
        "",
        "███████░░░ Russell 1,204",
        "█░░░░░░░░░ Bottas 1",
        "░░░░░░░░░░ Nobody 0",
        "",
        "[Decision](https://example.org/b) · [Race](https://example.org/c)",
    ]
    assert [(field.name, field.value, field.inline) for field in embed.fields] == [
        ("Stewards", "racing incident", False),
    ]
    assert embed.footer.text == "Times are local. *"


def test_a_card_has_the_colour_of_the_ruling() -> None:
    colours = {tone: render(Reply(Card("A crash", tone=tone))).embed.colour for tone in Tone}
    assert colours[Tone.NEUTRAL] == discord.Colour.greyple()
    assert len(set(map(str, colours.values()))) == len(Tone)


def test_a_veiled_card_shows_its_title_and_the_names_of_its_facts() -> None:
    card = Card(
        "Imola: the race",
        subtitle="18 April 2021",
        paragraphs=("Verstappen won.\nNorris was third.",),
        quotations=(Quotation("Out\nof the car!", "Toto Wolff", Link("Reuters", "https://example.org/a")),),
        bars=(Bar("Russell", votes=7, share=1.0), Bar("Bottas", votes=0, share=0)),
        fields=(Field("Winner", "Verstappen"),),
        links=(Link("Result", "https://example.org/b|c"),),
        footer="Hamilton leads by 1.",
        tone=Tone.PENALTY,
    )

    embed = render(Reply(card, veiled=True)).embed

    assert embed.title == "Imola\\: the race"
    assert (embed.description or "").split("\n\n") == [
        "||*18 April 2021*||",
        "||Verstappen won\\.\nNorris was third\\.||",
        "> ||❝ Out of the car! ❞||\n> ||— Toto Wolff, [Reuters](https://example.org/a)||",
        "||██████████ Russell 7\n░░░░░░░░░░ Bottas 0||",
        "||[Result](https://example.org/b%7Cc)||",
        "||Hamilton leads by 1\\.||",
    ]
    assert [(field.name, field.value) for field in embed.fields] == [("Winner", "||Verstappen||")]
    assert embed.footer.text is None
    assert embed.colour == discord.Colour.greyple()


def test_a_veiled_picture_is_a_spoiler_of_its_own() -> None:
    picture = Attachment("podium.png", b"bytes", "Norris won")
    embed, _, files = render(Reply(Card("Recap"), attachment=picture, veiled=True))
    assert embed.image.url is None
    assert [(file.filename, file.description) for file in files] == [("SPOILER_podium.png", "Norris won")]


@pytest.mark.parametrize("text", ["x|", "x||", "|x", "|| x ||", "\\|x\\", "||", "x\n|\n|", "> x\n> |", "x" + "|" * 100])
def test_no_text_ends_its_spoiler_early(text: str) -> None:
    link = Link("x" + text, "https://example.org/||")
    card = Card(
        "x",
        subtitle="x" + text,
        paragraphs=("x" + text,),
        quotations=(Quotation("x" + text, "x" + text, link),),
        bars=(Bar("x" + text, 1, 1.0),),
        fields=(Field("x", "x" + text),),
        links=(link,),
        footer="x" + text,
    )
    embed = render(Reply(card, veiled=True)).embed
    assert seen(embed.description) == ""
    assert [seen(field.value) for field in embed.fields] == [""]


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


def test_a_notice_is_a_title_alone() -> None:
    embed = render(notice("A little slower, please.")).embed
    assert embed.title == "A little slower, please\\."
    assert embed.description is None


def test_buttons_stand_in_their_rows_and_carry_their_data() -> None:
    reply = Reply(
        Card("Who?"), ((Button("All *Russell*", "vote", "imola all"), Button("No", "no")), (Button("?", "q"),))
    )
    rows = render(reply).view.to_components()
    assert [[(button["label"], button["custom_id"]) for button in row["components"]] for row in rows] == [
        [("All *Russell*", "vote imola all"), ("No", "no")],
        [("?", "q")],
    ]


async def test_no_view_listens_for_presses() -> None:
    assert render(Reply(Card("Who?"), ((Button("I", "me"),),))).view.is_finished()


@pytest.mark.parametrize(("name", "shown"), [("podium.png", "attachment://podium.png"), ("votes.json", None)])
def test_a_picture_is_shown_in_the_card_and_another_file_below_it(name: str, shown: str | None) -> None:
    rendered = render(Reply(Card("Recap"), attachment=Attachment(name, b"bytes", "Russell, 7 votes")))
    assert rendered.embed.image.url == shown
    assert [(file.filename, file.fp.read()) for file in rendered.files] == [(name, b"bytes")]
    assert [file.description for file in rendered.files] == ["Russell, 7 votes"]


def test_every_line_of_a_quotation_is_quoted() -> None:
    quotation = Quotation("Where were you?\n\nI was there.", "the radio,\nlap 31")
    assert render(Reply(Card("Radio", quotations=(quotation,)))).embed.description == (
        "> ❝ Where were you?\n> \n> I was there\\. ❞\n> — the radio, lap 31"
    )


def test_very_many_lines_of_a_quotation_flow_into_one() -> None:
    quotation = Quotation("a\n" * 490 + "a", "the radio")
    description = render(Reply(Card("Radio", quotations=(quotation,) * 3))).embed.description or ""
    assert len(description) <= 4096
    assert description.startswith("> ❝ a a a")


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
    assert render(Reply(Card("Links", links=(link,)))).embed.description == shown


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_can_become_markup(attack: str) -> None:
    card = Card(
        attack,
        subtitle=attack,
        paragraphs=(attack, attack),
        quotations=(Quotation(attack, attack, Link(attack, "https://example.org")),),
        bars=(Bar(attack, 1, 1.0),),
        fields=(Field(attack, attack),),
    )

    embed = render(Reply(card)).embed

    ours = re.compile(r"^\*|\*$|^> |\[(?=.*\]\()|\]\(https://example\.org\)", re.MULTILINE)
    for text in (embed.title, ours.sub("", ESCAPED.sub("", embed.description or "")), embed.fields[0].name):
        assert not SPECIAL.search(ESCAPED.sub("", text or ""))


@given(st.text() | st.text("\\`*_~|<>[]()#-+.:/@1 \nx"))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    assert ESCAPED.sub(r"\1", escape(text)) == text
    assert not SPECIAL.search(ESCAPED.sub("", escape(text)))


def shown_or_not(reply: Reply, *, veiled: bool, pictured: bool) -> Reply:
    """A reply with its card veiled, and with a picture where one fits."""
    picture = Attachment("podium.png", b"bytes", "Russell, 7 votes")
    fits = pictured and reply.card.seen <= CAPTION
    return replace(reply, veiled=veiled, attachment=picture if fits else reply.attachment)


@given(st.builds(shown_or_not, replies(), veiled=st.booleans(), pictured=st.booleans()))
def test_any_reply_fits(reply: Reply) -> None:
    embed, view, files = render(reply)

    assert 1 <= units(embed.title) <= 256
    assert units(embed.description) <= 4096
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= units(field.name) <= 256
        assert 1 <= units(field.value) <= 1024
    assert units(embed.footer.text) <= 2048
    texts = [embed.title, embed.description, embed.footer.text]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    assert sum(map(units, texts)) <= 6000

    rows = [row["components"] for row in view.to_components()]
    assert len(rows) <= 5
    assert all(1 <= len(row) <= 5 for row in rows)
    buttons = [button for row in rows for button in row]
    assert all(1 <= units(button["label"]) <= 80 for button in buttons)
    assert all(1 <= units(button["custom_id"]) <= 100 for button in buttons)
    assert len({button["custom_id"] for button in buttons}) == len(buttons)
    assert len(files) == (reply.attachment is not None)
    if reply.veiled:
        assert seen(embed.description) == ""
        assert not any(seen(field.value) for field in embed.fields)
        assert all(file.filename.startswith("SPOILER_") for file in files)
