import pytest

from bot.domain.ballots import Ballot, Cast, Stance, Step, Vote, Voter, fold
from bot.domain.places import Chat, Platform
from bot.domain.polls import Poll
from bot.search.catalogue import Incidents

GROUP = Chat(Platform.TELEGRAM, "-1001")
HERE, ELSEWHERE = 1, 2
AL = 7
BOTTAS, RUSSELL = "all-bottas", "all-russell"
WITHDRAW = "withdraw"
PRESS = tuple[str, int, str]
"""A choice's key, the id of the chat, the id of the update."""


@pytest.fixture
def imola(incidents: Incidents) -> Poll:
    incident = incidents.get("imola-2021")
    assert incident is not None
    return Poll.of(incident, 1)


def counted(
    poll: Poll, presses: list[PRESS], handled: set[str], stands: Stance | None = None
) -> tuple[list[Step], dict[Voter, Vote | None]]:
    """What comes of a voter's presses, where some updates have been handled before."""
    casts, seen = [], {*handled}
    for at, (key, chat_id, update) in enumerate(presses):
        first_time = not update or update not in seen
        casts.append((Cast(Ballot(poll, poll.choice(key), AL, GROUP, update), at), chat_id, first_time))
        seen.add(update)
    return fold(casts, {(poll.id, AL): stands} if stands else {})


def stance(poll: Poll, key: str, chat_id: int) -> Stance:
    choice = poll.choice(key)
    assert choice is not None
    return choice.id, chat_id


@pytest.mark.parametrize(
    ("presses", "changed", "stands"),
    [
        ([(BOTTAS, HERE, "1")], [True], (BOTTAS, HERE)),
        ([(BOTTAS, HERE, "1"), (BOTTAS, HERE, "2")], [True, False], (BOTTAS, HERE)),
        ([(BOTTAS, HERE, ""), (BOTTAS, HERE, "")], [True, False], (BOTTAS, HERE)),
        ([(BOTTAS, HERE, "1"), (BOTTAS, ELSEWHERE, "2")], [True, True], (BOTTAS, ELSEWHERE)),
        ([(BOTTAS, HERE, "1"), (RUSSELL, HERE, "2"), (BOTTAS, HERE, "1")], [True, True, False], (RUSSELL, HERE)),
        ([(BOTTAS, HERE, ""), (RUSSELL, HERE, ""), (BOTTAS, HERE, "")], [True, True, True], (BOTTAS, HERE)),
        ([(BOTTAS, HERE, "1"), (WITHDRAW, HERE, "2"), (BOTTAS, HERE, "1")], [True, True, False], None),
        (
            [(BOTTAS, HERE, "1"), (WITHDRAW, HERE, "2"), (BOTTAS, HERE, "3"), (WITHDRAW, HERE, "2")],
            [True, True, True, False],
            (BOTTAS, HERE),
        ),
        ([(WITHDRAW, HERE, "1"), (WITHDRAW, HERE, "2")], [False, False], None),
        ([(WITHDRAW, HERE, "1"), (BOTTAS, HERE, "2"), (WITHDRAW, HERE, "1")], [False, True, False], (BOTTAS, HERE)),
    ],
)
def test_what_stands_after_presses_that_came_together(
    imola: Poll, presses: list[PRESS], changed: list[bool], stands: tuple[str, int] | None
) -> None:
    steps, votes = counted(imola, presses, handled=set())
    assert [step.changed for step in steps] == changed
    expected = None if stands is None else stance(imola, *stands)
    assert steps[-1].stance == expected
    kept = votes.get((imola.id, AL))
    assert (kept and (kept.choice_id, kept.chat_id)) == expected


@pytest.mark.parametrize("key", [BOTTAS, RUSSELL, WITHDRAW])
def test_what_was_handled_before_is_answered_from_what_stands(imola: Poll, key: str) -> None:
    stands = stance(imola, RUSSELL, HERE)
    assert counted(imola, [(key, ELSEWHERE, "1")], {"1"}, stands) == ([Step(stands, changed=False)], {})
    assert counted(imola, [(key, ELSEWHERE, "1")], {"1"}) == ([Step(None, changed=False)], {})


def test_a_vote_keeps_the_moment_at_which_it_was_first_cast(imola: Poll) -> None:
    _steps, votes = counted(imola, [(RUSSELL, HERE, "1"), (RUSSELL, HERE, "2")], handled=set())
    assert votes == {(imola.id, AL): Vote(imola.id, AL, *stance(imola, RUSSELL, HERE), cast_at=0, after_ruling=0)}
