"""Which race an announcement is about, so that all that is told of a race can be found in one place."""

from bot.chat.replies import Occasion
from bot.domain.announcements import Announcement
from bot.domain.incidents import Incident
from bot.domain.season import Race, plain
from bot.i18n.races import short_race_name
from bot.search.catalogue import Incidents
from storage.seasons import Seasons


async def occasion_of(announcement: Announcement, seasons: Seasons, incidents: Incidents) -> Occasion | None:
    """The race that an announcement is about; None where it is not known any more.

    An incident's is the one in whose weekend it was, as the calendar has that, or else the one that it names.
    """
    subject = announcement.subject
    if "race" in subject:
        race = await seasons.race(subject["race"])
        return None if race is None else _occasion(race.season, race.name)
    incident = next(filter(None, map(incidents.get, _told_of(announcement))), None)
    if incident is None:
        return None
    calendar = await seasons.schedule(incident.season)
    race = next((race for race in calendar if _is_in(incident, race)), None)
    return _occasion(incident.season, incident.race if race is None else race.name)


def _told_of(announcement: Announcement) -> list[str]:
    """The ids of the incidents that an announcement is about."""
    subject = announcement.subject
    return [subject["incident"]] if "incident" in subject else list(subject.get("announced") or ())


def _is_in(incident: Incident, race: Race) -> bool:
    return race.sessions[0].day <= incident.date <= race.race.day


def _occasion(season: int, name: str) -> Occasion:
    return Occasion(f"{season}-{plain(name)}", f"{short_race_name(name)} {season}")
