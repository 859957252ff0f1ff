import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
import tdjson
from hypothesis import given, settings

from bot.adapters.telegram.render import TOAST, render, toast, without_clocks
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation
from bot.chat.instants import Instant, Shown, as_written, text_of
from bot.chat.replies import Attachment, Reply, in_words, notice
from bot.chat.text_limits import units
from bot.chat.votes import Step, Votes
from tests.support.replies import replies

SCALE = (
    Step("all Bottas", 1),
    Step("mostly Bottas", 2),
    Step("racing incident", 2),
    Step("mostly Russell", 4),
    Step("all Russell", 3),
)
STORY = Reply(
    Card(
        "Bottas and Russell, Imola 2021",
        "Emilia Romagna Grand Prix · lap 31 of 63",
        paragraphs=("Fighting for ninth on a drying track.", "Red flag."),
        quotations=(
            Quotation("It was damp & fast.", "George Russell", Link("source", "https://example.org/?a=1&b=2")),
            Quotation("There was space.", "Valtteri Bottas"),
        ),
        fields=(Field("Stewards", "racing incident"), Field("Fans", "1,204 votes")),
        votes=(
            Votes("Here (12)", SCALE, ("Bottas", "Russell")),
            Votes("Everywhere", (Step("Vettel", 1204), Step("Räikkönen", 0))),
        ),
        links=(Link("FIA", "https://example.org/fia"), Link("BBC", "https://example.org/bbc")),
        footer="Word for word.",
    ),
    ((Button("Who was to blame?", "blame", "imola-2021"), Button("Quotes", "quotes", "imola-2021")),),
)


def read_by_telegram(html: str) -> dict[str, Any]:
    """A text as Telegram's own parser understands it."""
    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    assert answer["@type"] == "formattedText", answer
    return answer


