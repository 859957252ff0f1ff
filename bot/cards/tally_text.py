"""Votes as they are drawn and in a line: every choice on its scale, or in its list, also where nobody made it.

Few votes are told by their number, and so are a chat's own; many of everyone's in hundredths.
"""

from collections.abc import Iterable, Mapping

from bot.cards.incident_text import names_hidden, names_in_sight, names_within
from bot.chat.votes import Step, Votes
from bot.domain.incidents import RACING_INCIDENT, Incident
from bot.domain.polls import SMALL, Choice, Tally
from bot.i18n import _, counted, formats, marked
from bot.i18n.formats import written

HERE, EVERYWHERE, FANS = marked("Here"), marked("Everywhere"), marked("Fans")
"""Whose votes they are."""

RATINGS = {
    "far-too-lenient": marked("far too lenient"),
    "slightly-too-lenient": marked("slightly too lenient"),
    "correct": marked("correct"),
    "slightly-too-harsh": marked("slightly too harsh"),
    "far-too-harsh": marked("far too harsh"),
}
"""The scale of ratings in words, by the choices' keys."""


def blame_votes(incident: Incident, tally: Tally, name: str, *, exact: bool = False, veiled: bool = False) -> Votes:
    """Whom votes blame: on a scale between two suspects, in a list of more; by their number where that is `exact`.

    `veiled`, in a running session, the suspects are called as they are on buttons that are in sight, by numbers.
    """
    on_buttons = names_in_sight(incident, veiled=veiled)
    names = [*on_buttons.values()]
    ends = (names[0], names[1]) if len(names) == 2 else None  # noqa: PLR2004 - a scale has two ends
    called = names_within(incident) if ends and not names_hidden(incident, veiled=veiled) else on_buttons
    labels = [_blame(choice, called) for choice in tally.choices]
    return _votes(tally, name, labels, ends, exact=exact)


def rating_votes(tally: Tally, name: str, *, exact: bool = False) -> Votes:
    """What votes make of a ruling, from far too lenient to far too harsh; by their number where that is `exact`."""
    labels = [_(RATINGS[choice.key]) for choice in tally.choices]
    return _votes(tally, name, labels, (_("too lenient"), _("too harsh")), exact=exact)


def side_by_side(here: Tally | None, everyone: Tally) -> list[tuple[str, Tally, bool]]:
    """A chat's votes and everyone's, each with its name and whether it is told exactly; none is said twice.

    Where there is no chat, or all votes are its own, there are only those.
    """
    both = [] if here is None or not here.votes else [(_(HERE), here, True)]
    if everyone.votes > (0 if here is None else here.votes):
        both.append((_(EVERYWHERE), everyone, False))
    return both


def in_hundredths(votes: int, number: int) -> str:
    """So many votes, which are so many hundredths of all; what is more than nothing is never called nothing."""
    return _("under 1 %") if votes and not number else formats.percent(number)


def together(tally: Tally, sides: Iterable[str]) -> str:
    """The part that a few sides have of all votes: the sum of what each of them has."""
    votes, parts = tally.by_side(), tally.hundredths_by_side()
    on = [*sides]
    return in_hundredths(sum(votes[side] for side in on), sum(parts[side] for side in on))


def shares(incident: Incident, tally: Tally, *, veiled: bool = False) -> str:
    """A tally in a line, most votes first: `Russell 58 % · racing incident 27 % · Bottas 15 %`; few in numbers.

    `veiled`, in a running session, it has numbers for the names: `1: 58 % · racing incident 27 % · 2: 15 %`.
    """
    if not names_hidden(incident, veiled=veiled):
        return _shares(incident, tally, at_least=1)
    return _shares(incident, tally, 1, {each: f"{it}:" for each, it in names_in_sight(incident, veiled=True).items()})


def sums(incident: Incident, tally: Tally) -> str:
    """The same with the sides that nobody is on: `Norris 1 · Piastri 0 · racing incident 0`."""
    return _shares(incident, tally, at_least=0)


def leading(incident: Incident, tally: Tally) -> str:
    """What most voted for, with the number of all votes: `Russell 58 % (1,204 votes)`; in a tie, each of them."""
    return _of_all(_shares(incident, tally, at_least=max(tally.by_side().values())), tally)


def fans(incident: Incident, tally: Tally) -> str:
    """A tally in a line with the number of its votes: `Russell 58 % · racing incident 42 % (1,204 votes)`."""
    return _of_all(shares(incident, tally), tally)


def turnout(tally: Tally) -> str:
    """How many voted, where how they did is hidden: `12 have voted`."""
    return counted("{number} has voted", "{number} have voted", tally.votes)


def _votes(tally: Tally, name: str, labels: list[str], ends: tuple[str, str] | None, *, exact: bool) -> Votes:
    counts = [tally.count(choice) for choice in tally.choices]
    in_numbers = exact or tally.votes < SMALL
    parts = [written(votes) for votes in counts]
    if not in_numbers:
        parts = [in_hundredths(tally.count(choice), tally.hundredths(choice)) for choice in tally.choices]
    steps = tuple(Step(*each) for each in zip(labels, counts, parts, strict=True))
    # Where all are on one choice, and it says their number, nothing else has to.
    said = in_numbers and max(counts) == tally.votes
    return Votes(name if said else _("{name} ({number})").format(name=name, number=written(tally.votes)), steps, ends)


def _blame(choice: Choice, called: Mapping[str, str]) -> str:
    """A choice within a line, of suspects who are `called` so: `mostly Russell`, `Russell`, `racing incident`."""
    if choice.side == RACING_INCIDENT:
        return _("racing incident")
    name = called[choice.side]
    if choice.key == choice.side:
        return name
    return (_("all {name}") if choice.key.startswith("all-") else _("mostly {name}")).format(name=name)


def _shares(incident: Incident, tally: Tally, at_least: int, called: Mapping[str, str] | None = None) -> str:
    """The sides with so many votes or more, most votes first, each with its share of all, or its votes while few."""
    ranking = sorted(tally.by_side().items(), key=lambda item: -item[1])
    names = {**(called or names_within(incident)), RACING_INCIDENT: _("racing incident")}
    few, parts = tally.votes < SMALL, tally.hundredths_by_side()
    return " · ".join(
        f"{names[side]} {written(votes) if few else in_hundredths(votes, parts[side])}"
        for side, votes in ranking
        if votes >= at_least
    )


def _of_all(said: str, tally: Tally) -> str:
    """Shares with how many votes there are; without, where a single side has said that with its own."""
    if tally.votes < SMALL and max(tally.by_side().values()) == tally.votes:
        return said
    return counted("{shares} ({number} vote)", "{shares} ({number} votes)", tally.votes, shares=said)
