"""What chats are told of a running session, in words: the poll on an incident, a ruling, the digest."""

from dataclasses import replace

from bot.cards.live_digest import digest_reply
from bot.cards.live_text import live_incident, ruling_reply
from bot.cards.poll import poll_reply
from bot.cards.public_pages import race_page
from bot.chat.replies import Bulletin
from bot.domain.announcements import Announcement
from bot.domain.chat_settings import ChatSettings
from bot.domain.live_telling import is_veiled
from bot.domain.noted_incidents import NotedIncident, as_seen
from bot.jobs.news.incidents import IncidentNews
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from storage.polls import Polls


class LiveBulletins:
    """Writes what is announced of a running session, from what is known when it is written."""

    def __init__(self, incidents: Incidents, polls: Polls, news: IncidentNews, clock: Clock) -> None:
        self._incidents = incidents
        self._polls = polls
        self._news = news
        self._clock = clock

    async def poll(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """The poll on an incident, as far as the chat has seen it; None where nothing is asked about it any more."""
        incident_id = announcement.subject["incident"]
        incident, poll = self._incidents.get(incident_id), self._polls.get(incident_id)
        if incident is None or poll is None or poll.dropped:
            return None
        incident = as_seen(incident, self._clock.now(), settings.delay_seconds)
        # Nobody has voted yet in a chat that has just been asked.
        here, everyone = poll.tally({}), await self._polls.tally(poll)
        return Bulletin(poll_reply(incident, poll, here, everyone, hidden=settings.blind, veiled=is_veiled(settings)))

    async def ruling(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """What was decided; None where that was withdrawn."""
        incident = self._incidents.get(announcement.subject["incident"])
        if not isinstance(incident, NotedIncident) or incident.ruling is None:
            return None
        return Bulletin(ruling_reply(incident, veiled=is_veiled(settings)))

    async def digest(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """The incidents that a chat was not told by themselves; None where it was told all."""
        rest = self._news.digest(announcement, settings)
        if not rest:
            return None
        race, asked = rest[0].race, f"{rest[0].circuit} {rest[0].season}"
        reply = digest_reply(race, asked, [*map(live_incident, rest)], veiled=is_veiled(settings))
        return Bulletin(replace(reply, page=race_page(rest[0])))
