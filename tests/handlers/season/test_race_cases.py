"""What a recap tells of the cases that race control noted, asked for and pushed."""

from dataclasses import replace

import pytest

from bot.cards.race_cases import CASES, PENALTIES
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.cases import Case
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.noted_rulings import ruling_of_document
from bot.domain.places import Platform, User
from bot.domain.topics import RECAPS
from tests.support.cases import ALB, ANT, IMOLA_RACE, MONZA, NOR, PIA, VER, at, cleared, draft, noted, penalised
from tests.support.conversation import GRANDSTAND, PIT_WALL, fields, labels
from tests.support.season import IMOLA, Fans

VOTERS = [User(Platform.TELEGRAM, str(number)) for number in range(20, 32)]
FEW = [User(Platform.TELEGRAM, str(number)) for number in range(40, 49)]


async def note(fans: Fans, *cases: Case) -> list[str]:
    """Let race control note cases in Imola's race; the incidents' ids, in the cases' order."""
    changes = await fans.recorder.record(IMOLA_RACE, cases, max(case.stages[-1].index for case in cases))
    return [change.record.id for change in changes]


async def pushed(fans: Fans, settings: ChatSettings, *ruled: str) -> Reply:
    """What a chat is told of Imola by itself, or what its recap becomes where something was ruled since."""
    subject = {"race": IMOLA.key, "session": "race", "changes": [], "ruled": ruled}
    kind = Kind.CORRECTION if ruled else Kind.RECAP
    made = await fans.announcements.announce(
        Announcement(f"{kind} {settings}", RECAPS.key, kind, subject, fans.now, follows=None)
    )
    assert made
    bulletin = await fans.bulletins.write(made.id, settings)
    assert bulletin
    return bulletin.corrected or bulletin.reply


async def test_a_recap_names_the_cases_of_its_race(fans_at_imola: Fans) -> None:
    fans = fans_at_imola
    first, second = await note(
        fans, penalised(noted(), VER, 14), cleared(noted(PIA, ANT, opened=20, place="TURN 1"), 25)
    )
    for voter in VOTERS:
        await fans.vote(second, "mostly-piastri", voter)
    await fans.vote(first, "all-verstappen")
    reply = await fans.ask("/recap imola")
    in_sight, folded = fields(reply)[CASES].splitlines(), reply.card.folded[0].splitlines()
    assert [*in_sight, *folded[: 3 - len(in_sight)]] == [
        "Piastri and Antonelli, noted on lap 12, turn 1: no further investigation; fans: Piastri 100 % (12 votes)",
        "Verstappen and Norris, noted on lap 12, turn 4: 10-second time penalty for Verstappen; 1 vote",
        "Bottas and Russell, lap 31 of 63, the first chicane: no further action; no votes yet",
    ]
    assert fields(reply)[PENALTIES] == "Verstappen 10 s"
    said = "3 cases. The largest group of fans agreed with 0 of 1 ruling."
    assert reply.card.paragraphs[-1] == f"{said} In this chat it was 0 of 1."
    assert labels(reply)[:3] == ["Piastri and Antonelli, turn 1", "Verstappen and Norris, turn 4", "Imola 2021"]
    assert (await fans.press(reply, "Verstappen and Norris, turn 4")).card.title.startswith("Verstappen and Norris")
    told = await pushed(fans, ChatSettings())
    assert (told.buttons, told.card.paragraphs[-1]) == (reply.buttons, said)
    # The verdict of the chat itself takes some room.
    assert all_lines(told) >= all_lines(reply) - {reply.card.paragraphs[-1]}


def all_lines(reply: Reply) -> set[str]:
    """What a card says, seen at first or folded, line by line."""
    told = (f"{as_written(fact.name)}: {as_written(fact.value)}" for fact in reply.card.fields)
    return set("\n".join((*map(as_written, reply.card.paragraphs), *told, *reply.card.folded)).splitlines())


async def test_a_group_is_told_how_its_own_votes_are_to_the_rulings(fans_at_imola: Fans) -> None:
    fans, said = fans_at_imola, "The largest group of fans agreed with 1 of 1 ruling."
    (incident,) = await note(fans, penalised(noted(), VER, 14))
    for voter in VOTERS:
        await fans.vote(incident, "all-verstappen", voter, GRANDSTAND)
    for voter in FEW:
        await fans.vote(incident, "all-norris", voter, PIT_WALL)
    assert (
        f"2 cases. {said} In this chat it was 1 of 1." in (await fans.ask("/recap imola", GRANDSTAND)).card.paragraphs
    )
    assert f"2 cases. {said}" in (await fans.ask("/recap imola", PIT_WALL)).card.paragraphs, "nine are too few"
    assert f"2 cases. {said}" in (await pushed(fans, ChatSettings())).card.paragraphs
    await fans.settings.change(GRANDSTAND, blind=True)
    assert "agreed" not in str((await fans.ask("/recap imola", GRANDSTAND)).card)


