"""What is called unusual: a flood, one mind, voters of nothing else, each beside what others do; no small crowd is."""

import pytest

from bot.domain.places import ChatKind, Platform
from bot.domain.turnout import FLOOD, Came, OnlyHere, Place, Turnout

FLOODED = Place(17, Platform.TELEGRAM, ChatKind.GROUP)
CALM = Place(4, Platform.DISCORD, ChatKind.GROUP)
ALONE = Place(2, Platform.TELEGRAM, ChatKind.PRIVATE)
RUSSELL, BOTTAS = 1, 5


def came(*those: Came, only_here: dict[Place | None, OnlyHere] | None = None, of: int = 1) -> Turnout:
    """A turnout of which one vote in `of` was looked at."""
    votes = sum(each.votes for each in those)
    return Turnout(of * votes, votes, those, only_here or {})


def unusual(turnout: Turnout) -> list[str]:
    return [f"{each.place.number}: {each.what}" for each in turnout.unusual(turnout.largest(5))]


CROWD = (Came(CALM, 7, RUSSELL, 40), Came(CALM, 7, BOTTAS, 60))


def test_a_flood_is_by_its_rate() -> None:
    minds = (Came(FLOODED, 7, RUSSELL, FLOOD // 2), Came(FLOODED, 7, BOTTAS, FLOOD // 2))
    assert unusual(came(*minds, *CROWD)) == ["17: 300 votes in one minute; ordinary groups stay below 300"]
    assert unusual(came(Came(FLOODED, 6, RUSSELL, FLOOD // 2), minds[1], *CROWD, of=1)) == [
        "17: 100% of the 150 votes in its busiest minute are for one choice, which 40% of the votes elsewhere are for"
    ]


def test_a_flood_is_seen_in_a_sample() -> None:
    minds = (Came(FLOODED, 7, RUSSELL, 10), Came(FLOODED, 7, BOTTAS, 10))
    calm = [Came(CALM, minute, choice, 4) for minute in range(20) for choice in (RUSSELL, BOTTAS)]
    assert unusual(came(*minds, *calm)) == []
    assert unusual(came(*minds, *calm, of=15)) == ["17: 300 votes in one minute; ordinary groups stay below 300"]


@pytest.mark.parametrize(
    "those",
    [
        (Came(FLOODED, 7, RUSSELL, 29), *CROWD),
        (Came(FLOODED, 7, RUSSELL, 90), Came(FLOODED, 7, BOTTAS, 10), *CROWD),
        (Came(FLOODED, 7, RUSSELL, 100), Came(CALM, 7, RUSSELL, 80), Came(CALM, 8, BOTTAS, 20)),
        (Came(FLOODED, 7, RUSSELL, 100),),
        (Came(ALONE, 7, RUSSELL, 2 * FLOOD), *CROWD),
    ],
    ids=["a few", "two minds", "as everybody", "nobody else", "private chats"],
)
def test_what_is_ordinary_is_not_told(those: tuple[Came, ...]) -> None:
    assert unusual(came(*those)) == []


def test_voters_of_nothing_else_are_told_beside_all_others() -> None:
    those = (Came(FLOODED, 7, RUSSELL, 60), Came(FLOODED, 7, BOTTAS, 60), *CROWD)
    told = came(*those, only_here={FLOODED: OnlyHere(95, 100), CALM: OnlyHere(30, 100), None: OnlyHere(10, 100)})
    assert unusual(told) == ["17: 95% of its voters voted on nothing else, and 20% of all others"]
    anew: dict[Place | None, OnlyHere] = {FLOODED: OnlyHere(95, 100), CALM: OnlyHere(80, 100)}
    assert unusual(came(*those, only_here=anew)) == []
    few: dict[Place | None, OnlyHere] = {FLOODED: OnlyHere(29, 29), CALM: OnlyHere(0, 100)}
    assert unusual(came(*those, only_here=few)) == []


def test_a_chat_with_few_votes_is_not_told_apart() -> None:
    turnout = came(Came(FLOODED, 7, RUSSELL, 9), Came(CALM, 7, RUSSELL, 10))
    assert turnout.largest(5) == [CALM]


def test_where_nobody_came_nothing_is_reckoned() -> None:
    nobody = came()
    assert nobody.largest(5) == []
    assert nobody.estimated(0) == 0
    assert OnlyHere().share == 0
