"""What is said of a result that was corrected: what changed, driver by driver."""

from collections.abc import Iterable

from bot.cards.race_buttons import session_data
from bot.cards.race_cases import CASES, case_line
from bot.cards.recap import session_name
from bot.cards.season_text import fitting, unplaced
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text
from bot.chat.replies import Reply
from bot.domain.classifications import names
from bot.domain.corrections import Change
from bot.domain.incidents import Incident
from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.i18n import _
from bot.i18n.formats import ordinal, points, points_won

ROOM = 600


def correction_reply(
    classification: Classification,
    changes: Iterable[Change],
    footer: Text,
    *,
    ruled: Iterable[Incident] = (),
    veiled: bool = False,
) -> Reply:
    """The short message that names what changed, in the result or in what is ruled; the recap is changed as well."""
    race = classification.race
    about = session_data(race, classification.kind)
    called = names(classification)
    lines = [_line(change, called.get(change[0], change[0].replace("_", " ").title())) for change in changes]
    rulings = fitting([case_line(incident) for incident in ruled], ROOM)
    card = Card(
        _("Corrected: {race} {season}").format(race=session_name(classification), season=race.season),
        paragraphs=() if rulings and not lines else (fitting(lines, ROOM) or _("The result has changed."),),
        fields=(Field(_(CASES), rulings),) if rulings else (),
        footer=footer,
    )
    doors = [Button(_("Result"), "results", about)]
    if classification.kind is not SessionKind.QUALIFYING:
        doors.append(Button(_("Recap"), "recap", about))
    return Reply(card, (tuple(doors),), veiled=veiled)


def _line(change: Change, name: str) -> str:
    """A driver's change: `Gasly: 3rd, now 7th; 15 points, now 6`."""
    place, won, new_place, new_won = change[1:]
    if not place:
        now = _("now {place}").format(place=_placed(new_place))
        return f"{name}: {now}" if new_won is None else f"{name}: {now}; {points_won(new_won)}"
    parts = []
    if new_place != place:
        parts.append(_("{before}, now {after}").format(before=_placed(place), after=_placed(new_place)))
    if won is None and new_won is not None:
        parts.append(_("now {place}").format(place=points_won(new_won)))
    elif won is not None and new_won is not None and new_won != won:
        parts.append(_("{before}, now {after}").format(before=points_won(won), after=points(new_won)))
    return f"{name}: {'; '.join(parts)}"


def _placed(place: str) -> str:
    return ordinal(int(place)) if place.isdecimal() else unplaced(place)