def parsed(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The text that Telegram shows, and each entity's kind with what it covers."""
    answer = read_by_telegram(html)
    units = answer["text"].encode("utf-16-le")
    entities = [
        (
            entity["type"]["@type"].removeprefix("textEntityType"),
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"),
        )
        for entity in answer["entities"]
    ]
    return answer["text"], entities


def unveiled(html: str) -> str:
    """What Telegram shows of a text before anybody taps it."""
    answer = read_by_telegram(html)
    shown = bytearray(answer["text"].encode("utf-16-le"))
    for entity in answer["entities"]:
        if entity["type"]["@type"] == "textEntityTypeSpoiler":
            start, length = 2 * entity["offset"], 2 * entity["length"]
            shown[start : start + length] = b" \0" * entity["length"]
    return shown.decode("utf-16-le")


def test_a_card_is_read_from_top_to_bottom() -> None:
    text, _ = parsed(render(STORY)[0])
    assert text == (
        "Bottas and Russell, Imola 2021\n"
        "Emilia Romagna Grand Prix · lap 31 of 63\n"
        "\n"
        "Fighting for ninth on a drying track.\n"
        "\n"
        "Red flag.\n"
        "❝ It was damp & fast. ❞\n"
        "— George Russell, source\n"
        "❝ There was space. ❞\n"
        "— Valtteri Bottas\n"
        "Stewards: racing incident\n"
        "Fans: 1,204 votes\n"
        "\n"
        "Here (12)\n"
        "Bottas █▒▒│░░│▒▒▒██ Russell\n"
        "all Bottas 1 · mostly Bottas 2 · racing incident 2 · mostly Russell 4 · all Russell 3\n"
        "\n"
        "Everywhere\n"
        "██████████ Vettel 1,204\n"
        "░░░░░░░░░░ Räikkönen 0\n"
        "\n"
        "FIA · BBC\n"
        "\n"
        "Word for word."
    )


def test_structure_becomes_emphasis_and_nothing_else_does() -> None:
    _, entities = parsed(render(STORY)[0])
    assert entities == [
        ("Bold", "Bottas and Russell, Imola 2021"),
        ("Italic", "Emilia Romagna Grand Prix · lap 31 of 63"),
        ("BlockQuote", "❝ It was damp & fast. ❞\n— George Russell, source"),
        ("TextUrl", "source"),
        ("BlockQuote", "❝ There was space. ❞\n— Valtteri Bottas"),
        ("Bold", "Stewards"),
        ("Bold", "Fans"),
        ("Bold", "Here (12)"),
        ("Bold", "Everywhere"),
        ("TextUrl", "FIA"),
        ("TextUrl", "BBC"),
        ("Italic", "Word for word."),
    ]


FOLDED = Reply(
    Card(
        "Imola 2021",
        paragraphs=("They crashed.",),
        fields=(Field("Stewards", "racing incident"),),
        votes=(Votes("Here", SCALE, ("Bottas", "Russell"), "Russell 7"),),
        folded=("Fighting for ninth …", "Red flag."),
        links=STORY.card.links,
    ),
    unfold=Button("The story", "story", "imola-2021"),
)


def test_what_is_folded_is_in_a_quote_that_a_tap_expands_with_its_sources() -> None:
    html, keyboard = render(FOLDED)
    text, entities = parsed(html)
    fold = "The story\n\nFighting for ninth …\n\nRed flag.\n\nFIA · BBC"
    assert text == (
        "Imola 2021\n"
        "\n"
        "They crashed.\n"
        "\n"
        "Stewards: racing incident\n"
        "Here\n"
        "Bottas █▒▒│░░│▒▒▒██ Russell\n"
        "Russell 7\n"
        f"{fold}"
    )
    assert ("ExpandableBlockQuote", fold) in entities
    assert keyboard is None, "a tap unfolds it, and no button"


def test_a_folded_reply_is_no_toast() -> None:
    assert toast(FOLDED) is None


def test_a_links_address_arrives_as_it_was_written() -> None:
    address = "https://example.org/?a=1&lt;=2&b='3'"
    html, _ = render(Reply(Card("Sources", links=(Link("FIA", address),))))
    assert [entity["type"].get("url") for entity in read_by_telegram(html)["entities"]] == [None, address]


def test_a_sentence_alone_is_no_headline() -> None:
    assert parsed(render(notice("Try <i>again</i>."))[0]) == ("Try <i>again</i>.", [])


def test_all_below_a_veiled_cards_title_is_hidden() -> None:
    html, _ = render(replace(STORY, veiled=True))
    assert unveiled(html).strip() == "Bottas and Russell, Imola 2021"
    _, entities = parsed(html)
    assert [kind for kind, _ in entities].count("BlockQuote") == 2


def test_a_veiled_sentence_alone_has_nothing_to_hide() -> None:
    assert render(Reply(Card("Lights out."), veiled=True))[0] == "Lights out."


def test_below_a_bare_title_stands_what_the_picture_shows() -> None:
    picture = Attachment("verdict.png", b"png", "Russell <b> 7 & Bottas 2")
    assert (
        render(Reply(Card("Verdict"), attachment=picture))[0] == "<b>Verdict</b>\n\nRussell &lt;b&gt; 7 &amp; Bottas 2"
    )
    assert render(Reply(Card("Verdict", "Imola"), attachment=picture))[0] == "<b>Verdict</b>\n<i>Imola</i>"


def test_buttons_carry_their_commands() -> None:
    _, keyboard = render(STORY)
    assert keyboard is not None
    assert [[(button["text"], button["callback_data"]) for button in row] for row in keyboard["inline_keyboard"]] == [
        [("Who was to blame?", "blame imola-2021"), ("Quotes", "quotes imola-2021")]
    ]


def test_what_was_chosen_is_marked_and_does_the_same() -> None:
    _, keyboard = render(Reply(Card("All Russell"), ((Button("All Russell", "vote", "all", chosen=True),),)))
    assert keyboard == {"inline_keyboard": [[{"text": "✓ All Russell", "callback_data": "vote all"}]]}


def test_no_buttons_is_no_keyboard() -> None:
    assert render(notice("Done."))[1] is None


@settings(max_examples=150)
@given(replies())
def test_telegram_takes_any_reply_and_reads_no_markup_in_its_words(reply: Reply) -> None:
    html, keyboard = render(reply)
    text, entities = parsed(html)
    card = in_words(reply).card
    assert len(html.encode()) <= 32_768
    assert units(text) <= 4096
    if reply.attachment and reply.attachment.is_picture:
        assert len(text) <= 1024
    for words in _words(card):
        assert broken(words) in broken(text)
    assert sorted(kind for kind, _ in entities if kind not in {"TextUrl", "Spoiler", "DateTime"}) == _emphases(card)
    assert broken(unveiled(html)).strip() == broken(card.title if reply.veiled else text).strip()
    labels = [broken(link.label) for link in _links(card)]
    linked = [broken(covered) for kind, covered in entities if kind == "TextUrl"]
    assert len(linked) <= len(labels)
    assert set(linked) <= set(labels)
    rows = keyboard["inline_keyboard"] if keyboard else []
    assert len(json.dumps(rows, ensure_ascii=False).encode()) <= 10_000
    assert all(1 <= len(button["callback_data"].encode()) <= 64 for row in rows for button in row)


def broken(text: str) -> str:
    """A text without what keeps a number and its `%` in one line."""
    return text.replace("\u00a0", " ")


def _links(card: Card) -> list[Link]:
    return [*(quotation.source for quotation in card.quotations if quotation.source), *card.links]


def _words(card: Card) -> list[str]:
    quoted = [words for quotation in card.quotations for words in (quotation.words, quotation.by)]
    facts = [words for fact in card.fields for words in (as_written(fact.name), as_written(fact.value))]
    votes = [line for votes in card.votes for line in (votes.name, *votes.lines)]
    labels = [link.label for link in _links(card)]
    return [
        card.title,
        card.subtitle,
        *map(as_written, card.paragraphs),
        *quoted,
        *facts,
        *votes,
        *card.folded,
        *labels,
        as_written(card.footer),
    ]


def _emphases(card: Card) -> list[str]:
    headline = card != Card(card.title, tone=card.tone, clock=card.clock)  # said where clocks are written alone
    bold = ["Bold"] * (headline + len(card.fields) + len(card.votes) + bool(card.folded))
    quoted = ["BlockQuote"] * len(card.quotations) + ["ExpandableBlockQuote"] * bool(card.folded)
    return sorted(bold + ["Italic"] * (bool(card.subtitle) + bool(card.footer)) + quoted)


START = dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)
WRITTEN = "Sunday <18> April, 15:00"


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        (Shown.DAY_AND_TIME, ("Long", "Short", True)),
        (Shown.DATE_AND_TIME, ("Long", "Short", False)),
        (Shown.DATE, ("Long", "None", False)),
        (Shown.TO_THE_SECOND, ("None", "Long", False)),
        (Shown.FROM_NOW, None),
    ],
)
def test_telegram_shows_a_moment_by_the_readers_clock(shown: Shown, parts: tuple[str, str, bool] | None) -> None:
    line = text_of("It starts on ", Instant(START, WRITTEN, shown), ".")
    html, _ = render(Reply(Card("Imola", paragraphs=(line,), fields=(Field(line, line),), footer=line)))
    answer = read_by_telegram(html)
    assert answer["text"].count(f"It starts on {WRITTEN}.") == 4
    moments = [entity["type"] for entity in answer["entities"] if entity["type"]["@type"].endswith("DateTime")]
    assert [moment["unix_time"] for moment in moments] == [int(START.timestamp())] * 4
    for how in (moment["formatting_type"] for moment in moments):
        if parts is None:
            assert how["@type"] == "dateTimeFormattingTypeRelative"
        else:
            date, time = (
                how[part]["@type"].removeprefix("dateTimePartPrecision")
                for part in ("date_precision", "time_precision")
            )
            assert (date, time, how["show_day_of_week"]) == parts


