"""What is measured, as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats."""

import logging
import re
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.app.roles import ALL, LEASES, Role, Roles
from bot.domain.places import Platform
from storage.vital_signs import VitalSigns

LATENCIES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Upper bounds of buckets, in seconds."""

BATCHES: Final = (1, 3, 10, 30, 100, 300, 1_000, 2_000)

ALERTED: Final = (
    ("discord.gateway_lost", "warning"),
    ("platform.lost", "warning"),
    ("platform.token_refused", "error"),
    ("poll.flooded", "warning"),
    ("telegram.poll_failed", "warning"),
    ("telegram.webhook_failing", "warning"),
    ("write.failed", "error"),
)
"""Events that there is an alert for, counted from 0 on: an increase from nothing to the first is none to Prometheus."""

LOST: Final = {
    "platform.lost": None,
    "platform.token_refused": None,
    "telegram.poll_failed": Platform.TELEGRAM,
    "discord.gateway_lost": Platform.DISCORD,
}
"""Events from which on a platform cannot be reached; where none is named here, the line names it."""

BACK: Final = {
    "telegram.connected": Platform.TELEGRAM,
    "telegram.poll_resumed": Platform.TELEGRAM,
    "discord.gateway_resumed": Platform.DISCORD,
}
"""Events from which on it can be reached again."""

AN_EVENT = re.compile(r"[a-z_0-9]+(\.[a-z_0-9]+)+")
"""The name of an event in our own log; what libraries say there is no name, and may have no end of forms."""


class Metrics:
    """Counts what the parts of one process say, and what is stored; `text` is what monitoring is told."""

    def __init__(self, roles: Roles = ALL) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = self._seconds(
            "racing_incident_request_seconds",
            "Seconds from a request to its answer, before the platform has it.",
            "command",
            "platform",
            "outcome",
        )
        items = "Votes, or deliveries' outcomes, in one transaction."
        self._batches = Histogram("racing_incident_batch_items", items, ("what",), buckets=BATCHES, registry=registry)
        self._commits = self._seconds("racing_incident_commit_seconds", "Seconds that such a transaction took.", "what")
        self._calls = self._seconds(
            "racing_incident_platform_call_seconds",
            "Seconds that a platform took for a message of our own accord, or for the change of one.",
            "platform",
            "what",
            "outcome",
        )
        self._delay = self._seconds(
            "racing_incident_race_control_delay_seconds",
            "Seconds from when race control said something, by its clock, until it is known here, by ours.",
        )
        can_work = "1 where the process can do its work, as /readyz says, 0 while it starts, or its database is away."
        self._ready = Gauge("racing_incident_ready", can_work, registry=registry)
        late = "How late the event loop was, of late."
        self._lag = Gauge("racing_incident_event_loop_lag_seconds", late, registry=registry)
        self._log = Counter(
            "racing_incident_log_events",
            "Lines of the log by their event; the README says what each of them means.",
            ("event", "level"),
            registry=registry,
        )
        for event, level in ALERTED:
            self._log.labels(event, level)
        self._away = Gauge(
            "racing_incident_platform_away",
            "Connections to a platform that are lost, from the line of the log that says so until they are back.",
            ("platform",),
            registry=registry,
        )
        for platform in (Platform.TELEGRAM, Platform.DISCORD):
            self._away.labels(platform.value)
        self._lost = set[tuple[str, object]]()
        """The connections that are lost, by their platform and shard."""

        self._stored = {
            name: Gauge(f"racing_incident_{name}", meaning, registry=registry) for name, meaning in STORED.items()
        }
        self._leases = self._held_roles(roles)
        self._held = dict[Role, float]()
        """Until when each role was held that was ever seen to be, in seconds since 1970."""

    def _seconds(self, name: str, meaning: str, *labels: str) -> Histogram:
        """How long something took, by these labels."""
        return Histogram(name, meaning, labels, buckets=LATENCIES, registry=self._registry)

    def _held_roles(self, roles: Roles) -> Gauge:
        """Which roles this process has, said once; and for how long each is held, by whichever."""
        has = Gauge(
            "racing_incident_role",
            "1 where this process has a role that it may be told to have, 0 where it has not.",
            ("role",),
            registry=self._registry,
        )
        for each in Role:
            has.labels(each.value).set(each in roles)
        return Gauge(
            "racing_incident_lease_seconds",
            "Seconds for which a role is held from now on, by whichever process; below 0 it is nobody's.",
            ("role",),
            registry=self._registry,
        )

    def answered(self, command: str, platform: Platform, outcome: str, seconds: float) -> None:
        """A command was answered."""
        self._requests.labels(command, platform.value, outcome).observe(seconds)

    def committed(self, what: str, items: int, seconds: float) -> None:
        """A batch was written."""
        self._batches.labels(what).observe(items)
        self._commits.labels(what).observe(seconds)

    def can_work(self, can: bool) -> None:
        """Whether the process can do its work was looked at."""
        self._ready.set(can)

    def heard(self, seconds: float) -> None:
        """A message of race control's is known."""
        self._delay.observe(max(0.0, seconds))

    def called(self, platform: Platform, what: str, outcome: str, seconds: float) -> None:
        """A platform was asked to `send` or `edit`: `done`, or the error that it was refused with."""
        self._calls.labels(platform.value, what, outcome).observe(seconds)

    def late(self, seconds: float) -> None:
        """The event loop came so much later than it should have."""
        self._lag.set(seconds)

    def logged(self, event: str, level: str) -> None:
        """A line was logged; only our own events are counted, of which there are about a hundred."""
        if AN_EVENT.fullmatch(event):
            self._log.labels(event, level).inc()

    def heard_of(self, event: str, said: Mapping[str, object]) -> None:
        """A line of the log says that a connection to a platform is lost, or back, or neither."""
        if event in LOST:
            platform = str(LOST[event] or said.get("platform"))
            self._lost.add((platform, said.get("shard")))
        elif event in BACK:
            platform = str(BACK[event])
            self._lost.discard((platform, said.get("shard")))
            self._lost.discard((platform, None))  # as one of several connections is there, so is the platform
        else:
            return
        self._away.labels(platform).set(sum(place == platform for place, _shard in self._lost))

    def stored(self, signs: VitalSigns, now: float) -> None:
        """Take what is stored, as of a moment in seconds since 1970."""
        ages = {
            "oldest_delivery_seconds": signs.oldest_due_at,
            "calendar_age_seconds": signs.calendar_fetched_at,
            "results_age_seconds": signs.result_fetched_at,
        }
        self._stored["deliveries_pending"].set(signs.pending)
        self._stored["deliveries_given_up"].set(signs.given_up)
        for name, moment in ages.items():
            self._stored[name].set(0 if moment is None else max(0.0, now - moment))
        for role, lease in LEASES.items():
            until = signs.leases.get(lease, min(self._held[role], now) if role in self._held else None)
            if until is not None:  # what was given back is nobody's since then
                self._held[role] = until
                self._leases.labels(role.value).set(until - now)

    def text(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self._registry)


STORED: Final = {
    "deliveries_pending": "Deliveries on their way to chats.",
    "deliveries_given_up": "Deliveries that were given up; `racing-incident deliveries` says why.",
    "oldest_delivery_seconds": "Seconds since the delivery was due that has waited longest; 0 where none waits.",
    "calendar_age_seconds": "Seconds since a calendar was fetched last; 0 where none ever was.",
    "results_age_seconds": "Seconds since a result was fetched last; 0 where none ever was.",
}
"""What is read from the database each time that somebody asks."""


class CountedLog(logging.Handler):
    """Counts our own lines of the log by their event."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line; what structlog hands over is its event with all else that is said."""
        if isinstance(record.msg, dict):
            event = str(record.msg.get("event"))
            self._metrics.logged(event, record.levelname.lower())
            self._metrics.heard_of(event, record.msg)
