import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chat_settings import LONGEST_DELAY, ChatSettings, Spoilers
from bot.domain.live_telling import (
    IN_ITS_HOUR,
    MOST_BY_THEMSELVES,
    LiveIncident,
    Stage,
    digest_due,
    is_veiled,
    poll_due,
    ruling_due,
    shared_out,
)

START = dt.datetime(2026, 9, 6, 13, tzinfo=dt.UTC)
FLAG = START + dt.timedelta(hours=2)
NIGHT = ChatSettings("Australia/Melbourne", quiet_from=22 * 60, quiet_until=8 * 60)
"""A chat that is asleep when they race at Monza, 23:00 to 01:00 by its clock."""

SECONDS = [20 * minute for minute in range(360)]


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def noted(number: int, seconds_in: int = 0) -> LiveIncident:
    """An incident that race control noted so long after the start."""
    return LiveIncident(f"i{number}", ("Verstappen", "Norris"), "turn 4", Stage.NOTED_ONLY, START + seconds(seconds_in))


def ids(incidents: tuple[LiveIncident, ...]) -> list[str]:
    return [incident.id for incident in incidents]


EIGHT = [noted(number, 600 * number) for number in range(8)]


class TestWhenAPollMayBeTold:
    def test_at_once(self) -> None:
        assert poll_due(ChatSettings(), START) == START

    def test_as_much_later_as_the_chat_sees_the_race(self) -> None:
        assert poll_due(ChatSettings(delay_seconds=40), START) == START + seconds(40)

    def test_at_once_where_results_are_veiled_and_then_it_is_veiled_too(self) -> None:
        veiled = ChatSettings(spoilers=Spoilers.VEILED)
        assert poll_due(veiled, START) == START
        assert is_veiled(veiled)
        assert not is_veiled(ChatSettings())

    def test_never_by_itself_where_results_are_held(self) -> None:
        assert poll_due(ChatSettings(spoilers=Spoilers.HELD, hold_minutes=1), START) is None

    def test_never_by_itself_in_a_night_that_goes_on(self) -> None:
        assert poll_due(NIGHT, START) is None

    def test_after_quiet_hours_that_end_while_it_is_argued_about(self) -> None:
        siesta = ChatSettings(quiet_from=13 * 60, quiet_until=13 * 60 + 30)
        assert poll_due(siesta, START) == START + seconds(1800)
        assert poll_due(siesta, START + seconds(600)) == START + seconds(1800)
        longer = ChatSettings(quiet_from=13 * 60, quiet_until=13 * 60 + 31)
        assert poll_due(longer, START) is None
        assert poll_due(longer, START + seconds(60)) == START + seconds(1860)

    def test_a_delay_into_quiet_hours_counts_as_quiet(self) -> None:
        bedtime = ChatSettings(quiet_from=14 * 60, quiet_until=23 * 60, delay_seconds=60)
        assert poll_due(bedtime, START + seconds(3539)) == START + seconds(3599)
        assert poll_due(bedtime, START + seconds(3540)) is None

    @given(st.sampled_from(SECONDS), st.integers(0, LONGEST_DELAY), st.none() | st.tuples(*[st.integers(0, 1439)] * 2))
    def test_in_its_hour_or_not_at_all_and_never_before_the_pictures(
        self, after: int, delay: int, quiet: tuple[int, int] | None
    ) -> None:
        start, end = quiet or (None, None)
        settings = ChatSettings("Europe/Rome", quiet_from=start, quiet_until=end, delay_seconds=delay)
        seen = START + seconds(after + delay)
        due = poll_due(settings, START + seconds(after))
        assert due is None or seen <= due <= seen + IN_ITS_HOUR
        assert due is None or settings.may_be_told_at(due) == due


class TestWhatElseIsTold:
    def test_a_ruling_waits_for_the_morning(self) -> None:
        morning = dt.datetime(2026, 9, 6, 22, tzinfo=dt.UTC)
        assert ruling_due(NIGHT, START, FLAG) == morning
        assert digest_due(NIGHT, FLAG) == morning

    def test_what_is_held_waits_until_the_result_may_be_told(self) -> None:
        held = ChatSettings(spoilers=Spoilers.HELD, hold_minutes=120, delay_seconds=60)
        assert ruling_due(held, START, FLAG) == FLAG + seconds(7200)
        assert digest_due(held, FLAG) == FLAG + seconds(7200)
        late = FLAG + seconds(3 * 3600)
        assert ruling_due(held, late, FLAG) == late + seconds(60)

    def test_a_delay_counts_for_all_of_it(self) -> None:
        later = ChatSettings(delay_seconds=90)
        assert ruling_due(later, START, FLAG) == START + seconds(90)
        assert digest_due(later, FLAG) == FLAG + seconds(90)


class TestQuietByDefault:
    def test_five_are_told_by_themselves_and_the_others_in_the_digest(self) -> None:
        shared = shared_out(EIGHT, ChatSettings())
        assert ids(shared.by_themselves) == ["i0", "i1", "i2", "i3", "i4"]
        assert ids(shared.in_digest) == ["i5", "i6", "i7"]

    def test_who_subscribes_in_the_race_is_told_five_as_well(self) -> None:
        assert ids(shared_out(EIGHT[3:], ChatSettings()).by_themselves) == ["i3", "i4", "i5", "i6", "i7"]

    def test_what_cannot_be_told_in_its_hour_takes_no_room(self) -> None:
        siesta = ChatSettings(quiet_from=13 * 60, quiet_until=14 * 60)
        shared = shared_out(EIGHT, siesta)
        assert ids(shared.in_digest) == ["i0", "i1", "i2"]
        assert ids(shared.by_themselves) == ["i3", "i4", "i5", "i6", "i7"]

    def test_where_results_are_held_all_is_in_the_digest(self) -> None:
        held = ChatSettings(spoilers=Spoilers.HELD, hold_until=540)
        assert shared_out(EIGHT, held).by_themselves == ()
        assert len(shared_out(EIGHT, held).in_digest) == 8

    def test_a_session_without_incidents_has_nothing_to_tell(self) -> None:
        assert shared_out((), ChatSettings()) == shared_out([], ChatSettings())

    @given(st.lists(st.integers(0, 30), unique=True).map(sorted))
    def test_as_they_come_one_by_one_the_same_are_told(self, numbers: list[int]) -> None:
        told: set[str] = set()
        incidents = [noted(number, 60 * number) for number in numbers]
        for known in range(len(incidents) + 1):
            shared = shared_out(incidents[:known], ChatSettings())
            assert told <= {*ids(shared.by_themselves)}
            told |= {*ids(shared.by_themselves)}
            assert told | {*ids(shared.in_digest)} == {each.id for each in incidents[:known]}
        assert len(told) == min(len(incidents), MOST_BY_THEMSELVES)


@pytest.mark.parametrize("stage", Stage)
def test_however_far_it_has_come_it_is_told(stage: Stage) -> None:
    incident = LiveIncident("monza-2026-ver-nor-t4", ("Verstappen", "Norris"), "turn 4", stage, START)
    assert shared_out([incident], ChatSettings()).by_themselves == (incident,)