def test_a_moment_out_of_reach_is_only_written() -> None:
    old = Instant(dt.datetime(1950, 5, 13, 14, tzinfo=dt.UTC), "13 May 1950")
    assert render(Reply(Card("Silverstone", paragraphs=(text_of(old),))))[0] == "<b>Silverstone</b>\n\n13 May 1950"


def test_by_whose_clock_moments_are_written_is_not_said_where_each_reader_has_their_own() -> None:
    assert "Rome" not in render(Reply(Card("Imola", paragraphs=("x",), clock="Times in Rome")))[0]


@given(replies())
def test_without_clocks_the_same_is_read(reply: Reply) -> None:
    html, _ = render(reply)
    text, entities = parsed(without_clocks(html))
    assert text == parsed(html)[0]
    assert "DateTime" not in {kind for kind, _ in entities}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (notice("This button no longer works."), "This button no longer works."),
        (Reply(Card("Mostly Russell", paragraphs=("41 % said the same.",))), "Mostly Russell. 41 % said the same."),
        (Reply(Card("Sure?", paragraphs=("Quite.", "Yes."))), "Sure? Quite. Yes."),
        (Reply(Card("Mostly Russell", votes=(Votes("Here", (Step("Russell", 1),)),))), "Mostly Russell"),
        (Reply(Card("Counted."), ((Button("Take it back", "vote", "no"),),), optional_buttons=True), "Counted."),
        (Reply(Card("x" * TOAST)), "x" * TOAST),
        (Reply(Card("x" * (TOAST + 1))), None),
        (notice("Close by:", [Button("Monza 2021", "crash", "monza-2021")]), None),
        (Reply(Card("Verstappen", paragraphs=("He won.",)), veiled=True), None),
        (Reply(Card("Your votes"), attachment=Attachment("votes.json", b"[]")), None),
        (Reply(Card("Repositories", fields=(Field("Your votes", "yes"),))), None),
    ],
)
def test_a_toast_says_all_of_a_reply_or_is_none(reply: Reply, said: str | None) -> None:
    assert toast(reply) == said


def test_no_line_ends_between_a_number_and_its_percent() -> None:
    text, _keyboard = render(Reply(Card("58 % say so", paragraphs=("Russell 58 % · 100 % of them, % of 3 %",))))
    assert text.replace("\u00a0", "~").endswith("Russell 58~% · 100~% of them, % of 3~%")
    assert "58\u00a0% say so" in text
