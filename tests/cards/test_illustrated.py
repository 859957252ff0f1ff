"""A recap's picture, its description and its caption never say different things."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.cards import recap
from bot.cards.illustrated import argued, illustrated_recap
from bot.cards.recap_at_a_glance import at_a_glance
from bot.chat.instants import as_written
from bot.domain.classifications import names, starters
from bot.domain.polls import Poll, Tally
from bot.domain.race_story import RaceStory, StandingsMove
from bot.domain.season import Classification, Entrant, FastestLap, Finish
from bot.domain.sessions import SessionKind
from bot.pictures.painter import Painter
from bot.pictures.recap import Fact, _facts, recap_picture
from tests.cards.test_finding import incident
from tests.support.season import DRIVERS, DRIVERS_BEFORE, IMOLA, RESULT

FIELD = [Entrant(f"driver-{number}", "Ann", f"Driver{number:02}", "team", f"Team{number:02}") for number in range(1, 9)]
FINISHES = st.lists(
    st.builds(
        Finish,
        position=st.integers(1, 8),
        place=st.sampled_from([*"12345678", *"RDEWFN"]),
        entrant=st.sampled_from(FIELD),
        points=st.just(0.0),
        status=st.sampled_from(["Finished", "Collision", "Engine", "Disqualified", "Did not start", "+1 Lap", ""]),
        grid=st.none() | st.integers(0, 8),
        laps=st.none() | st.integers(60, 63),
        time=st.none() | st.sampled_from(["2:02:34.598", "+22.000", "+1:07.151"]),
        fastest_lap=st.none() | st.builds(FastestLap, st.integers(1, 3), st.integers(1, 63), st.just("1:16.702")),
    ),
    max_size=10,
)


def people(text: str, classification: Classification) -> set[str]:
    """Who is named in a text."""
    return {name for name in names(classification).values() if name in text}


def told(classification: Classification) -> tuple[dict[str, str], dict[str, Fact], str]:
    """A caption's facts, a picture's, and its description."""
    card = recap.recap_card(RaceStory(classification))
    picture = {fact.label: fact for fact in _facts(classification)}
    return (
        {as_written(field.name): as_written(field.value) for field in card.fields},
        picture,
        recap_picture(classification).alt,
    )


@given(FINISHES)
def test_they_name_the_same_people_and_the_same_numbers(finishes: list[Finish]) -> None:
    classification = Classification(IMOLA, SessionKind.RACE, tuple(finishes))
    caption, picture, alt = told(classification)

    out = people(caption.get("Out", ""), classification)
    assert picture["Out"].value == f"{len(out)} of {starters(classification)}"
    for label, name in (("Most places gained", "Most places won"), ("Most places lost", "Most places lost")):
        movers = people(caption.get(name, ""), classification)
        shown = people(picture[label].value, classification)
        assert shown <= movers
        assert bool(shown) is bool(movers)
        if len(movers) > 1:
            assert f", {picture[label].detail.split()[0]} each" in caption[name]
    assert people(picture["Out"].detail, classification) <= out
    fastest = people(caption.get("Fastest lap", ""), classification)
    assert people(picture["Fastest lap"].value, classification) == fastest
    for fact in picture.values():
        assert str(fact) in alt
    order = alt.partition(". Most places gained")[0]
    podium = people(caption.get("Podium", ""), classification)
    assert people(order, classification) == podium or "others" in order


def test_the_disqualified_and_those_who_were_too_slow_are_out_in_all_of_them() -> None:
    *first, vettel, bottas, russell = RESULT.finishes
    disqualified = replace(vettel, place="D", status="Disqualified", laps=63)
    slow = replace(bottas, place="N", status="")
    caption, picture, alt = told(replace(RESULT, finishes=(*first, disqualified, slow, russell)))
    assert caption["Out"] == "Vettel (disqualified); Bottas (not classified); Russell (collision)"
    assert picture["Out"] == Fact("Out", "3 of 7", "Vettel, Bottas and Russell")
    assert "Out: 3 of 7 (Vettel, Bottas and Russell)." in alt


async def test_a_story_is_shown_with_its_picture_below_which_it_fits() -> None:
    story = RaceStory(RESULT, StandingsMove(DRIVERS, DRIVERS_BEFORE))
    painter = Painter()
    reply = await illustrated_recap(painter, story, veiled=True)
    picture = recap_picture(RESULT, StandingsMove(DRIVERS, DRIVERS_BEFORE))
    painter.close()
    assert reply.attachment
    assert (reply.attachment.content, reply.attachment.alt) == (picture.png, picture.alt)
    card = at_a_glance(recap.recap_card(story, veiled=True), needed=1)
    assert (reply.card, reply.buttons) == (card, recap.recap_buttons(story))
    assert reply.veiled


def test_what_is_argued_about_is_told_without_numbers_and_by_the_ruling_while_few_have_voted() -> None:
    imola = incident("imola-2021")
    poll = Poll.of(imola)
    few, many = (Tally(poll.choices, (0, 0, votes, 2 * votes, 0), (0,) * 5) for votes in (1, 400))
    ruling = "The stewards: racing incident considering the conditions, no further action"
    assert argued(RaceStory(RESULT)) == ""
    for tally in (None, few):
        assert argued(RaceStory(RESULT, incidents=((imola, tally),))) == f"{imola.title} · {ruling}"
    said = f"{imola.title} · Most fans blame Russell; the stewards blamed nobody for it"
    assert argued(RaceStory(RESULT, incidents=((imola, many),))) == said
    assert recap_picture(RESULT, argued=said).alt.endswith(f"{said}.")


async def test_where_polls_are_blind_the_picture_tells_the_ruling_alone() -> None:
    imola = incident("imola-2021")
    poll = Poll.of(imola)
    story = RaceStory(RESULT, incidents=((imola, Tally(poll.choices, (0, 0, 0, 40, 0), (0,) * 5)),))
    painter = Painter()
    reply = await illustrated_recap(painter, story, blind=True)
    painter.close()
    assert reply.attachment
    assert "fans" not in reply.attachment.alt
