from dataclasses import replace

from bot.app.settings import Settings
from bot.cards.closed_poll import result
from bot.cards.incident import story_reply
from bot.cards.poll import poll_reply
from bot.cards.public_pages import NO_PAGES, PublicPages, race_page
from bot.cards.verdict import verdict_reply
from bot.chat.cards import Card, Link
from bot.chat.replies import Bulletin, Reply
from bot.domain.chat_settings import ChatSettings
from bot.domain.incidents import Incident
from bot.domain.places import User
from bot.domain.polls import Poll, Question
from bot.search.catalogue import Incidents
from tests.support.conversation import conversation

PAGES = PublicPages("https://example.org")
PAGE = Link("On the web", "https://example.org/imola-2021")


def cards(imola: Incident, *, hidden: bool = False, veiled: bool = False) -> list[Reply]:
    """Every card on an incident that says how its votes stand."""
    poll = Poll.of(imola)
    tally = poll.tally({})
    return [
        story_reply(imola, tally, hidden=hidden, veiled=veiled),
        poll_reply(imola, poll, tally, tally, hidden=hidden, veiled=veiled),
        verdict_reply(imola, {Question.BLAME: tally}, hidden=hidden, veiled=veiled),
    ]


def test_a_card_leads_to_its_page(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    links = PAGES.linked(story_reply(imola, None)).card.links
    assert [link.label for link in links] == ["A paper", "The FIA", "On the web"]
    tally = Poll.of(imola).tally({})
    assert all(PAGES.linked(card).card.links[-1] == PAGE for card in (*cards(imola), result(imola, tally, tally)))


def test_without_pages_a_card_stays_as_it_is(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    reply = story_reply(imola, None)
    assert NO_PAGES.linked(reply) is reply


def test_what_is_hidden_in_a_chat_is_not_linked_to_either(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    for reply in (*cards(imola, hidden=True), *cards(imola, veiled=True)):
        assert PAGES.linked(reply) is reply


async def test_what_is_told_by_itself_leads_to_its_page_unless_the_chat_is_blind(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")

    async def write(_announcement_id: int, settings: ChatSettings) -> Bulletin | None:
        return None if settings.quiet_from else Bulletin(story_reply(imola, None), Reply(Card("corrected")))

    told = await PAGES.leading(write)(1, ChatSettings(language="de"))
    blind = await PAGES.leading(write)(1, ChatSettings(blind=True))
    assert told
    assert blind
    assert told.reply.card.links[-1] == Link("Im Web", "https://example.org/imola-2021")
    assert told.corrected == Reply(Card("corrected"))
    assert blind.reply == story_reply(imola, None)
    assert await PAGES.leading(write)(1, ChatSettings(quiet_from=1)) is None
    assert NO_PAGES.leading(write) is write


def test_a_race_leads_to_the_list_of_its_incidents(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    assert race_page(imola) == "/2021?q=Imola+Grand+Prix"


async def test_once_pages_have_an_address_answers_lead_there(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    public = replace(settings, web_url="https://example.org")
    async with conversation(public, incidents) as bot:
        for line in ("/crash imola", "/verdict imola", "/blame imola"):
            assert PAGE in (await bot.ask(line, al)).card.links
        season = Link("On the web", "https://example.org/stewards/2021")
        assert season in (await bot.ask("/stewards 2021", al)).card.links
        await bot.ask("/settings polls blind", User(al.platform, "1"))
        for line in ("/crash imola", "/blame imola"):
            assert PAGE not in (await bot.ask(line, al)).card.links
