"""Whatever somebody types that cannot be done, there is something to press that can."""

import pytest

from bot.domain.places import User
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
    *("/polls close suzuka 2022", "/settings role recaps @fans"),
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
