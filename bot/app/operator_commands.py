"""What operators can have done: announce a race, set a start, import sessions, rule, look at what is undelivered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.app.control_socket import Order, Report
from bot.app.importing import Importing
from bot.app.ruling import RulingByHand
from bot.app.starts import StartsByHand
from bot.chat.plain_text import amount
from bot.domain.deliveries import Undelivered
from bot.domain.places import Chat, ChatKind
from bot.pacing.clock import Clock
from storage.outbox import Outbox

if TYPE_CHECKING:
    from bot.app.announcing import Announcing

SHOWN = 50
NO_FEED = "Nothing can be announced where nobody tells of results: JOLPICA_URL and F1DB_URL are off."


class Operators:
    """Carries out what is asked for at the control socket, or by the command line where no bot is running."""

    def __init__(
        self,
        announcing: "Announcing | None",
        importing: Importing,
        ruling: RulingByHand,
        starts: StartsByHand,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._announcing = announcing
        self._importing = importing
        self._ruling = ruling
        self._starts = starts
        self._outbox = outbox
        self._clock = clock

    @property
    def orders(self) -> Mapping[str, Order]:
        """The orders by the names that the command line has for them."""
        return {
            "announce": self.announce,
            "deliveries": self.deliveries,
            "import": self._importing.import_sessions,
            "rule": self._ruling.rule,
            "session": self._starts.set_start,
        }

    async def announce(self, race: str, *, dry_run: bool = False) -> Report:
        """Announce a race as people say it (`imola 2021`, `silverstone 2021 sprint`), or say what would be told."""
        if self._announcing is None:
            return Report(ok=False, lines=(NO_FEED,))
        return await self._announcing.announce(race, dry_run=dry_run)

    async def deliveries(self, *, retry: bool = False) -> Report:
        """What is on its way and what was given up, and why; or try again what can be."""
        if retry:
            return await self._retry()
        pending, given_up = await self._outbox.counted()
        under_way = f"{amount(pending, 'delivery is', 'deliveries are')} on the way." if pending else ""
        if not given_up:
            return Report(ok=True, lines=(under_way or "Everything was delivered.",))
        lines = [_line(one) for one in await self._outbox.undelivered(SHOWN)]
        latest = f", the latest {SHOWN} above" if given_up > SHOWN else ""
        advice = f"{given_up:,} given up{latest}. `racing-incident deliveries --retry` tries again."
        return Report(ok=True, lines=(*lines, *filter(None, [under_way]), advice))

    async def _retry(self) -> Report:
        again = await self._outbox.retry(self._clock.now())
        _, left = await self._outbox.counted()
        tried = f"{amount(again, 'delivery is', 'deliveries are')} tried again." if again else "Nothing to try again."
        past = f"{left:,} given up for good: too old by now, or no longer wanted."
        return Report(ok=True, lines=(tried, *([past] if left else [])))


def _line(one: Undelivered) -> str:
    return f"{one.at:%Y-%m-%d %H:%M}  {_named(one.chat)}  {one.announcement}: {one.problem}"


def _named(chat: Chat) -> str:
    """A chat by its number; a private chat's is a person's own."""
    return f"{chat.platform} {'private chat' if chat.kind is ChatKind.PRIVATE else chat.id}"
