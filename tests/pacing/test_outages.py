from bot.pacing.outages import REMEMBERED, Outages


def test_an_outage_is_told_once_until_it_is_over() -> None:
    outages = Outages[str]()
    assert [outages.begins("spread") for _ in range(3)] == [True, False, False]
    assert outages.begins("forget"), "each by itself"
    assert outages.ends("spread")
    assert outages.begins("spread")
    assert not outages.begins("forget")


def test_what_never_failed_may_end() -> None:
    assert not Outages[str]().ends("spread")


def test_only_so_many_are_known_at_a_time() -> None:
    outages = Outages[int]()
    assert all(outages.begins(number) for number in range(REMEMBERED + 1))
    assert not outages.begins(1)
    assert outages.begins(0)
