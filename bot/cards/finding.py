"""What the fans and the ruling say of an incident, in one sentence."""

from collections.abc import Mapping, Sequence

from bot.cards import incident_text, ruling_text
from bot.domain.incidents import RACING_INCIDENT, Incident
from bot.domain.opinions import agreeing_sides
from bot.domain.polls import SMALL, Tally
from bot.i18n import _
from bot.i18n.formats import written


def finding(incident: Incident, tally: Tally) -> str:
    """Whom the fans blame, and whom those who ruled: `Most fans blame Russell; the stewards blamed nobody for it`.

    Where nothing is ruled, or the ruling says nothing of the blame, it is what the fans say alone.
    """
    fans, ruling = _fans(incident, tally), incident.ruling
    if ruling is not None and ruling.at_fault and {*ruling.at_fault} == {*_leaders(tally)}:
        return _("{fans}, as did {judges}").format(fans=fans, judges=ruling_text.judges(ruling.by))
    judged = _judged(incident)
    return _("{fans}; {judged}").format(fans=fans, judged=judged) if judged else fans


def _leaders(tally: Tally) -> list[str]:
    """The sides with the most votes; none without votes."""
    by_side = tally.by_side()
    most = max(by_side.values(), default=0)
    return [side for side, votes in by_side.items() if votes == most and votes]


def _fans(incident: Incident, tally: Tally) -> str:
    leaders = _leaders(tally)
    if not leaders:
        return _("No fan has voted yet")
    if len(leaders) > 1:
        return _("Fans are split between {sides}").format(sides=_named(incident, leaders))
    (leader,) = leaders
    most = tally.by_side()[leader]
    if tally.votes < SMALL:
        return _few(incident, leader, most, tally.votes)
    majority = 2 * most > tally.votes
    if leader == RACING_INCIDENT:
        return _("Most fans call it a racing incident") if majority else _("Fans call it a racing incident most often")
    name = _blamed(incident, [leader])
    said = _("Most fans blame {name}") if majority else _("Fans blame {name} most often")
    return said.format(name=name)


def _few(incident: Incident, leader: str, most: int, votes: int) -> str:
    """The leading side of a handful of votes, which is said by its number."""
    if leader == RACING_INCIDENT:
        one, more = (
            _("The only vote calls it a racing incident"),
            _("{most} of {votes} votes call it a racing incident"),
        )
    else:
        one, more = _("The only vote blames {name}"), _("{most} of {votes} votes blame {name}")
    said = one if votes == 1 else more
    return said.format(most=written(most), votes=written(votes), name=_blamed(incident, [leader]))


def _judged(incident: Incident) -> str:
    """Whom the ruling blames, as the end of a sentence; empty where it does not say."""
    ruling = incident.ruling
    if ruling is None:
        return ""
    by = ruling_text.judges(ruling.by)
    if not ruling.at_fault:
        return _("{judges} blamed nobody for it").format(judges=by) if agreeing_sides(incident, ruling) else ""
    if len(ruling.at_fault) == len(incident.suspects) == 2:  # noqa: PLR2004 - a word for two alone
        return _("{judges} blamed both").format(judges=by)
    return _("{judges} blamed {names}").format(judges=by, names=_blamed(incident, ruling.at_fault))


def _named(incident: Incident, sides: Sequence[str]) -> str:
    """Sides within a sentence: `Bottas and a racing incident`."""
    return _listed(incident_text.names_within(incident), sides)


def _blamed(incident: Incident, sides: Sequence[str]) -> str:
    """The same within a sentence that blames them."""
    return _listed(incident_text.names_blamed(incident), sides)


def _listed(names: Mapping[str, str], sides: Sequence[str]) -> str:
    called = {**names, RACING_INCIDENT: _("a racing incident")}
    return incident_text.listed([called[side] for side in sides])
