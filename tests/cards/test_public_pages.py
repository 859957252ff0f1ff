from bot.app.settings import Settings
from bot.cards.incident import story_reply
from bot.cards.public_pages import NO_PAGES, PublicPages
from bot.chat.cards import Link
from bot.domain.places import User
from bot.search.catalogue import Incidents
from tests.support.conversation import conversation

PAGES = PublicPages("https://example.org")


def test_a_card_leads_to_its_page(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    links = PAGES.linked(story_reply(imola, None), imola).card.links
    assert links[-1] == Link("On the web", "https://example.org/imola-2021")
    assert [link.label for link in links[:-1]] == ["A paper", "The FIA"]


def test_without_pages_a_card_stays_as_it_is(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    reply = story_reply(imola, None)
    assert NO_PAGES.linked(reply, imola) is reply


def test_what_is_hidden_in_a_chat_is_not_linked_to_either(incidents: Incidents) -> None:
    (imola,) = incidents.find("imola")
    reply, veiled = story_reply(imola, None), story_reply(imola, None, veiled=True)
    assert PAGES.linked(reply, imola, hidden=True) is reply
    assert PAGES.linked(veiled, imola) is veiled


async def test_once_pages_have_an_address_answers_lead_there(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    public = settings.model_copy(update={"web_url": "https://example.org"})
    async with conversation(public, incidents) as bot:
        for line in ("/crash imola", "/verdict imola"):
            assert Link("On the web", "https://example.org/imola-2021") in (await bot.ask(line, al)).card.links
        await bot.ask("/settings polls blind", User(al.platform, "1"))
        assert "On the web" not in [link.label for link in (await bot.ask("/crash imola", al)).card.links]
