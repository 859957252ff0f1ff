"""A championship as a list."""

from bot.cards.incident_text import page_of
from bot.cards.season_text import fitting, phrase
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.paging import at_page
from bot.chat.replies import Attachment, Reply
from bot.domain.season import TEAMS_SINCE, Championship, Standing, Standings
from bot.i18n import _, counted, marked
from bot.i18n.formats import points

PAGE = 20
"""Lines on a page."""

ROOM = 2300
"""Weight of a page's lines."""

CHAMPIONSHIPS = {
    Championship.DRIVERS: marked("Drivers' championship {season}"),
    Championship.TEAMS: marked("Constructors' championship {season}"),
}
OTHERS = {Championship.DRIVERS: marked("Drivers"), Championship.TEAMS: marked("Teams")}


def standings_reply(standings: Standings, page: int, footer: str) -> Reply:
    """A page of a championship, with a button for the other one."""
    pages = max(-(-len(standings.entries) // PAGE), 1)
    page = min(max(page, 1), pages)
    rows = standings.entries[(page - 1) * PAGE : page * PAGE]
    card = Card(
        title(standings),
        subtitle=_("After round {round}").format(round=standings.round),
        paragraphs=(fitting([_standing(standing) for standing in rows], ROOM) or _("Nobody stands anywhere yet."),),
        footer=phrase((page_of(page, pages), footer)),
    )
    asked, turn = f"{standings.kind} {standings.season}", []
    if page > 1:
        turn.append(Button(_("Higher"), "standings", at_page(asked, page - 1)))
    if page < pages:
        turn.append(Button(_("Lower"), "standings", at_page(asked, page + 1)))
    other = Championship.TEAMS if standings.kind is Championship.DRIVERS else Championship.DRIVERS
    if other is Championship.DRIVERS or standings.season >= TEAMS_SINCE:
        turn.append(Button(_(OTHERS[other]), "standings", f"{other} {standings.season}"))
    turn.append(Button(_("Calendar"), "calendar", str(standings.season)))
    turn.append(Button(_("As a picture"), "standings", f"{asked} picture"))
    return Reply(card, (tuple(turn),))


def drawn_reply(standings: Standings, picture: Attachment) -> Reply:
    """A championship as a picture, in a message of its own."""
    whole = Button(_("The whole table"), "standings", f"{standings.kind} {standings.season}")
    return Reply(Card(title(standings)), ((whole,),), separate=True, attachment=picture)


def title(standings: Standings) -> str:
    """What a championship is called: `Drivers' championship 2021`."""
    return _(CHAMPIONSHIPS[standings.kind]).format(season=standings.season)


def _standing(standing: Standing) -> str:
    """A line of a championship: `1. Lewis Hamilton, Mercedes · 44 · 1 win`."""
    place = f"{standing.position}." if standing.position else "–"
    name = f"{standing.name}, {standing.team}" if standing.team else standing.name
    wins = counted("{number} win", "{number} wins", standing.wins) if standing.wins else ""
    return phrase((f"{place} {name}", points(standing.points), wins))
