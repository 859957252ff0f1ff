import io

from PIL import Image

from bot.domain.places import User
from tests.support.conversation import Ask, Press, labels


async def test_a_verdict_is_drawn_once_there_are_votes(ask: Ask, press: Press, al: User, bo: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote imola-2021 racing-incident", bo)
    reply = await press(await ask("/verdict imola", al), "As a picture", al)
    assert reply.card.title == "The fans' verdict: Bottas and Russell, Imola 2021"
    assert reply.attachment is not None
    assert reply.attachment.is_picture
    assert Image.open(io.BytesIO(reply.attachment.content)).size == (1280, 640)
    assert all(told in reply.attachment.alt for told in ("2 votes", "All Russell 1", "Racing incident 1"))
    assert not reply.replace
    assert labels(reply) == ["Who was to blame?", "The verdict"]


async def test_without_votes_there_is_nothing_to_draw(ask: Ask, al: User) -> None:
    reply = await ask("/chart imola", al)
    assert reply.private
    assert reply.card.title == "Nobody has voted on this one yet, so there is nothing to draw."
    assert labels(reply) == ["Who was to blame?"]
    assert "As a picture" not in labels(await ask("/verdict imola", al))


async def test_where_there_is_no_poll_that_is_said(ask: Ask, al: User) -> None:
    assert (await ask("/chart suzuka 2022", al)).card.title.startswith("There is no poll on this one")
