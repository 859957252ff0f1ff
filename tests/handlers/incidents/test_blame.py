from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.chat.commands import STALE
from bot.chat.dispatcher import BROKEN
from bot.chat.instants import as_written
from bot.chat.plain_text import plainly
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.domain.polls import SMALL
from bot.events import PollMoved
from handlers.incidents.blame import NO_POLL, POLLS_OFF
from storage.posts import Posts
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    Ask,
    Conversation,
    Press,
    alone,
    buttons,
    fields,
    labels,
    votes,
)


def cast(reply: Reply) -> dict[str, int]:
    """The choices of the first votes on a card that anybody made, and how many did."""
    return {step.label: step.votes for votes in reply.card.votes[:1] for step in votes.steps if step.votes}


NONE = "all Bottas 0 · mostly Bottas 0 · racing incident 0 · mostly Russell 0 · all Russell 0"
"""A scale on which nobody voted."""


async def test_a_poll_between_two_is_a_scale_with_the_racing_incident_in_its_middle(ask: Ask, al: User) -> None:
    reply = await ask("/blame imola", al)
    assert reply.card.title == "Who was to blame? Bottas and Russell, Imola 2021"
    assert reply.poll == "imola-2021"
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["All Bottas", "Mostly Bottas"],
        ["Racing incident"],
        ["Mostly Russell", "All Russell"],
        ["The story", "Did they get it right?"],
        ["Take my vote back"],
    ]


async def test_a_poll_among_three_is_a_list_with_the_racing_incident_at_its_end(ask: Ask, al: User) -> None:
    reply = await ask("/blame singapore", al)
    assert labels(reply)[:4] == ["Vettel", "Verstappen", "Räikkönen", "Racing incident"]


async def test_both_cases_are_put_before_anybody_votes(ask: Ask, al: User) -> None:
    assert {"The case against Bottas", "The case against Russell"} <= fields(await ask("/blame imola", al)).keys()


async def test_the_first_vote_is_acknowledged_to_the_voter_alone(ask: Ask, press: Press, al: User) -> None:
    receipt = await press(await ask("/blame imola", al), "Mostly Russell", al)
    assert receipt.private
    assert receipt.card.title == "Mostly Russell"
    assert receipt.card.paragraphs == ("Nobody else has voted yet; the stewards blamed nobody.",)
    assert labels(receipt)[:2] == ["Did they get it right?", "Take my vote back"], "what comes next is first"
    assert receipt.optional_buttons, "a toast has none"


async def test_a_receipt_marks_the_choice_that_its_voter_has(ask: Ask, press: Press, al: User) -> None:
    poll = await ask("/blame imola", al)
    receipt = await press(poll, "Mostly Russell", al)
    assert [button.shown for button in buttons(receipt) if button.chosen] == ["✓ Mostly Russell"]
    changed = await press(receipt, "All Bottas", al)
    assert [button.shown for button in buttons(changed) if button.chosen] == ["✓ All Bottas"]
    taken_back = await press(changed, "Take my vote back", al)
    assert not any(button.chosen for reply in (poll, taken_back) for button in buttons(reply))


async def test_a_changed_mind_on_a_receipt_does_not_make_the_poll_of_it(
    bot: Conversation, press: Press, ask: Ask, al: User
) -> None:
    receipt = await press(await ask("/blame imola", al), "Mostly Russell", al)
    moved = bot.core.parts.events.subscribe(PollMoved)
    await press(receipt, "All Bottas", al)
    assert await moved.take() == [PollMoved("imola-2021")]


async def test_the_next_voter_hears_how_many_said_the_same(ask: Ask, al: User, bo: User) -> None:
    await ask("/vote monza-2021 all-verstappen", al)
    receipt = await ask("/vote monza-2021 all-hamilton", bo)
    assert as_written(receipt.card.paragraphs[0]).startswith("1 of 2 said the same; the stewards blamed Verstappen.")


