"""The digest of a session's incidents that a chat was not told by themselves, with the way to their polls."""

from collections.abc import Sequence

from bot.cards.incident_text import listed, rows
from bot.cards.labels import fitting, numbered_apart
from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, BUTTON_ROWS, Button
from bot.chat.cards import FIELD, TITLE, Card
from bot.chat.replies import Reply
from bot.chat.text_limits import weight
from bot.domain.live_telling import LiveIncident, Stage
from bot.i18n import _, counted, marked
from bot.i18n.races import race_name
from bot.search.words import as_data

A_ROW = 2
SHOWN = A_ROW * (BUTTON_ROWS - 1)
"""Incidents with a line and a button; where there are more, the last row leads to all of the race."""

STAGES = {
    Stage.NOTED_ONLY: marked("noted"),
    Stage.INVESTIGATION_OPEN: marked("under investigation"),
    Stage.AFTER_RACE: marked("to be investigated after the race"),
    Stage.NO_FURTHER_ACTION: marked("no further action"),
    Stage.PENALTY: marked("penalty"),
}
"""What is said of each; a penalty by the stewards' own words where there are any."""

ASKED = marked("Nobody is guilty of anything that is not ruled. Who was to blame?")


def digest_reply(race: str, asked: str, incidents: Sequence[LiveIncident], *, veiled: bool = False) -> Reply:
    """A line and a button for each incident, in race control's order: `Verstappen and Norris, turn 4 – noted`.

    `race` is the race's name, `asked` what /incidents is asked for all of it, as in `monza 2025`. Veiled, nothing but
    the card below its title names anybody: lines and buttons have numbers. Raises ValueError for no incidents.
    """
    if not incidents:
        raise ValueError("a digest of nothing")
    shown = incidents[:SHOWN]
    called = numbered_apart(map(_named, shown), room=FIELD // 8)
    lines = [_line(name, incident) for name, incident in zip(called, shown, strict=True)]
    if veiled:
        lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    if len(incidents) > len(shown):
        lines.append(_("and {number} more").format(number=len(incidents) - len(shown)))
    title = counted(
        "{race}: {number} more incident to argue about",
        "{race}: {number} more incidents to argue about",
        len(incidents),
        race=race_name(race),
    )
    numbers = [str(number) for number, _incident in enumerate(shown, 1)]
    labels = numbers if veiled else numbered_apart(map(_label, shown))
    buttons = [Button(label, "blame", incident.id) for label, incident in zip(labels, shown, strict=True)]
    every = (Button(_("All of this race"), "incidents", as_data(asked, room=BUTTON_DATA_BYTES - len("incidents "))),)
    return Reply(
        Card(title if weight(title) <= TITLE else race, paragraphs=("\n".join(lines), _(ASKED))),
        (*rows(buttons, A_ROW), *([every] if len(incidents) > len(shown) else [])),
        veiled=veiled,
    )


def _line(called: str, incident: LiveIncident) -> str:
    """Who, where, and how far it has come."""
    stage = ", ".join(incident.penalties) or _(STAGES[incident.stage])
    line = f"{called} – {stage}"
    return line if weight(line) <= FIELD // 4 else _cut(line, FIELD // 8)


def _label(incident: LiveIncident) -> str:
    """Who and where, as far as that fits on a button."""
    for label in (_named(incident), listed(incident.names)):
        if len(label) <= BUTTON_LABEL:
            return label
    return fitting(listed(incident.names))


def _named(incident: LiveIncident) -> str:
    names = listed(incident.names)
    return f"{names}, {incident.place}" if incident.place else names


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
