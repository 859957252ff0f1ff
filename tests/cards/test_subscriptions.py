from bot.cards.subscriptions import (
    ROLES_GONE,
    SETTINGS_GONE,
    all_turned_off,
    refused,
    topics_view,
    turned_off,
    turned_on,
)
from bot.chat.buttons import Button
from bot.chat.requests import Request
from bot.domain.places import Chat, Post, User
from bot.domain.topics import CALENDAR, RECAPS, TOPICS, Ended
from tests.support.conversation import PADDOCK, PIT_WALL, buttons, fields


def asked(chat: Chat, *, pressed: bool = False) -> Request:
    """A request where the bot may not embed links."""
    post = Post(chat, "1") if pressed else None
    return Request("subscribe", "recaps", User(chat.platform, "1"), chat, pressed=post, lacking=("Embed Links",))


def test_each_topic_is_on_or_off_and_its_button_leads_to_the_other() -> None:
    reply = topics_view({"recaps": None})
    *topics, _reminders = fields(reply).values()
    assert [value[:4] for value in topics] == ["On. ", *["Off."] * (len(TOPICS) - 1)]
    assert buttons(reply)[0] == Button("Turn off race recaps", "unsubscribe", "recaps", turns=True)
    assert buttons(reply)[-3] == Button("Turn on crashes on this day", "subscribe", "anniversaries", turns=True)
    assert reply.card.paragraphs == ()


def test_rights_that_are_missing_are_said_above() -> None:
    (said,) = topics_view({}, lacking=("Embed Links", "Attach Files")).card.paragraphs
    assert said == "I may not post here yet. Missing: Embed Links and Attach Files."


def test_what_was_switched_is_said_above() -> None:
    both = {"recaps": None, "calendar": None}
    assert turned_on(both, [RECAPS, CALENDAR]).card.paragraphs == ("Turned on: race recaps and calendar changes.",)
    gone = turned_off({}, [RECAPS], Ended({"recaps": "42"}, settings_gone=True))
    assert gone.card.paragraphs == (f"Turned off: race recaps. {ROLES_GONE} {SETTINGS_GONE}",)
    assert turned_off({}, [RECAPS], Ended({})).card.paragraphs == ("Turned off: race recaps.",)


def test_nothing_is_said_of_what_was_switched_back_meanwhile() -> None:
    on = {"recaps": None}
    assert turned_on(on, [RECAPS, CALENDAR]).card.paragraphs == ("Turned on: race recaps.",)
    assert turned_on(on, [CALENDAR]) == topics_view(on)
    assert turned_off(on, [RECAPS, CALENDAR], Ended({})).card.paragraphs == ("Turned off: calendar changes.",)
    assert turned_off(on, [RECAPS], Ended({})) == topics_view(on)


def test_what_was_turned_off_at_once_is_turned_on_again_by_a_button() -> None:
    reply = all_turned_off(Ended({"recaps": "42", "day-before": None, "hour-before": None}))
    assert buttons(reply)[0] == Button("Undo", "subscribe", "recaps reminders", turns=True)
    assert reply.card.paragraphs == (ROLES_GONE,)


def test_who_is_refused_may_try_again_where_the_answer_stays_in_the_chat() -> None:
    again = Button("Try again", "subscribe", "recaps")
    here = refused(asked(PADDOCK, pressed=True), again)
    assert here.card.paragraphs == ("Missing: Embed Links. Give me that and press again.",)
    assert buttons(here) == [again]
    elsewhere = refused(asked(PIT_WALL), again)
    assert elsewhere.card.paragraphs == ("Missing: Embed Links. Give me that and ask again.",)
    assert buttons(elsewhere) == []
    assert here.private
    assert elsewhere.private
