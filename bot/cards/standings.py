"""A championship as a list."""

from bot.cards.incident_text import page_of
from bot.cards.season_text import fitting, phrase
from bot.chat.messages import Button, Card, Reply
from bot.domain.season import TEAMS_SINCE, Row, Table, TableKind
from bot.i18n import _, counted, marked
from bot.i18n.formats import points

PAGE = 20


ROOM = 2300


CHAMPIONSHIPS = {
    TableKind.DRIVERS: marked("Drivers' championship {season}"),
    TableKind.TEAMS: marked("Constructors' championship {season}"),
}


OTHERS = {TableKind.DRIVERS: marked("Drivers"), TableKind.TEAMS: marked("Teams")}


def table_reply(table: Table, page: int, footer: str, *, replace: bool = False) -> Reply:
    """A page of a championship, with a button for the other one."""
    pages = max(-(-len(table.rows) // PAGE), 1)
    page = min(max(page, 1), pages)
    rows = table.rows[(page - 1) * PAGE : page * PAGE]
    card = Card(
        _title(table),
        subtitle=_("After round {round}").format(round=table.round),
        paragraphs=(fitting([_standing(row) for row in rows], ROOM) or _("Nobody stands anywhere yet."),),
        footer=phrase((page_of(page, pages), footer)),
    )
    turn = []
    if page > 1:
        turn.append(Button(_("Higher"), "standings", f"{table.kind} {table.season} page-{page - 1}"))
    if page < pages:
        turn.append(Button(_("Lower"), "standings", f"{table.kind} {table.season} page-{page + 1}"))
    other = TableKind.TEAMS if table.kind is TableKind.DRIVERS else TableKind.DRIVERS
    if other is TableKind.DRIVERS or table.season >= TEAMS_SINCE:
        turn.append(Button(_(OTHERS[other]), "standings", f"{other} {table.season}"))
    turn.append(Button(_("Calendar"), "calendar", str(table.season)))
    turn.append(Button(_("As a picture"), "standings", f"{table.kind} {table.season} picture"))
    return Reply(card, (tuple(turn),), replace=replace)


def _title(table: Table) -> str:
    return _(CHAMPIONSHIPS[table.kind]).format(season=table.season)


def _standing(row: Row) -> str:
    """A line of a championship: `1. Lewis Hamilton, Mercedes · 44 · 1 win`."""
    place = f"{row.position}." if row.position else "–"
    name = f"{row.name}, {row.team}" if row.team else row.name
    wins = counted("{number} win", "{number} wins", row.wins) if row.wins else ""
    return phrase((f"{place} {name}", points(row.points), wins))
