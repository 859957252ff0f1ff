"""What is news, put together: of results, of the calendar, of running sessions; made by one process at a time."""

import datetime as dt

from bot.domain.live_telling import IN_ITS_HOUR
from bot.events import Events
from bot.jobs.news.amendments import Amendments
from bot.jobs.news.anniversaries import AnniversaryNews
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.incidents import IncidentNews
from bot.jobs.news.newsroom import Desks, Newsroom
from bot.jobs.news.reminders import ReminderNews
from bot.jobs.news.results import ResultsNews
from bot.jobs.news.rulings import RulingCorrections
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from storage.repositories import Repositories
from storage.told_chains import ToldChains
from storage.told_recaps import ToldRecaps
from storage.told_seasons import ToldSeasons


class News:
    """The newsroom, and the parts of it that others use as well."""

    def __init__(
        self,
        stored: Repositories,
        incidents: Incidents,
        events: Events,
        clock: Clock,
        live_for: dt.timedelta = IN_ITS_HOUR,
    ) -> None:
        seasons, announcements = stored.seasons, stored.announcements
        told = ToldSeasons(stored.database, announcements)
        calendar = CalendarNews(told, clock)
        reminders = ReminderNews(seasons, ToldChains(stored.database), announcements, clock)
        self.results = ResultsNews(seasons, stored.championships, told, announcements, incidents, clock)
        recaps = ToldRecaps(stored.database)
        rulings = RulingCorrections(recaps, announcements, incidents, clock)
        amendments = Amendments(recaps, told, seasons, stored.championships, announcements, clock)
        self.incidents = IncidentNews(incidents, announcements, clock, live_for)
        self.newsroom = Newsroom(
            announcements,
            Desks(
                self.results,
                rulings,
                amendments,
                calendar,
                reminders,
                self.incidents,
                AnniversaryNews(incidents, announcements, clock),
            ),
            events,
            clock,
        )
