"""What is heard from elsewhere: race control, and other processes on the same database."""

from typing import TYPE_CHECKING

from bot.app.leased_role import LeasedRole
from bot.app.roles import Role
from bot.app.shared_core import Work
from bot.events import Events
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.relay.relay import Relay
from bot.measures import Measures
from bot.pacing.clock import Clock
from storage.leases import Leases
from storage.repositories import Repositories

if TYPE_CHECKING:
    from bot.feeds.race_control.source import Source


def hear_others(
    stored: Repositories, events: Events, recorder: Recorder, leases: Leases, clock: Clock, work: Work
) -> None:
    """Hear other processes that vote and record as well, and tell them what happens here, where there may be any."""
    told = stored.database.notifications
    if told is None:
        return
    work.start(recorder.run())
    relay = Relay(told, events, stored.chats.read_again, recorder.refresh, clock, name=leases.holder())
    work.start(relay.run())


def hear_race_control(
    source: "Source",
    recorder: Recorder,
    stored: Repositories,
    leases: Leases,
    measures: Measures,
    clock: Clock,
    work: Work,
) -> None:
    """Listen to race control on its days, by one process at a time; what that takes is loaded only here."""
    from bot.jobs.race_control.listening import Listening  # noqa: PLC0415
    from bot.jobs.race_control.tracker import Tracker  # noqa: PLC0415

    listening = Listening(source, Tracker(recorder, clock, measures=measures), stored.seasons, clock)
    work.start(LeasedRole(Role.RACE_CONTROL, leases, clock).play(listening.run))
