"""What there is to tell of a running session: a poll for each incident, rulings, and a digest of the rest."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from bot.cards.live_text import live_incident
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.live_telling import IN_ITS_HOUR, digest_due, poll_due, ruling_due, shared_out
from bot.domain.noted_incidents import NotedIncident
from bot.domain.sessions import LASTS, SessionKind
from bot.domain.topics import INCIDENTS, RULINGS
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.search.catalogue import Incidents
from storage.announcements import Announcements, Due

A_DAY = dt.timedelta(days=1)

RULING_IS_NEWS = dt.timedelta(hours=24)
"""How long after it was made a ruling is announced; those of imported sessions are no news."""

DIGEST_IS_NEWS = dt.timedelta(hours=12)
"""How long after a session's last verdict its digest is announced."""

LIVE_SESSIONS = {"race", "sprint"}

REMEMBERED = 1_000
"""Upper bound of announcements that are known to be made, so that they are not made again and again."""


class IncidentNews:
    """Announces incidents, rulings and digests, each once: the key of an announcement is made of what it is about."""

    def __init__(
        self,
        incidents: Incidents,
        announcements: Announcements,
        clock: Clock,
        live_for: dt.timedelta = IN_ITS_HOUR,
    ) -> None:
        """`live_for` is how long after it was noted an incident is announced by itself."""
        self._incidents = incidents
        self._announcements = announcements
        self._clock = clock
        self._live_for = live_for
        self._made: Remembered[str, None] = Remembered(REMEMBERED)

    async def tell(self) -> None:
        """Announce all that is news by now."""
        for incident in self._of_these_days():
            await self._tell_of(incident)
        for session in {incident.session_key for incident in self._of_these_days() if incident.case.over}:
            await self._tell_digest(session)

    def due(self, announcement: Announcement) -> Due:
        """When chats may be told something of a running session; from what is noted by now.

        Nothing is looked up when it is asked: that is in a transaction, on SQLite in the writer's thread.
        """
        subject = announcement.subject
        if announcement.kind is Kind.DIGEST:
            return partial(_digest_due, announcement, self._noted_in(subject["session"]))
        incident = self._incidents.get(subject["incident"])
        if not isinstance(incident, NotedIncident):  # it is told by now
            return _not_by_itself
        if announcement.kind is Kind.RULING:
            return partial(ruling_due, ruled_at=announcement.made_at, flag=_flag(incident, announcement.made_at))
        said_at = min(incident.case.opened_at, announcement.made_at)  # by whichever clock, it was said before we heard
        return partial(_poll_due, incident, self._noted_in(incident.session_key), said_at)

    def digest(self, announcement: Announcement, settings: ChatSettings) -> list[NotedIncident]:
        """The incidents of a session that chats of these settings were not told by themselves, as they were noted.

        Nor is one that is not asked about any more, but it had its place among the first of them.
        """
        return _untold(announcement, self._noted_in(announcement.subject["session"]), settings)

    def _noted_in(self, session_key: str) -> list[NotedIncident]:
        """The incidents of a session, also those that are not asked about any more, in the order of their noting."""
        known = (each for each in self._noted_these_days() if each.session_key == session_key)
        return sorted(known, key=lambda incident: incident.case.opened)

    def _of_these_days(self) -> list[NotedIncident]:
        return [each for each in self._noted_these_days() if each.poll]

    def _noted_these_days(self) -> Iterator[NotedIncident]:
        today = self._clock.now().date()
        for known in self._incidents.between(today - 2 * A_DAY, today + A_DAY):
            if isinstance(known, NotedIncident) and known.session in LIVE_SESSIONS:
                yield known

    async def _tell_of(self, incident: NotedIncident) -> None:
        now, case, ruling = self._clock.now(), incident.case, incident.ruling
        if now - case.opened_at <= self._live_for:
            subject = {"incident": incident.id}
            # As long as quiet hours may put it off, and a delay besides.
            expires_at = case.opened_at + self._live_for + IN_ITS_HOUR
            await self._announce(Announcement(_key(incident), INCIDENTS.key, Kind.INCIDENT, subject, now, expires_at))
        fresh = ruling is not None and now - ruling.made_at <= RULING_IS_NEWS
        if ruling is not None and fresh and await self._was_told(incident):
            key = f"ruling {incident.id} {int(ruling.made_at.timestamp())} {ruling.decision}"
            await self._announce(
                Announcement(key, RULINGS.key, Kind.RULING, {"incident": incident.id}, now, now + A_DAY)
            )

    async def _tell_digest(self, session_key: str) -> None:
        key, now, noted = f"digest {session_key}", self._clock.now(), self._noted_in(session_key)
        last = max(incident.case.stages[-1].at for incident in noted)
        if key in self._made or now - last > DIGEST_IS_NEWS:
            return
        # What was noted while nobody listened was announced by nothing, and is in the digest like the rest.
        made = await self._announcements.among(_key(incident) for incident in noted)
        if announced := [incident.id for incident in noted if _key(incident) in made]:
            subject = {"session": session_key, "announced": announced}
            await self._announce(Announcement(key, INCIDENTS.key, Kind.DIGEST, subject, now, now + A_DAY))

    async def _was_told(self, incident: NotedIncident) -> bool:
        """Whether an incident was announced as it happened; of sessions that were imported nothing is pushed."""
        key = _key(incident)
        return key in self._made or await self._announcements.called(key) is not None

    async def _announce(self, announcement: Announcement) -> None:
        if announcement.key not in self._made:
            await self._announcements.announce(announcement)
            self._made[announcement.key] = None


def _poll_due(
    incident: NotedIncident, session: Iterable[NotedIncident], said_at: dt.datetime, settings: ChatSettings
) -> dt.datetime | None:
    """When a chat is told an incident by itself; None where it is in the digest there."""
    shared = shared_out(map(live_incident, session), settings)
    if incident.id not in {each.id for each in shared.by_themselves}:
        return None
    return poll_due(settings, said_at)


def _digest_due(digest: Announcement, session: Sequence[NotedIncident], settings: ChatSettings) -> dt.datetime | None:
    """When a chat is told a session's digest; None where it is told all of it by itself."""
    return digest_due(settings, digest.made_at) if _untold(digest, session, settings) else None


def _untold(digest: Announcement, session: Sequence[NotedIncident], settings: ChatSettings) -> list[NotedIncident]:
    """The incidents of a session that chats of these settings are told by its digest."""
    announced = digest.subject.get("announced")
    by_themselves = {each.id for each in shared_out(map(live_incident, session), settings).by_themselves}
    told = by_themselves if announced is None else by_themselves.intersection(announced)
    return [each for each in session if each.poll and each.id not in told]


def _key(incident: NotedIncident) -> str:
    """The key of an incident's announcement."""
    return f"incident {incident.id}"


def _flag(incident: NotedIncident, now: dt.datetime) -> dt.datetime:
    """When the session of an incident ends, at the latest: chats that hold results back wait from then on."""
    return now if incident.case.over else now + LASTS[SessionKind.RACE]


def _not_by_itself(_settings: ChatSettings) -> None:
    return None
