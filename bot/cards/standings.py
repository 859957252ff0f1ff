"""A championship as a list."""

import datetime as dt
from collections.abc import Sequence

from bot.cards.incident_text import listed, page_of
from bot.cards.season_text import fitting, phrase
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.instants import Text
from bot.chat.paging import at_page
from bot.chat.replies import Attachment, Reply
from bot.domain.championships import ToGo
from bot.domain.season import TEAMS_SINCE, Championship, Standing, Standings
from bot.i18n import _, counted, marked
from bot.i18n.formats import both, points
from bot.i18n.races import race_name

PAGE = 20
"""Lines on a page."""

ROOM = 2300
"""Weight of a page's lines."""

CHAMPIONSHIPS = {
    Championship.DRIVERS: marked("Drivers' championship {season}"),
    Championship.TEAMS: marked("Constructors' championship {season}"),
}
OTHERS = {Championship.DRIVERS: marked("Drivers"), Championship.TEAMS: marked("Teams")}


NAMED = 6
"""Contenders that are named; of more it is said how many there are."""


def standings_reply(
    standings: Standings,
    page: int,
    footer: Text,
    left: ToGo | None = None,
    *,
    by: dt.date | None = None,
    veiled: bool = False,
) -> Reply:
    """A page of a championship, with who can still win it while some of it is `left`, and a button for the other one.

    Behind everybody's points is how many they are behind the first, and behind the one before them. Of a table that
    stood `by` a day, pages, pictures and the other championship are of that day.
    """
    pages = max(-(-len(standings.entries) // PAGE), 1)
    page = min(max(page, 1), pages)
    rows = standings.entries[(page - 1) * PAGE : page * PAGE]
    card = Card(
        title(standings),
        subtitle=phrase((_("After round {round}").format(round=standings.round), _brackets(rows, standings))),
        paragraphs=(
            fitting([_standing(standing, standings) for standing in rows], ROOM) or _("Nobody stands anywhere yet."),
            *([_contenders(standings, left)] if left else []),
        ),
        footer=phrase((page_of(page, pages), footer)),
    )
    when = by.isoformat() if by else f"{standings.season}"
    asked, turn = f"{standings.kind} {when}", []
    if page > 1:
        turn.append(Button(_("Higher"), "standings", at_page(asked, page - 1), turns=True))
    if page < pages:
        turn.append(Button(_("Lower"), "standings", at_page(asked, page + 1), turns=True))
    other = Championship.TEAMS if standings.kind is Championship.DRIVERS else Championship.DRIVERS
    if other is Championship.DRIVERS or standings.season >= TEAMS_SINCE:
        turn.append(Button(_(OTHERS[other]), "standings", f"{other} {when}"))
    turn.append(Button(_("Calendar"), "calendar", str(standings.season)))
    drawn = (
        Button(_("As a picture"), "standings", f"{asked} picture"),
        Button(_("Race by race"), "standings", f"{standings.kind} {standings.season} lines picture"),
    )
    return Reply(card, (tuple(turn), drawn), veiled=veiled)


def drawn_reply(standings: Standings, picture: Attachment, *, veiled: bool = False) -> Reply:
    """A championship as a picture, in a message of its own."""
    whole = Button(_("The whole table"), "standings", f"{standings.kind} {standings.season}")
    return Reply(Card(title(standings)), ((whole,),), separate=True, attachment=picture, veiled=veiled)


def title(standings: Standings) -> str:
    """What a championship is called: `Drivers' championship 2021`."""
    return _(CHAMPIONSHIPS[standings.kind]).format(season=standings.season)


def _standing(standing: Standing, standings: Standings) -> str:
    """A line of a championship: `2. Max Verstappen, Red Bull · 43.5 (−0.5) · 1 win`."""
    place = f"{standing.position}." if standing.position else "–"
    name = f"{standing.name}, {standing.team}" if standing.team else standing.name
    wins = counted("{number} win", "{number} wins", standing.wins) if standing.wins else ""
    won = "" if standing.points is None else f"{points(standing.points)}{_gaps(standing, standings)}"
    return phrase((f"{place} {name}", won, wins))


def _brackets(rows: Sequence[Standing], standings: Standings) -> str:
    """What the numbers behind points are; nothing where there are none."""
    return _("in brackets: behind the first, behind the next") if any(_gaps(row, standings) for row in rows) else ""


def _gaps(standing: Standing, standings: Standings) -> str:
    """How far behind the first somebody is, and the one before them: ` (−17, −16.5)`; nothing of who is not behind.

    Nor where the place or the points of anybody ahead are not known.
    """
    mine, place = standing.points, standing.position
    if not place or mine is None:
        return ""
    above = [each.points for each in standings.entries if each.position and each.position < place]
    ahead = [their for their in above if their is not None]
    if len(ahead) < place - 1:
        return ""
    behind = dict.fromkeys(each - mine for each in (max(ahead), min(ahead))) if ahead else {}
    return f" ({', '.join(f'−{points(each)}' if each else '=' for each in behind)})" if behind else ""


def _contenders(standings: Standings, left: ToGo) -> str:
    """Who can still finish first: `2 races and 1 sprint to go, 58 points at most: Norris and Piastri can …`."""
    races = counted("{number} race", "{number} races", left.races)
    sprints = counted("{number} sprint", "{number} sprints", left.sprints)
    weekends = both(races, sprints) if left.sprints else races
    names = [standing.name for standing in left.contenders(standings)]
    if len(names) == 1:
        said = _("{weekends} to go, {points} points at most: {name} cannot be overtaken any more.")
    elif len(names) > NAMED:
        said = _("{weekends} to go, {points} points at most: {number} can still finish first.")
    else:
        said = _("{weekends} to go, {points} points at most: {names} can still finish first.")
    told = {"name": names[0], "names": listed(names), "number": len(names)} if names else {}
    return " ".join(
        filter(None, (said.format(weekends=weekends, points=points(left.points), **told), _deciding(standings, left)))
    )


def _deciding(standings: Standings, left: ToGo) -> str:
    """How it can be decided on the next weekend: `After the Qatar Grand Prix, Norris is champion if …`."""
    decided = left.deciding_lead(standings)
    if decided is None:
        return ""
    leader, lead = decided
    said = _("After the next race, the {race}, {name} is champion if more than {points} points ahead.")
    return said.format(name=leader.name, race=race_name(left.next_race.name), points=points(lead))
