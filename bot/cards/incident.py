"""An incident's story, and its timeline."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.cards import incident_text, noted_text, ruling_text
from bot.cards.glance import ENOUGH, ROOMS, View, lede, on_one_screen, quoted_in_full, short_quotation, voices
from bot.cards.public_pages import incident_page
from bot.cards.tally_text import FANS, blame_votes, sums, turnout
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text, joined
from bot.chat.replies import Reply
from bot.domain.incidents import Incident, Moment
from bot.domain.noted_incidents import NotedIncident
from bot.domain.polls import Tally
from bot.domain.quotations import GLANCE
from bot.domain.quotations import Quotation as Quoted
from bot.i18n import _
from bot.i18n.formats import capital

MOST_SOURCES = 4
"""Publishers in the line below a story."""


def story_reply(
    incident: Incident, tally: Tally | None, *, hidden: bool = False, veiled: bool = False, opening: str = ""
) -> Reply:
    """The incident's card with its doors: the poll, the quotations, the timeline, the ruling.

    What one screen holds is seen: the crash in short, a voice of each side, the ruling, the fans; the story itself is
    folded. `opening` is said before all of it. Where how the poll stands is `hidden`, it says how many voted.
    `veiled`, whom it is about is hidden with the rest.
    """
    told = _told(incident, tally, opening, hidden=hidden, veiled=veiled)
    card = on_one_screen(_views(incident, told, tally))
    unfold = Button(_("The story"), "story", incident.id) if card.folded else None
    return Reply(card, doors(incident), unfold, veiled=veiled, page=incident_page(incident, hidden=hidden))


def _told(incident: Incident, tally: Tally | None, opening: str, *, hidden: bool, veiled: bool) -> Card:
    """The card but for its quotations: what it is about, what happened, the ruling, the fans, the sources."""
    fields = []
    if incident.ruling:
        judges = capital(ruling_text.judges(incident.ruling.by))
        said = f"{ruling_text.decision(incident, incident.ruling)}{ruling_text.overturned(incident)}"
        fields.append(Field(judges, said))
    voted = tally if incident.poll and tally is not None and tally.votes else None
    if voted and hidden:
        fields.append(Field(_(FANS), turnout(voted)))
    return Card(
        incident_text.headline(incident, veiled=veiled),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*filter(None, (opening, *incident_text.below(incident, veiled=veiled))), *_sentences(incident)),
        fields=tuple(fields),
        votes=(blame_votes(incident, voted, _(FANS)),) if voted and not hidden else (),
        links=incident_text.sources(incident, MOST_SOURCES),
        tone=ruling_text.tone(incident),
    )


def _views(incident: Incident, told: Card, tally: Tally | None) -> Iterator[View]:
    """The story in ever fewer words: with where its quotations are from, without; with the votes' sums alone.

    At last it is without its quotations, and without its sentences.
    """
    sides = voices(incident)
    for card, room, brief in _ever_shorter(told, incident, tally):
        heard = [short_quotation(side, room, brief=brief) for side in sides]
        cut = [quoted for quoted, said in heard if said.words != quoted.words]
        yield View(card, _untold(incident, cut), tuple(said for _quoted, said in heard))
    every = _untold(incident, [side[0] for side in sides])
    yield View(told, every)
    yield View(replace(told, paragraphs=told.paragraphs[: -len(_sentences(incident))]), every)


def _ever_shorter(told: Card, incident: Incident, tally: Tally | None) -> Iterator[tuple[Card, int, bool]]:
    """The story, the characters that a quotation has beside it, and whether quotations are brief."""
    yield told, GLANCE, False
    yield from ((told, room, True) for room in ROOMS if room >= ENOUGH)
    votes = (replace(votes, in_short=sums(incident, tally)) for votes in told.votes if tally)
    summed = replace(told, votes=tuple(votes))
    yield from ((summed, room, True) for room in ROOMS)


def _sentences(incident: Incident) -> tuple[str, ...]:
    """What happened, in short; of what nobody has told, what is known of it."""
    if isinstance(incident, NotedIncident):
        return noted_text.known(incident), _("Nobody has told the story of this one yet.")
    return (lede(incident),)


def _untold(incident: Incident, cut: Iterable[Quoted]) -> tuple[str, ...]:
    """The summary, where it says more than what is seen of it, and in full what was cut of the quotations."""
    more = incident.summary and incident.summary != lede(incident)
    return (*([incident.summary] if more else []), *map(quoted_in_full, cut))


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


def timeline_reply(incident: Incident, zone: ZoneInfo, *, veiled: bool = False) -> Reply:
    """How it unfolded, with what surrounded it: a story that is told by the clock at the track, where it belongs.

    What race control noted is news of today, so each reader has it by their own clock. `veiled` until somebody taps it.
    """
    is_noted, fields = isinstance(incident, NotedIncident), circumstances(incident)
    if incident.disputed:
        differing = "\n".join(f"– {account}" for account in incident.disputed)
        fields.append(Field(_("Where accounts differ"), differing))
    clock = by_the_clock(zone)
    card = Card(
        _("Timeline: {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*incident_text.below(incident, veiled=veiled), joined("\n", timeline(incident, zone))),
        fields=tuple(fields),
        footer="" if is_noted or not any(moment.at for moment in incident.timeline) else clock,
        clock=clock if is_noted else "",
        tone=ruling_text.tone(incident),
    )
    back = Button(_("The story"), "crash", incident.id)
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    return Reply(card, ((*who, back),), veiled=veiled)


def circumstances(incident: Incident) -> list[Field]:
    """What surrounded it, as far as it is known: places, conditions, result, championship."""
    facts = {
        _("Places"): incident.positions,
        _("Conditions"): incident.conditions,
        _("Result"): incident.result,
        _("Championship"): incident.championship,
    }
    if isinstance(incident, NotedIncident):
        facts[_("Race control first named")] = noted_text.first_called(incident)
    return [Field(name, value) for name, value in facts.items() if value]


def by_the_clock(zone: ZoneInfo) -> str:
    """By which clocks the times of a timeline are written."""
    return _("Times are those of the clocks at the track ({zone}).").format(zone=zone.key)


def timeline(incident: Incident, zone: ZoneInfo) -> list[Text]:
    """How it unfolded, a line each: `13:54:25, lap 31 – They touch.`."""
    if isinstance(incident, NotedIncident):
        return noted_text.timeline(incident)
    return [_line(moment, zone) for moment in incident.timeline]


def _line(moment: Moment, zone: ZoneInfo) -> str:
    when = []
    if moment.at is not None:
        when.append(f"{moment.at.astimezone(zone):%H:%M:%S}")
    if moment.lap is not None:
        when.append(incident_text.lap_said(moment.lap))
    if moment.when is not None:
        when.append(moment.when)
    return f"{capital(', '.join(when))} – {moment.what}"