async def test_of_another_session_and_another_race_nothing_is_told(fans_at_imola: Fans) -> None:
    before = await fans_at_imola.ask("/recap imola")
    await fans_at_imola.recorder.record(MONZA, [noted()], 10)
    qualifying = replace(IMOLA_RACE, key="9995", name="Qualifying")
    await fans_at_imola.recorder.record(qualifying, [noted(ALB, NOR)], 10)
    assert await fans_at_imola.ask("/recap imola") == before


async def test_all_cases_of_a_race_of_many_are_one_press_away(fans_at_imola: Fans) -> None:
    cases = [cleared(noted(opened=number, place=f"TURN {number}"), number + 1) for number in range(10, 24, 2)]
    await note(fans_at_imola, *cases)
    reply = await fans_at_imola.ask("/recap imola")
    assert " more: /incidents imola 2021" in reply.card.folded[0]
    every = await fans_at_imola.press(reply, "All of this race")
    assert every.card == (await fans_at_imola.ask("/incidents imola 2021")).card
    assert every.card.title == "8 incidents", "with the one that is told"


async def test_where_polls_are_blind_a_recap_says_nothing_of_how_they_stand(fans_at_imola: Fans) -> None:
    fans = fans_at_imola
    (incident,) = await note(fans, cleared(noted(), 14))
    for voter in VOTERS:
        await fans.vote(incident, "all-norris", voter)
    assert "fans:" in str((await fans.ask("/recap imola")).card)
    await fans.settings.change(PIT_WALL, blind=True)
    for reply in (await fans.ask("/recap imola"), await pushed(fans, ChatSettings(blind=True))):
        assert fields(reply)[CASES].startswith(
            "Verstappen and Norris, noted on lap 12, turn 4: no further investigation\n"
        )
        assert not any(word in str(reply.card) for word in ("fans:", "agreed", "12 votes"))


async def test_a_veiled_recap_names_nobody_on_its_buttons(fans_at_imola: Fans) -> None:
    await note(fans_at_imola, cleared(noted(), 14))
    reply = await pushed(fans_at_imola, ChatSettings(spoilers=Spoilers.VEILED))
    assert reply.veiled
    assert labels(reply) == ["1", "2", "Result", "Standings"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            "Verstappen und Norris, notiert in Runde 12, Kurve 4: 10 Sekunden Zeitstrafe für Verstappen; noch keine",
        ),
        ("es", "Verstappen y Norris, "),
    ],
)
async def test_cases_are_told_in_the_chats_language(fans_at_imola: Fans, language: str, said: str) -> None:
    await note(fans_at_imola, penalised(noted(), VER, 14))
    assert said in str((await pushed(fans_at_imola, ChatSettings(language=language))).card)


async def test_what_is_ruled_later_is_named_and_the_recap_becomes_what_is_known(fans_at_imola: Fans) -> None:
    fans = fans_at_imola
    (incident,) = await note(fans, noted())
    record = await fans.recorder.record(IMOLA_RACE, [noted()], 10)
    assert record == []
    known = await fans.ask("/recap imola")
    assert "turn 4: no ruling known; no votes yet" in fields(known)[CASES]
    document = ruling_of_document(
        draft(noted(), IMOLA_RACE), at(300), decision="five seconds for Norris", link="https://example.org/42"
    )
    await fans.recorder.rule(incident, document)
    subject = {"race": IMOLA.key, "session": "race", "changes": [], "ruled": [incident]}
    made = await fans.announcements.announce(Announcement("c", RECAPS.key, Kind.CORRECTION, subject, fans.now))
    assert made
    bulletin = await fans.bulletins.write(made.id, ChatSettings())
    assert bulletin
    assert bulletin.reply.card.title == "Corrected: Emilia Romagna Grand Prix 2021"
    assert bulletin.reply.card.paragraphs == ()
    assert fields(bulletin.reply) == {
        CASES: "Verstappen and Norris, noted on lap 12, turn 4: five seconds for Norris",
    }
    assert bulletin.corrected == await fans.ask("/recap imola")
    assert bulletin.corrected != known
