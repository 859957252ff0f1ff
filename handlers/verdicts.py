"""/verdict: the stewards' ruling beside the fans'."""

from bot.dispatch import Command
from bot.locales import _, marked
from bot.locales.writing import capital, day, written
from bot.messages import Button, Card, Field, Reply, Request
from handlers import wording
from handlers.choosing import choose, one_or_choice, suggestions
from storage.incidents import Incident, Incidents
from storage.incidents.schema import RACING_INCIDENT, Ruling
from storage.polls import Polls, Tally


class Verdicts:
    """Hold what was decided against what the fans say."""

    def __init__(self, incidents: Incidents, polls: Polls) -> None:
        self._incidents = incidents
        self._polls = polls

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "verdict",
                marked("The stewards' ruling beside the fans'"),
                self.compare,
                argument=marked("race, drivers or nickname"),
                suggest=lambda typed: suggestions(self._incidents.starting(typed)),
            ),
        )

    async def compare(self, request: Request) -> Reply:
        """The ruling with its reason, the fans' shares, and how many agree."""
        if not request.argument:
            return choose(self._incidents.starting(""), "verdict", _("Whose verdict? Pick an incident."))
        incident = one_or_choice(self._incidents, request.argument, "verdict")
        if isinstance(incident, Reply):
            return incident
        poll = self._polls.get(incident.id)
        tally = await self._polls.tally(poll) if poll else None
        return verdict_reply(incident, tally, replace=request.pressed is not None)


def verdict_reply(incident: Incident, tally: Tally | None, *, replace: bool = False) -> Reply:
    """The ruling, its reviews, and the fans' opinion of the same question."""
    ruling = incident.ruling
    fields = []
    if ruling is not None:
        fields += [Field(_when(ruling), f"{ruling.decision}. {ruling.reason}")]
        fields += [
            Field(f"{day(review.date)}, {wording.judges(review.by)}", review.decision) for review in ruling.reviews
        ]
    if tally is not None:
        fields += _opinion(incident, tally)
    links = wording.sources(incident) if ruling is None else (wording.ruling_link(incident, ruling),)
    card = Card(
        _("The verdict: {incident}").format(incident=incident.title),
        subtitle=wording.occasion(incident),
        paragraphs=() if ruling else (_("No ruling was made, or none that was published."),),
        bars=wording.bars(incident, tally) if tally is not None else (),
        fields=tuple(fields),
        links=links,
        tone=wording.tone(incident),
    )
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    buttons = wording.rows((*who, Button(_("The story"), "crash", incident.id), *_drawable(incident, tally)), 2)
    return Reply(card, buttons, replace=replace)


def _drawable(incident: Incident, tally: Tally | None) -> tuple[Button, ...]:
    return (Button(_("As a picture"), "chart", incident.id),) if tally is not None and tally.votes else ()


def _when(ruling: Ruling) -> str:
    return f"{capital(wording.judges(ruling.by))}, {day(ruling.date)}"


def _opinion(incident: Incident, tally: Tally) -> list[Field]:
    """The fans' shares, their agreement with the ruling, and their votes before and after it."""
    if not tally.votes:
        return [Field(_("Fans"), _("No votes yet."))]
    fields = [Field(_("Fans"), wording.fans(incident, tally))]
    if incident.ruling is not None:
        if sides := agreeing_sides(incident, incident.ruling):
            agree = sum(tally.by_side()[side] for side in sides)
            share = wording.percent(agree, tally.votes)
            fields.append(Field(_("With the stewards"), _("{percent} of the fans agree").format(percent=share)))
        before = _("Votes before the ruling ({number})").format(number=written(tally.before.votes))
        after = _("Votes after the ruling ({number})").format(number=written(tally.after.votes))
        parts = ((before, tally.before), (after, tally.after))
        fields += [Field(name, wording.shares(incident, part)) for name, part in parts if part.votes]
    return fields


def agreeing_sides(incident: Incident, ruling: Ruling) -> tuple[str, ...]:
    """The poll's sides that say what a ruling says; none where it blames both ends of the scale."""
    if not ruling.at_fault:
        return (RACING_INCIDENT,)
    return () if len(ruling.at_fault) == len(incident.suspects) else ruling.at_fault