async def test_a_changed_mind_is_still_one_vote(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    reply = await ask("/vote imola-2021 racing-incident", al)
    assert votes(reply) == {"Everywhere": NONE.replace("incident 0", "incident 1")}
    assert reply.card.paragraphs == ("Nobody else has voted yet; the stewards blamed nobody.",)


async def test_the_same_press_again_is_already_counted(ask: Ask, press: Press, al: User, bo: User) -> None:
    await ask("/vote imola-2021 racing-incident", bo)
    poll = await ask("/blame imola", al)
    await press(poll, "All Bottas", al)
    receipt = await press(poll, "All Bottas", al)
    assert receipt.private
    assert receipt.card.title == "All Bottas"
    assert receipt.card.paragraphs == ("Already counted. 1 of 2 said the same; the stewards blamed nobody.",)
    assert cast(await ask("/blame imola", al)) == {"all Bottas": 1, "racing incident": 1}


@pytest.mark.parametrize("below", ["the poll", "the receipt"])
async def test_a_vote_is_taken_back_by_a_button_of_its_own(ask: Ask, press: Press, al: User, below: str) -> None:
    poll = await ask("/blame imola", al)
    receipt = await press(poll, "All Bottas", al)
    taken_back = await press(poll if below == "the poll" else receipt, "Take my vote back", al)
    assert taken_back.private
    assert taken_back.card.title == "Your vote is withdrawn"
    assert cast(await ask("/blame imola", al)) == {}
    again = await press(poll, "Take my vote back", al)
    assert again.private
    assert again.card.title == "You have no vote here to take back."


async def test_a_vote_can_be_taken_back_by_typing(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-bottas", al)
    assert (await ask("/vote imola-2021 withdraw", al)).card.title == "Your vote is withdrawn"
    assert (await ask("/vote imola-2021 withdraw", al)).card.title == "You have no vote here to take back."


async def test_a_vote_can_be_taken_back_where_polls_are_off_by_now(ask: Ask, al: User, boss: User) -> None:
    await ask("/vote imola-2021 all-bottas", al)
    await ask("/polls off", boss)
    assert (await ask("/vote imola-2021 withdraw", al)).card.title == "Your vote is withdrawn"


async def test_degrees_of_blame_are_told_one_by_one_and_so_is_what_nobody_chose(
    ask: Ask, al: User, bo: User, cy: User
) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote imola-2021 mostly-russell", bo)
    await ask("/vote imola-2021 racing-incident", cy)
    assert cast(await ask("/blame imola", al)) == {"racing incident": 1, "mostly Russell": 1, "all Russell": 1}
    (here,) = (await ask("/blame imola", al)).card.votes
    assert here.ends == ("Bottas", "Russell")
    assert votes(await ask("/blame imola", al)) == {
        "Here (3)": "all Bottas 0 · mostly Bottas 0 · racing incident 1 · mostly Russell 1 · all Russell 1"
    }


async def test_a_chat_sees_its_own_votes_beside_everyones(ask: Ask, al: User, bo: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    await ask("/vote imola-2021 all-bottas", bo, PADDOCK)
    poll = await ask("/blame imola", al)
    assert votes(poll) == {
        "Here": NONE.replace("all Russell 0", "all Russell 1"),
        "Everywhere (2)": NONE.replace("all Bottas 0", "all Bottas 1").replace("all Russell 0", "all Russell 1"),
    }


async def test_one_vote_is_said_once(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    poll = await ask("/blame imola", al)
    assert poll.card.paragraphs == ()
    assert votes(poll) == {"Here": NONE.replace("all Russell 0", "all Russell 1")}
    for line in ("/crash imola", "/verdict imola"):
        said = "\n".join(plainly((await ask(line, al)).card))
        assert said.count("Russell 1") == 1, line
        assert "1 vote" not in said, line


async def test_votes_among_three_are_a_list_in_which_nobody_is_left_out(ask: Ask, al: User) -> None:
    await ask("/vote singapore-2017 vettel", al)
    (here,) = (await ask("/blame singapore", al)).card.votes
    assert (here.ends, here.in_words) == (None, "Vettel 1 · Verstappen 0 · Räikkönen 0 · racing incident 0")


async def test_a_chats_votes_are_numbers_and_many_of_everyones_are_hundredths(ask: Ask, al: User) -> None:
    for number in range(SMALL - 1):
        await ask("/vote imola-2021 all-russell", User(al.platform, f"{100 + number}"))
    private = alone(al)
    assert votes(await ask("/blame imola", al, private)) == {
        "Everywhere": NONE.replace("all Russell 0", "all Russell 9")
    }
    await ask("/vote imola-2021 mostly-bottas", al, PADDOCK)
    assert votes(await ask("/blame imola", al)) == {
        "Here": NONE.replace("all Russell 0", "all Russell 9"),
        "Everywhere (10)": (
            "all Bottas 0 % · mostly Bottas 10 % · racing incident 0 % · mostly Russell 0 % · all Russell 90 %"
        ),
    }


async def test_a_private_chat_sees_everyones_votes(ask: Ask, al: User, bo: User) -> None:
    await ask("/vote imola-2021 all-russell", bo)
    poll = await ask("/blame imola", al, alone(al))
    assert poll.card.paragraphs == ()
    assert votes(poll) == {"Everywhere": NONE.replace("all Russell 0", "all Russell 1")}


async def test_voting_again_in_another_chat_moves_the_vote(ask: Ask, al: User) -> None:
    await ask("/vote imola-2021 all-russell", al)
    receipt = await ask("/vote imola-2021 all-russell", al, GRANDSTAND)
    assert receipt.card.title == "All Russell"
    assert votes(await ask("/blame imola", al)).keys() == {"Everywhere"}
    moved = await ask("/blame imola", al, GRANDSTAND)
    assert votes(moved).keys() == {"Here"}
    assert cast(moved) == {"all Russell": 1}


async def test_one_account_on_two_platforms_is_two_people(ask: Ask, al: User) -> None:
    namesake = User(PADDOCK.platform, al.id)
    await ask("/vote imola-2021 all-russell", al)
    receipt = await ask("/vote imola-2021 all-russell", namesake, PADDOCK)
    assert cast(receipt) == {"all Russell": 2}


async def test_several_that_fit_are_offered_and_the_pressed_one_is_shown(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/blame senna", al)
    assert labels(reply) == ["1990 Prost, Senna", "1989 Prost, Senna"]
    poll = await press(reply, "1989 Prost, Senna", al)
    assert poll.poll == "suzuka-1989"
    assert poll.aside


async def test_without_an_argument_the_incidents_that_have_a_poll_are_offered(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/blame", al)
    assert "Suzuka 2022" not in labels(reply)
    assert (await press(reply, "Imola 2021", al)).poll == "imola-2021"


async def test_an_incident_without_a_poll_says_why(ask: Ask, al: User) -> None:
    reply = await ask("/blame suzuka 2022", al)
    assert reply.private
    assert reply.card.title == NO_POLL


async def test_completions_leave_out_what_has_no_poll(bot: Conversation) -> None:
    offered = [suggestion.argument for suggestion in bot.core.dispatcher.suggest("blame", "suzuka")]
    assert sorted(offered) == ["suzuka-1989", "suzuka-1990"]


async def test_in_a_chat_without_polls_nobody_votes(ask: Ask, press: Press, al: User, boss: User) -> None:
    poll = await ask("/blame imola", al)
    await ask("/polls off", boss)
    assert (await ask("/blame imola", al)).card.title == POLLS_OFF
    assert (await press(poll, "All Russell", al)).card.title == POLLS_OFF
    await ask("/polls on", boss)
    assert cast(await ask("/blame imola", al)) == {}


@pytest.mark.parametrize(
    "data",
    [
        "vote",
        "vote imola-2021",
        "vote imola-2021 all-verstappen",
        "vote imola-1994 all-russell",
        "vote suzuka-2022 gasly",
        "vote suzuka-2022 withdraw",
        "vote imola-2021 withdraw all-russell",
        "vote imola-2021 all-russell all-bottas",
        "vote imola-2021  all-russell",
        "vote IMOLA-2021 all-russell",
        "votes imola-2021 all-russell",
    ],
)
async def test_a_forged_button_is_told_so_and_counts_nothing(bot: Conversation, al: User, data: str) -> None:
    reply = await bot.send(data, al)
    assert reply.private
    assert reply.card.title == STALE
    assert (await bot.ask("/mydata", al)).attachment is None


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        ("/vote imola mostly russell", "Mostly Russell"),
        ("/vote Imola 2021 ALL Bottas", "All Bottas"),
        ("/vote russell bottas racing incident", "Racing incident"),
        ("/vote imola mostly-bottas", "Mostly Bottas"),
        ("/vote 18.04.2021 all russell", "All Russell"),
        ("/vote imola 18 April 2021 all russell", "All Russell"),
        ("/vote 18 April all russell", "All Russell"),
        ("/vote imola 18.4. mostly russell", "Mostly Russell"),
        ("/vote imola 21 all russell", "All Russell"),
        ("/vote bottas 77 russell 63 all russell", "All Russell"),
        ("/vote imola mostly russell!", "Mostly Russell"),
        ("/vote imola: “mostly Russell”.", "Mostly Russell"),
        ("/vote imola vor allem Russell", "Mostly Russell"),
        ("/vote imola incidente de carrera", "Racing incident"),
        ("/rate imola viel zu mild", "Far too lenient"),
        ("/rate imola far too lenient", "Far too lenient"),
        ("/rate russell bottas correct", "Correct"),
    ],
)
async def test_a_vote_is_typed_in_the_words_on_its_button(ask: Ask, al: User, line: str, counted: str) -> None:
    assert (await ask(line, al)).card.title == counted
    assert "Already counted." in "\n".join(plainly((await ask(line, al)).card))
    assert "withdrawn" in (await ask(f"{line.split(maxsplit=1)[0]} imola withdraw", al)).card.title


@pytest.mark.parametrize("said", ["Take my vote back", "take my vote back.", "Stimme zurücknehmen", "retirar mi voto"])
async def test_a_vote_is_taken_back_in_the_words_on_its_button(ask: Ask, al: User, said: str) -> None:
    await ask("/vote imola mostly russell", al)
    assert (await ask(f"/vote imola {said}", al)).card.title == "Your vote is withdrawn"


async def test_a_vote_is_typed_in_the_chats_language(ask: Ask, al: User, boss: User) -> None:
    await ask("/language de", boss)
    assert (await ask("/vote imola vor allem Russell", al)).card.title == "Vor allem Russell"


@pytest.mark.parametrize("line", ["/vote senna prost all senna", "/vote 9/12/2021 all verstappen"])
async def test_a_typed_vote_that_may_mean_several_incidents_is_not_counted(ask: Ask, al: User, line: str) -> None:
    reply = await ask(line, al)
    assert reply.private
    assert reply.card.title.startswith("Say it as /vote ")
    assert (await ask("/mydata", al)).attachment is None


@pytest.mark.parametrize(
    "line",
    [
        "/vote imola",
        "/vote imola russell",
        "/vote imola mostly",
        "/vote imola-2021",
        "/vote imloa all russell",
        "/vote imola not all russell",
        "/vote imola-2021 not all-russell",
        "/vote imola all russell or all bottas",
        "/vote imola don't withdraw",
        "/vote imola all russell?",
        "/vote imola nicht nur russell",
        "/vote imola 63 all russell",
        "/vote imola 20 all russell",
    ],
)
async def test_a_typed_vote_that_does_not_fit_is_told_how_it_is_typed(
    ask: Ask, press: Press, al: User, line: str
) -> None:
    reply = await ask(line, al)
    assert reply.private
    how = "Say it as /vote imola-2021 racing-incident (or withdraw), or press a button below /blame imola-2021."
    assert reply.card.title == how
    assert (await press(reply, labels(reply)[0], al)).poll == "imola-2021"


@pytest.mark.parametrize(
    "line",
    [
        "/rate imola",
        "/rate imola lenient",
        "/rate imola-2021",
        "/rate imola not correct",
        "/rate imola nowhere near far too harsh",
    ],
)
async def test_a_typed_rating_that_does_not_fit_is_told_how_it_is_typed(
    ask: Ask, press: Press, al: User, line: str
) -> None:
    reply = await ask(line, al)
    assert reply.private
    how = "Say it as /rate imola-2021 correct (or withdraw), or press a button below /verdict imola-2021."
    assert reply.card.title == how
    assert "Far too harsh" in labels(await press(reply, labels(reply)[0], al))


async def test_a_vote_on_nothing_is_shown_on_a_poll_that_there_is(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/vote", al)
    assert (await press(reply, labels(reply)[0], al)).poll is not None


ANYTHING = st.text(max_size=80)
FAITHFUL = st.sampled_from(("vote", "rate", "blame", "crash", "quote", "timeline", "verdict", "incidents", "polls"))
FORGED = ANYTHING | st.builds("{} {}".format, FAITHFUL, ANYTHING) | st.builds("vote imola-2021 {}".format, ANYTHING)


@given(data=FORGED)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_stranger_presses_nothing_breaks_and_nothing_is_counted(
    bot: Conversation, al: User, data: str
) -> None:
    reply = await bot.send(data, al)
    assert not reply.card.title.startswith(BROKEN[:20])
    assert (await bot.ask("/mydata", al)).attachment is None


@given(line=ANYTHING | st.builds("/{} {}".format, FAITHFUL, ANYTHING))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_stranger_types_nothing_breaks_and_nothing_is_counted(
    bot: Conversation, al: User, line: str
) -> None:
    reply = await bot.ask(line, al)
    assert not reply.card.title.startswith(BROKEN[:20])
    assert (await bot.ask("/mydata", al)).attachment is None


async def test_only_a_message_that_offers_the_button_follows_the_poll(bot: Conversation, al: User) -> None:
    about, shown = Post(GRANDSTAND, "5"), Post(GRANDSTAND, "6")
    vote = Request("vote", "imola-2021 all-russell", al, GRANDSTAND, pressed=about, offered=False)
    assert "All Russell" in (await bot.deliver(vote)).card.title
    await bot.deliver(replace(vote, pressed=shown, offered=True))
    stored = bot.core.stored
    poll, posts = stored.polls.get("imola-2021"), Posts(stored.database, stored.chats)
    assert poll is not None
    assert (await stored.polls.tally(poll)).votes == 1, "made up or not, it is Al's vote"
    while not (showing := await posts.showing(poll, GRANDSTAND.platform)):
        pass  # until what the board was told of both is stored
    assert [each.post for each in showing] == [shown]


@pytest.mark.parametrize("door", ["The story", "The verdict"])
async def test_a_groups_poll_stays_a_poll_whatever_door_below_it_is_pressed(
    ask: Ask, press: Press, al: User, door: str
) -> None:
    poll = await ask("/blame adelaide", al)
    opened = await press(poll, door, al)
    assert (opened.replace, opened.aside) == (False, True)
    everyone_s = await press(opened, "Who was to blame?", al)
    assert everyone_s.aside, "and so does whatever is behind that door"
    alone_with_it = await press(await ask("/blame adelaide", al, alone(al)), door, al, alone(al))
    assert (alone_with_it.replace, alone_with_it.aside) == (True, False)


@pytest.mark.parametrize(("door", "cast_by"), [("Who was to blame?", "vote"), ("The ruling", "rate")])
async def test_behind_a_groups_door_is_said_what_its_presser_has_chosen_and_to_nobody_else(
    ask: Ask, press: Press, al: User, bo: User, door: str, cast_by: str
) -> None:
    said = f"{cast_by} imola-2021 {'all-russell' if cast_by == 'vote' else 'correct'}"
    story = await ask("/crash imola", al)
    assert (await press(story, door, al)).chosen == ""
    await ask(f"/{said}", al)
    opened = await press(story, door, al)
    assert (opened.chosen, opened.seen_alone.marked, opened.marked) == (said, said, "")
    assert (await press(story, door, bo)).chosen == ""
    typed = f"/{'blame' if cast_by == 'vote' else 'verdict'} imola"
    assert (await ask(typed, al)).chosen == "", "everybody reads that"
    assert (await ask(typed, al, alone(al))).marked == said, "alone with the bot nobody else does"
    private_story = await ask("/crash imola", al, alone(al))
    assert (await press(private_story, door, al, alone(al))).marked == said
    assert (await ask(typed, bo, alone(bo))).marked == ""
    inline = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
    assert (await ask(typed, al, inline)).seen_alone.marked == "", "strangers read what a guest is told"
    below_inline = await press(story, door, al, inline)
    assert (below_inline.marked, below_inline.seen_alone.marked) == ("", said), "it opens in private"
