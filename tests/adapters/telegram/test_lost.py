"""What an operator reads of an outage of Telegram's answers: that it began, and how many people it cost theirs."""

from itertools import count

from structlog.testing import capture_logs

from bot.adapters.telegram.lost import LostAnswers
from bot.adapters.telegram.updates import read
from bot.chat.platform import ChatGoneError, NotAllowedError, UnreachableError
from bot.pacing.losses import QUIET
from tests.adapters.telegram.bot_api import BAD_GATEWAY, GROUP, BotApi, Failure, pressed, typed
from tests.adapters.telegram.desk import Desk
from tests.support.clock import FakeClock

ANOTHER = {**GROUP, "id": -1002}
NO_RIGHTS = Failure(400, "Bad Request: not enough rights to send text messages to the chat")


async def test_an_outage_is_a_line_as_it_begins_and_one_with_the_number_after_it(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", *[BAD_GATEWAY] * 3 * 5)
    api.fail("answerCallbackQuery", *[BAD_GATEWAY] * 3 * 2)
    with capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(*[typed("/crash")] * 5)
            await api.called("sendMessage", 15)
            await api.deliver(pressed("crash", query="q1"), pressed("crash", query="q2"))
            await api.called("sendMessage", 17)
            desk.clock.pass_by(QUIET + 1)
            await api.deliver(typed("/crash"))
    told = [line for line in logs if line["log_level"] != "info"]
    assert [(line["event"], line.get("answers")) for line in told] == [
        ("telegram.answer_failed", None),
        ("telegram.answers_lost", 7),
    ]
    assert told[1]["reason"] == "UnreachableError"
    assert len(desk.posted) == 3


async def test_what_one_group_does_not_allow_is_told_once_and_hides_no_outage(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", *[NO_RIGHTS] * 5, *[BAD_GATEWAY] * 3)
    with capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            for chat in [GROUP] * 4 + [ANOTHER] * 2:
                await api.deliver(typed("/crash", chat))
    told = [(line["event"], line["reason"].partition("(")[0]) for line in logs if line["log_level"] != "info"]
    assert told == [("telegram.answer_failed", "NotAllowedError")] * 2 + [
        ("telegram.answer_failed", "UnreachableError")
    ]


def test_where_every_other_answer_is_lost_that_is_one_outage() -> None:
    clock = FakeClock()
    lost = LostAnswers(clock)
    with capture_logs() as logs:
        for number in range(600):
            lost.message(read(number, "message", typed("/crash")["message"]), UnreachableError("Bad Gateway"))
            clock.pass_by(1)
            lost.look()  # as the next answer is taken
        clock.pass_by(QUIET + 1)
        lost.look()
    assert [(line["event"], line.get("answers"), line.get("seconds")) for line in logs] == [
        ("telegram.answer_failed", None, None),
        ("telegram.answers_lost", 600, 599),
    ]


def test_what_one_person_alone_was_to_see_is_no_answer_that_was_lost() -> None:
    clock, reasons = FakeClock(), count()
    lost = LostAnswers(clock)
    with capture_logs() as logs:
        for _ in range(10):
            lost.not_shown_alone(NotAllowedError(f"{next(reasons)}"))
            lost.not_changed_alone(ChatGoneError(f"{next(reasons)}"))
        clock.pass_by(QUIET + 1)
        lost.look()
    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("telegram.ephemeral_refused", "info"),
        ("telegram.ephemeral_not_changed", "info"),
    ]
