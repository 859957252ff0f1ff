import sys

import pytest

from bot.pacing.giving_way import A_TURN, giving_way


def test_turns_are_short_while_there_is_much_to_do() -> None:
    before = sys.getswitchinterval()
    with giving_way():
        assert sys.getswitchinterval() == pytest.approx(A_TURN)
    assert sys.getswitchinterval() == before


def test_turns_are_as_they_were_after_a_failure() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ValueError, match="half"), giving_way():
        raise ValueError("half a release")
    assert sys.getswitchinterval() == before
