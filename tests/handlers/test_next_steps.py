"""Whatever somebody types that cannot be done, there is something to press that can."""

import pytest

from bot.domain.places import Chat, ChatKind, Platform, User
from bot.i18n import LANGUAGES
from tests.support.conversation import PIT_WALL, Ask, alone, buttons
from tests.support.season import Fans

DEAD_ENDS = (
    *("/win", "/season 2021", "/driver", "/team", "/driver asdf", "/team asdf", "/quote qwertz", "/results 1900"),
    *("/calendar monza", "/standings cars", "/standings teams 1950", "/chart suzuka 2022", "/blame suzuka 2022"),
    *("/reminders all", "/reminders 7h on", "/reminders lunch on", "/unsubscribe", "/subscribe nothing"),
    *("/settings quiet from 22 to 7 on weekends", "/settings spoilers maybe", "/settings delay soon", "/mydata"),
    *("/settings closing tomorrow", "/settings polls of 2021", "/settings zone qwertzuiop", "/settings colour red"),
    *("/settings language klingon", "/forgetme votes", "/polls nope", "/polls on please", "/polls open"),
    *("/polls close suzuka 2022", "/settings role recaps @fans", "/stewards nope", "/blamed nope"),
    *("/stewards 2018 picture", "/results imola 2021 sprint qualifying", "/results sprint qualifying"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", DEAD_ENDS)
async def test_what_cannot_be_done_leads_to_what_can(fans: Fans, boss: User, line: str, language: str) -> None:
    await fans.settings.change(PIT_WALL, language=language)
    reply = await fans.talk.ask(line, boss)
    assert reply.private
    doors = buttons(reply)
    assert doors, reply.card.title
    for door in doors:
        behind = await fans.talk.send(door.data, boss)
        assert behind.card.title != reply.card.title
        assert not behind.private or buttons(behind), f"{door.label}: {behind.card.title}"


@pytest.mark.parametrize("line", ["/mydata", "/forgetme yes"])
async def test_who_has_nothing_kept_is_led_to_what_is_kept_of_anybody(fans: Fans, boss: User, line: str) -> None:
    reply = await fans.talk.ask(line, boss, alone(boss))
    assert [door.label for door in buttons(reply)] == ["What is kept about me?"]


@pytest.mark.parametrize(
    ("line", "doors"), [("/driver", ["All incidents"]), ("/driver asdf", []), ("/driver russell 1900", [])]
)
async def test_where_no_feed_is_on_nothing_leads_to_what_only_a_feed_knows(
    ask: Ask, al: User, line: str, doors: list[str]
) -> None:
    assert [door.label for door in buttons(await ask(line, al))] == doors


async def test_where_polls_are_off_a_question_leads_to_what_happened(ask: Ask, al: User, boss: User) -> None:
    await ask("/polls off", boss)
    assert [door.label for door in buttons(await ask("/blame imola", al))] == ["All incidents"]


@pytest.mark.parametrize("line", ["/settings closing 24h", "/polls off"])
async def test_what_only_groups_have_leads_to_what_one_has_alone(ask: Ask, boss: User, line: str) -> None:
    reply = await ask(line, boss, alone(boss))
    assert [door.data for door in buttons(reply)] == ["settings polls"]
    assert buttons(await ask(f"/{buttons(reply)[0].data}", boss, alone(boss)))


@pytest.mark.parametrize("line", ["/settings quiet 22-8", "/settings delay 40", "/settings spoilers hide"])
async def test_what_the_terminal_is_not_told_leads_to_what_can_be_set_there(ask: Ask, line: str) -> None:
    here, you = Chat(Platform.CONSOLE, "here", ChatKind.PRIVATE), User(Platform.CONSOLE, "you")
    assert [door.data for door in buttons(await ask(line, you, here))] == ["settings"]


async def test_a_vote_that_is_typed_where_none_counts_leads_to_the_story(ask: Ask, al: User, boss: User) -> None:
    await ask("/polls close imola", boss)
    assert [door.data for door in buttons(await ask("/vote imola all russell", al))] == ["crash imola-2021"]
    await ask("/polls off", boss)
    assert [door.data for door in buttons(await ask("/rate imola correct", al))] == ["crash imola-2021"]


async def test_where_polls_are_blind_a_seasons_votes_lead_to_its_incidents(ask: Ask, al: User, boss: User) -> None:
    await ask("/settings polls blind", boss)
    for command in ("stewards", "blamed"):
        assert [door.data for door in buttons(await ask(f"/{command}", al))] == ["incidents"]
