import json
from dataclasses import replace

import discord
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.embeds import embedded
from bot.chat.buttons import Button
from bot.chat.cards import Card, Tone
from bot.chat.replies import CAPTION, Attachment, Reply
from bot.chat.text_limits import units
from tests.support.replies import replies

PICTURE = Attachment("podium.png", b"bytes", "Norris won")


def test_a_title_alone_is_a_sentence() -> None:
    assert embedded(Reply(Card("Nothing [yet]"))).embed.description == "Nothing \\[yet\\]"


def test_an_embed_has_the_colour_of_the_ruling() -> None:
    assert embedded(Reply(Card("Recap", tone=Tone.PENALTY))).embed.colour == discord.Colour.orange()


def test_a_file_to_be_downloaded_is_no_picture() -> None:
    shown = embedded(Reply(Card("Your data"), attachment=Attachment("data.json", json.dumps({}).encode())))
    assert shown.embed.image.url is None
    assert [file.filename for file in shown.files] == ["data.json"]


def test_buttons_stand_in_their_rows() -> None:
    rows = ((Button("A", "a"), Button("B", "b")), (Button("C", "c"),))
    view = embedded(Reply(Card("Recap"), rows)).view
    labels = [[button["label"] for button in row["components"]] for row in view.to_components()]
    assert labels == [["A", "B"], ["C"]]


@given(replies(), st.booleans())
def test_any_reply_fits(reply: Reply, pictured: bool) -> None:
    if pictured and reply.card.seen <= CAPTION:
        reply = replace(reply, attachment=PICTURE)
    assert 1 <= units(embedded(reply, ping="7").embed.description or "") <= 4096
