"""Votes in hundredths that add up: 27 %, 15 % and 58 %, and never 101 % of them."""

from collections.abc import Sequence

WHOLE = 100


def hundredths(votes: Sequence[int], of: int, whole: int = WHOLE) -> tuple[int, ...]:
    """`whole` hundredths dealt out among a few of so many votes, each its own rounded down or up, by largest remainder.

    Of equal remainders the one with more votes comes first, then the one that stands first. None of no votes.
    """
    if not of:
        return (0,) * len(votes)
    dealt = [WHOLE * each // of for each in votes]
    by_remainder = sorted(range(len(votes)), key=lambda place: (-(WHOLE * votes[place] % of), -votes[place], place))
    for place in by_remainder[: max(0, whole - sum(dealt))]:
        dealt[place] += 1
    return tuple(dealt)
