"""What an operator watches of all that is stored: what waits to be told, who does what, how old the season is."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage import tables
from storage.database.base import Reader
from storage.database.rights import TakesNothingNewError, takes_nothing_new
from storage.database.upgrades import VERSION
from storage.outbox import DEAD, PENDING

DELIVERY = tables.delivery


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """Seconds and counts as of one moment; moments are seconds since 1970."""

    pending: int
    oldest_due_at: int | None
    """When the delivery that has waited longest was due; None where none waits."""

    given_up: int
    leases: dict[str, int]
    """Until when each role is held, by its name."""

    calendar_fetched_at: int | None
    result_fetched_at: int | None


async def answers(reader: Reader) -> bool:
    """Whether the database answers whoever may read anything in it, as one that serves pages alone."""
    return bool(await reader.read(lambda connection: connection.scalar(select(VERSION.c.version_num))))


async def takes_votes(reader: Reader) -> bool:
    """Whether the database answers and, where a server has it, takes what is written."""

    def look(connection: Connection) -> bool:
        if takes_nothing_new(connection):
            raise TakesNothingNewError
        return bool(connection.scalar(select(VERSION.c.version_num)))

    try:
        return await reader.read(look)
    except TakesNothingNewError:
        return False


async def vital_signs(reader: Reader) -> VitalSigns:
    """Read them; each is one index away, however much is stored."""
    lease = tables.lease
    one_by_one = (
        select(func.count()).select_from(DELIVERY).where(PENDING),
        select(func.min(DELIVERY.c.due_at)).where(PENDING),
        select(func.count()).select_from(DELIVERY).where(DEAD),
        select(func.max(tables.race.c.fetched_at)),
        select(func.max(tables.classification.c.fetched_at)),
    )
    found, leases = await reader.read(
        lambda connection: (
            [connection.scalar(each) for each in one_by_one],
            {str(name): int(until) for name, until in connection.execute(select(lease.c.name, lease.c.expires_at))},
        )
    )
    pending, oldest_due_at, given_up, calendar, result = found
    return VitalSigns(pending or 0, oldest_due_at, given_up or 0, leases, calendar, result)
