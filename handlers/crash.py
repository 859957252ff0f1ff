"""/crash and /timeline: what happened, and both sides of it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.dispatch import Command, Offer, Suggestion
from bot.locales import _, marked
from bot.locales.writing import capital
from bot.messages import Button, Card, Field, Reply, Request
from handlers import wording
from handlers.choosing import choose, one_or_choice, suggestion_label, suggestions
from storage.incidents import Incident, Incidents
from storage.incidents.schema import Moment
from storage.polls import Polls, Tally

VOICES = 3
"""Sides heard on the story's card; the others are one press away."""

LATEST = 8
OFFERED = 10


class Crash:
    """Tell an incident, or offer the latest to choose from."""

    def __init__(self, incidents: Incidents, polls: Polls) -> None:
        self._incidents = incidents
        self._polls = polls

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "crash",
                marked("What happened, and both sides of it"),
                self.tell,
                argument=marked("race, drivers or nickname"),
                suggest=self.suggest,
            ),
            Command(
                "timeline",
                marked("How it unfolded, and what it meant"),
                self.unfold,
                argument=marked("race, drivers or nickname"),
                suggest=self.suggest,
            ),
        )

    async def tell(self, request: Request) -> Reply:
        """The incident's card; without an argument the latest incidents to pick from."""
        if not request.argument:
            latest = self._incidents.starting("", LATEST)
            return choose(latest, "crash", _("Which crash? Type a name, or pick one."))
        found = one_or_choice(self._incidents, request.argument, "crash")
        if isinstance(found, Reply):
            return found
        poll = self._polls.get(found.id)
        tally = await self._polls.tally(poll) if poll else None
        return story_reply(found, tally, replace=request.pressed is not None)

    async def unfold(self, request: Request) -> Reply:
        """The timeline, the conditions, the result, and where accounts differ."""
        found = one_or_choice(self._incidents, request.argument, "timeline")
        if isinstance(found, Reply):
            return found
        zone = self._incidents.circuit(found).zone
        return timeline_reply(found, zone, replace=request.pressed is not None)

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of an incident's name."""
        return suggestions(self._incidents.starting(typed))

    async def offer(self, typed: str, _request: Request) -> Sequence[Offer]:
        """Stories that fit what is being typed, to be posted in any chat."""
        incidents = self._incidents.starting(typed, OFFERED)
        polls = {incident.id: poll for incident in incidents if (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(list(polls.values()))
        offers = []
        for incident in incidents:
            poll = polls.get(incident.id)
            reply = story_reply(incident, tallies[poll.id] if poll else None)
            offers.append(Offer(incident.id, suggestion_label(incident), wording.occasion(incident), reply))
        return offers


def story_reply(incident: Incident, tally: Tally | None, *, replace: bool = False) -> Reply:
    """The incident's card with its doors: the poll, the quotations, the timeline, the ruling."""
    voices = [side[0] for suspect in incident.suspects if (side := incident.side(suspect.id))]
    fields = []
    if incident.ruling:
        fields.append(Field(capital(wording.judges(incident.ruling.by)), incident.ruling.decision))
    if tally is not None and tally.votes:
        fields.append(Field(_("Fans"), wording.fans(incident, tally)))
    card = Card(
        incident.title,
        subtitle=wording.occasion(incident),
        paragraphs=(incident.summary,),
        quotations=tuple(map(wording.quotation, voices[:VOICES])),
        fields=tuple(fields),
        links=wording.sources(incident),
        tone=wording.tone(incident),
    )
    return Reply(card, doors(incident), replace=replace)


def doors(incident: Incident) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a story."""
    who = Button(_("Who was to blame?"), "blame", incident.id)
    buttons = [who] if incident.poll else []
    buttons += [
        Button(_("Quotes"), "quote", incident.id),
        Button(_("Timeline"), "timeline", incident.id),
        Button(_("The ruling") if incident.ruling else _("The verdict"), "verdict", incident.id),
    ]
    return wording.rows(buttons, 2)


def timeline_reply(incident: Incident, zone: ZoneInfo, *, replace: bool = False) -> Reply:
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
        subtitle=wording.occasion(incident),
        paragraphs=("\n".join(_line(moment, zone) for moment in incident.timeline),),
        fields=tuple(fields),
        footer=_("Times are those of the clocks at the track ({zone}).").format(zone=zone.key) if clock else "",
        tone=wording.tone(incident),
    )
    back = Button(_("The story"), "crash", incident.id)
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    return Reply(card, ((*who, back),), replace=replace)


def _line(moment: Moment, zone: ZoneInfo) -> str:
    when = []
    if moment.at is not None:
        when.append(f"{moment.at.astimezone(zone):%H:%M:%S}")
    if moment.lap is not None:
        when.append(_("lap {lap}").format(lap=moment.lap))
    if moment.when is not None:
        when.append(moment.when)
    return f"{capital(', '.join(when))} – {moment.what}"
