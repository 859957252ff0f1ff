"""A poll and its ruling as a picture shows them."""

from bot.cards import incident_text, ruling_text
from bot.cards.finding import finding
from bot.cards.tally_text import in_hundredths, together
from bot.domain.incidents import RACING_INCIDENT, Incident
from bot.domain.opinions import agreeing_sides
from bot.domain.polls import SMALL, Poll, Tally
from bot.i18n import _, counted
from bot.i18n.formats import day, written
from bot.pictures.verdict_lines import Answer, Side, VerdictLines
from bot.pictures.words import percent as short_percent


def charted(incident: Incident, poll: Poll, tally: Tally) -> VerdictLines:
    """What the picture of a poll's verdict shows."""
    ruling = incident.ruling
    return VerdictLines(
        finding(incident, tally),
        f"{incident_text.title(incident)} · {day(incident.date)}",
        counted("{number} vote", "{number} votes", tally.votes),
        tuple(_sides(incident, tally)),
        _scale(incident, poll, tally),
        ruling_text.judges(ruling.by) if ruling else "",
        ruling_text.decision(incident, ruling) if ruling else "",
        _agreed(incident, tally),
        _("Vote with /blame {incident}").format(incident=incident.id) if incident.poll else "",
    )


def _sides(incident: Incident, tally: Tally) -> list[Side]:
    """Each side, whether it has votes or not, in the poll's order."""
    at_fault = incident.ruling.at_fault if incident.ruling else ()
    before, after = tally.before, tally.after
    has_moved, parts = min(before.votes, after.votes) >= SMALL, tally.hundredths_by_side()
    return [
        Side(
            incident_text.side_name(incident, side),
            votes,
            votes / tally.votes if tally.votes else 0,
            _written(votes, parts[side], tally),
            side in at_fault,
            side == RACING_INCIDENT,
            before.by_side()[side] / before.votes if has_moved else None,
            after.by_side()[side] / after.votes if has_moved else None,
            None if tally.votes < SMALL else parts[side],
            " → ".join(_part(side, part) for part in (before, after)) if has_moved else "",
        )
        for side, votes in tally.by_side().items()
    ]


def _part(side: str, tally: Tally) -> str:
    return short_percent(tally.by_side()[side], tally.hundredths_by_side()[side])


def _scale(incident: Incident, poll: Poll, tally: Tally) -> tuple[Answer, ...]:
    """The five answers between two suspects; none where there are more of them."""
    if len(incident.suspects) > 2:  # noqa: PLR2004 - a scale has two ends
        return ()
    return tuple(
        Answer(
            incident_text.choice_label(incident, choice),
            tally.count(choice),
            _written(tally.count(choice), tally.hundredths(choice), tally),
        )
        for choice in poll.choices
    )


def _written(votes: int, part: int, tally: Tally) -> str:
    """A part of the votes, in hundredths; of few, their number."""
    return written(votes) if tally.votes < SMALL else in_hundredths(votes, part)


def _agreed(incident: Incident, tally: Tally) -> str:
    """How many of the fans say what the ruling says: `58 % agree with the stewards`; of few votes, nothing."""
    ruling = incident.ruling
    sides = agreeing_sides(incident, ruling) if ruling and tally.votes >= SMALL else ()
    if not sides or ruling is None:
        return ""
    share = together(tally, sides)
    return _("{percent} agree with {judges}").format(percent=share, judges=ruling_text.judges(ruling.by))
