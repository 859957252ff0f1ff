"""An incident's story, and its timeline."""

from zoneinfo import ZoneInfo

from bot.cards import incident_text
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Reply
from bot.domain.incidents import Incident, Moment
from bot.domain.polls import Tally
from bot.i18n import _
from bot.i18n.formats import capital

VOICES = 3
"""Sides heard on the story's card; the others are one press away."""


def story_reply(incident: Incident, tally: Tally | None) -> Reply:
    """The incident's card with its doors: the poll, the quotations, the timeline, the ruling."""
    voices = [side[0] for suspect in incident.suspects if (side := incident.side(suspect.id))]
    fields = []
    if incident.ruling:
        fields.append(Field(capital(incident_text.judges(incident.ruling.by)), incident.ruling.decision))
    if tally is not None and tally.votes:
        fields.append(Field(_("Fans"), incident_text.fans(incident, tally)))
    card = Card(
        incident.title,
        subtitle=incident_text.occasion(incident),
        paragraphs=(incident.summary,),
        quotations=tuple(map(incident_text.quotation, voices[:VOICES])),
        fields=tuple(fields),
        links=incident_text.sources(incident),
        tone=incident_text.tone(incident),
    )
    return Reply(card, doors(incident))


def doors(incident: Incident) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a story."""
    who = Button(_("Who was to blame?"), "blame", incident.id)
    buttons = [who] if incident.poll else []
    buttons += [
        Button(_("Quotes"), "quote", incident.id),
        Button(_("Timeline"), "timeline", incident.id),
        Button(_("The ruling") if incident.ruling else _("The verdict"), "verdict", incident.id),
    ]
    return incident_text.rows(buttons, 2)


def timeline_reply(incident: Incident, zone: ZoneInfo) -> Reply:
    """How it unfolded, by the clock at the track, with what surrounded it."""
    fields = [
        Field(_("Places"), incident.positions),
        Field(_("Conditions"), incident.conditions),
        Field(_("Result"), incident.result),
        Field(_("Championship"), incident.championship),
    ]
    if incident.disputed:
        differing = "\n".join(f"– {account}" for account in incident.disputed)
        fields.append(Field(_("Where accounts differ"), differing))
    clock = any(moment.at for moment in incident.timeline)
    card = Card(
        _("Timeline: {incident}").format(incident=incident.title),
        subtitle=incident_text.occasion(incident),
        paragraphs=("\n".join(_line(moment, zone) for moment in incident.timeline),),
        fields=tuple(fields),
        footer=_("Times are those of the clocks at the track ({zone}).").format(zone=zone.key) if clock else "",
        tone=incident_text.tone(incident),
    )
    back = Button(_("The story"), "crash", incident.id)
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    return Reply(card, ((*who, back),))


def _line(moment: Moment, zone: ZoneInfo) -> str:
    when = []
    if moment.at is not None:
        when.append(f"{moment.at.astimezone(zone):%H:%M:%S}")
    if moment.lap is not None:
        when.append(_("lap {lap}").format(lap=moment.lap))
    if moment.when is not None:
        when.append(moment.when)
    return f"{capital(', '.join(when))} – {moment.what}"
