"""An incident's story, and its timeline."""

from zoneinfo import ZoneInfo

from bot.cards import incident_text, noted_text
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text
from bot.chat.replies import Reply
from bot.domain.incidents import Incident, Moment
from bot.domain.noted_incidents import NotedIncident
from bot.domain.polls import Tally
from bot.i18n import _
from bot.i18n.formats import capital

VOICES = 3
"""Sides heard on the story's card; the others are one press away."""


def story_reply(incident: Incident, tally: Tally | None, *, hidden: bool = False) -> Reply:
    """The incident's card with its doors: the poll, the quotations, the timeline, the ruling.

    Where how the poll stands is `hidden`, it says how many voted.
    """
    voices = [side[0] for suspect in incident.suspects if (side := incident.side(suspect.id))]
    fields = []
    if incident.ruling:
        judges = capital(incident_text.judges(incident.ruling.by))
        said = f"{incident_text.decision(incident, incident.ruling)}{incident_text.overturned(incident)}"
        fields.append(Field(judges, said))
    if incident.poll and tally is not None and tally.votes:
        said = incident_text.turnout(tally) if hidden else incident_text.fans(incident, tally)
        fields.append(Field(_("Fans"), said))
    card = Card(
        incident_text.title(incident),
        subtitle=incident_text.occasion(incident),
        paragraphs=_story(incident),
        quotations=tuple(map(incident_text.quotation, voices[:VOICES])),
        fields=tuple(fields),
        links=incident_text.sources(incident),
        tone=incident_text.tone(incident),
    )
    return Reply(card, doors(incident))


def _story(incident: Incident) -> tuple[str, ...]:
    if isinstance(incident, NotedIncident):
        return noted_text.known(incident), _("Nobody has told the story of this one yet.")
    return (incident.summary,)


def doors(incident: Incident) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a story."""
    who = Button(_("Who was to blame?"), "blame", incident.id)
    buttons = [who] if incident.poll else []
    if incident.quotations:
        buttons.append(Button(_("Quotes"), "quote", incident.id))
    buttons += [
        Button(_("Timeline"), "timeline", incident.id),
        Button(_("The ruling") if incident.ruling else _("The verdict"), "verdict", incident.id),
    ]
    return incident_text.rows(buttons, 2)


def timeline_reply(incident: Incident, zone: ZoneInfo) -> Reply:
    """How it unfolded, with what surrounded it: a story that is told by the clock at the track, where it belongs.

    What race control noted is news of today, so each reader has it by their own clock.
    """
    facts = {
        _("Places"): incident.positions,
        _("Conditions"): incident.conditions,
        _("Result"): incident.result,
        _("Championship"): incident.championship,
    }
    is_noted = isinstance(incident, NotedIncident)
    if isinstance(incident, NotedIncident):
        facts[_("Race control first named")] = noted_text.first_called(incident)
    fields = [Field(name, value) for name, value in facts.items() if value]
    if incident.disputed:
        differing = "\n".join(f"– {account}" for account in incident.disputed)
        fields.append(Field(_("Where accounts differ"), differing))
    clock = _("Times are those of the clocks at the track ({zone}).").format(zone=zone.key)
    card = Card(
        _("Timeline: {incident}").format(incident=incident_text.title(incident)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(_lines(incident, zone),),
        fields=tuple(fields),
        footer="" if is_noted or not any(moment.at for moment in incident.timeline) else clock,
        clock=clock if is_noted else "",
        tone=incident_text.tone(incident),
    )
    back = Button(_("The story"), "crash", incident.id)
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    return Reply(card, ((*who, back),))


def _lines(incident: Incident, zone: ZoneInfo) -> Text:
    if isinstance(incident, NotedIncident):
        return noted_text.timeline(incident)
    return "\n".join(_line(moment, zone) for moment in incident.timeline)


def _line(moment: Moment, zone: ZoneInfo) -> str:
    when = []
    if moment.at is not None:
        when.append(f"{moment.at.astimezone(zone):%H:%M:%S}")
    if moment.lap is not None:
        when.append(incident_text.lap_said(moment.lap))
    if moment.when is not None:
        when.append(moment.when)
    return f"{capital(', '.join(when))} – {moment.what}"
