"""What moves on open pages by itself: the verdict of an incident, the list of those that are looked at right now.

Each page is told at most once a second, whatever happens meanwhile. What is told is made once for all that show it.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

import structlog

from bot.events import CaseChanged, Missed, PollMoved, RulingMade, Subscription
from bot.i18n import speaking
from bot.pacing.remembered import Remembered
from bot.web.front.allowance import network
from bot.web.pages.home import running_part
from bot.web.pages.verdict import verdict_part
from bot.web.site import Site
from bot.web.visits import PAGE_SECONDS
from storage.database.failing_work import FailingWork

log = structlog.get_logger(__name__)

A_CHANGE = 1.0
"""Seconds between two changes of a page, at least."""

AT_A_TIME = 25
"""Pages that are told in one go: about a millisecond's work."""

MOST_OPEN = 5_000
"""Upper bound of pages that are open at a time; those that come later do not move by themselves."""

Move: TypeAlias = PollMoved | CaseChanged | RulingMade

RUNNING = ""
"""The topic that is the list of incidents that are looked at right now; every other is an incident's id."""

REMEMBERED = 500


class Shown(NamedTuple):
    """What a page shows: its topic, its language, and the language that its links keep, or nothing."""

    topic: str
    language: str
    prefix: str


class Made(NamedTuple):
    """What is told, and until when by the stopwatch it may be told again: not everything in it tells that it moves."""

    html: str
    until: float


class Page:
    """An open page: the latest that it is to show waits for it, and nothing older."""

    def __init__(self) -> None:
        self._latest: str | None = None
        self._news = asyncio.Event()
        self.ended = False

    def tell(self, latest: str) -> None:
        """Let it show something; never blocks."""
        self._latest = latest
        self._news.set()

    def end(self) -> None:
        """Let it go."""
        self.ended = True
        self._news.set()

    async def take(self, within: float) -> str | None:
        """What it is to show next; None where nothing comes within so many seconds, or it has ended."""
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return None
        self._news.clear()
        latest, self._latest = self._latest, None
        return latest


class Moving:
    """Who has which page open, and what they are told."""

    def __init__(self, site: Site, most_each: int | None) -> None:
        """`most_each` is how many pages one address may have open; None where there is no limit."""
        self._site = site
        self._most_each = most_each
        self._events: Subscription[Move] = site.events.subscribe(PollMoved, CaseChanged, RulingMade)
        self._open: defaultdict[Shown, set[Page]] = defaultdict(set)
        self._addresses: Counter[str] = Counter()
        self._moves = 0
        self._outages = FailingWork[str]()
        self._made: Remembered[Shown, Made] = Remembered(REMEMBERED)
        self._making: dict[tuple[Shown, int], asyncio.Task[str]] = {}

    @contextmanager
    def opened(self, shown: Shown, address: str) -> Iterator[Page | None]:
        """A page that is open while this lasts; None where there are too many."""
        who = network(address)
        full = self._most_each is not None and self._addresses[who] >= self._most_each
        if full or self._addresses.total() >= MOST_OPEN:
            yield None
            return
        page = Page()
        self._addresses[who] += 1
        self._open[shown].add(page)
        try:
            yield page
        finally:
            self._addresses[who] -= 1
            if not self._addresses[who]:
                del self._addresses[who]
            self._open[shown].discard(page)
            if not self._open[shown]:
                del self._open[shown]

    async def now(self, shown: Shown) -> str:
        """What a page shows at the moment, made once for all who ask meanwhile. Raises what the database does."""
        kept = self._made.get(shown)
        if kept is not None and kept.until > self._site.clock.monotonic():
            return kept.html
        key = (shown, self._moves)  # what was begun before something moved is no answer to who asks after it
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make_and_keep(shown))
            making.add_done_callback(lambda made: self._end(key, made))
        return await asyncio.shield(making)

    async def _make_and_keep(self, shown: Shown) -> str:
        before = self._moves
        made = await self._make(shown)
        if self._moves == before:  # else it may be old already
            self._made[shown] = Made(made, self._site.clock.monotonic() + PAGE_SECONDS)
        return made

    def _end(self, key: tuple[Shown, int], made: "asyncio.Task[str]") -> None:
        self._making.pop(key, None)
        if not made.cancelled():
            made.exception()  # whoever waited has been told; where all have left, nobody is to be

    async def run(self) -> None:
        """Tell pages what has moved, until cancelled; then let all of them go."""
        try:
            while True:
                topics = self._topics(await self._events.take())
                started = self._site.clock.monotonic()
                moved = [shown for shown in self._open if topics is None or shown.topic in topics]
                rounds = sum(-(-len(self._open[shown]) // AT_A_TIME) for shown in moved)
                for shown in moved:
                    await self._tell(shown, pause=A_CHANGE / 2 / rounds if rounds > 1 else 0.0)
                spent = self._site.clock.monotonic() - started
                await self._site.clock.sleep(max(0.0, A_CHANGE - spent))
        finally:
            for pages in self._open.values():
                for page in pages:
                    page.end()

    def _topics(self, events: Sequence[Move | Missed]) -> set[str] | None:
        """What has moved, which is made anew from now on; None where it may be anything."""
        self._moves += 1
        if any(isinstance(event, Missed) for event in events):
            self._made.clear()
            return None
        topics = {event.incident for event in events if not isinstance(event, Missed)} | {RUNNING}
        for shown in [shown for shown in self._made if shown.topic in topics]:
            del self._made[shown]
        return topics

    async def _tell(self, shown: Shown, pause: float) -> None:
        """Tell all that show it, some at a time, with a pause of so many seconds after each."""
        try:
            latest = await self.now(shown)
        except Exception as error:
            if self._outages.begins(shown.topic, error):
                log.exception("web.page_not_moved", topic=shown.topic)
            return
        self._outages.ends(shown.topic)
        pages = [*self._open.get(shown, ())]
        for start in range(0, len(pages), AT_A_TIME):
            for page in pages[start : start + AT_A_TIME]:
                page.tell(latest)
            if pause:
                await self._site.clock.sleep(pause)

    async def _make(self, shown: Shown) -> str:
        site, addresses = self._site, self._site.addresses
        if shown.prefix:
            addresses = addresses.speaking(shown.language)
        with speaking(shown.language):
            if shown.topic == RUNNING:
                return await running_part(site, addresses)
            incident = site.incidents.get(shown.topic)
            if incident is None:
                return ""
            return verdict_part(incident, await site.polls.answers(incident.id), site.ways())
