"""Answers that are kept for seconds: each is made once for all who ask at the same time, and compressed once.

An answer goes as soon as one of the incidents that it is about has moved, also while it is being made.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.events import CaseChanged, Events, Missed, PollMoved, RulingMade
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.web.front.codings import Coding
from bot.web.pieces import Piece, digest, gzipped
from bot.web.visits import Answer

Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...], str]
"""The path with its language, the query, and the language that is spoken."""

MOST_KEPT = 2_000
MOST_BYTES = 12_000_000
"""Upper bounds of what is kept: answers, and their bytes as they are and compressed."""

SMALLEST_COMPRESSED = 600
"""Bytes below which compressing gains nothing."""

LARGE = 200_000
"""Bytes from which on an answer is compressed in a thread, as here it would keep all others for milliseconds."""

COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")

MOVES = (PollMoved, CaseChanged, RulingMade)
MOST_MOVES = 10_000


@dataclass(slots=True, eq=False)
class Kept:
    """An answer with its bytes and its tag, and as it was sent."""

    answer: Answer
    until: float
    pieces: tuple[Piece, ...]
    body: bytes
    tag: bytes
    """What tells it from others, in the quotation marks that tags have."""

    sent: dict[Coding, tuple[int, list[tuple[bytes, bytes]], bytes]] = field(default_factory=dict)
    """Its status, headers and body as they go out, by how they are coded, once somebody has asked."""

    @property
    def shrinks(self) -> bool:
        """Whether compressing it gains anything."""
        return len(self.body) >= SMALLEST_COMPRESSED and self.answer.media_type.startswith(COMPRESSIBLE)

    def compressed(self) -> bytes:
        """Its body compressed by gzip."""
        return gzipped(self.pieces, self.body)

    @classmethod
    def of(cls, answer: Answer, until: float) -> "Kept":
        """An answer that is fresh until then, by the stopwatch."""
        pieces = answer.pieces or (Piece(answer.body),)
        body = b"".join(piece.content for piece in pieces)
        return cls(answer, until, pieces, body, f'"{digest(pieces)}"'.encode())


class Cache:
    """The answers that are kept, at most `MOST_BYTES` of them."""

    def __init__(self, events: Events, clock: Clock) -> None:
        self._clock = clock
        self._moves = events.subscribe(*MOVES)
        self._kept: Remembered[Key, Kept] = Remembered(MOST_KEPT + 1)
        self._bytes = 0
        self._making: dict[Key, asyncio.Task[Kept]] = {}
        self._moved: Remembered[str, int] = Remembered(MOST_MOVES)
        self._count = 0
        self._about: dict[str, set[Key]] = {}

    async def run(self) -> None:
        """Drop what has moved, until cancelled."""
        async for event in self._moves:
            if isinstance(event, Missed):
                self.clear()
            elif isinstance(event, MOVES):
                self._move(event.incident)

    def clear(self) -> None:
        """Forget everything."""
        self._count += 1
        self._moved.clear()
        for key in [*self._kept]:
            self._drop(key)

    def get(self, key: Key) -> Kept | None:
        """What is kept for it, as long as it is fresh."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept.until > self._clock.monotonic() else None

    async def made(self, key: Key, make: Callable[[], Awaitable[Answer]]) -> Kept:
        """What is kept, or else what `make` gives, which is called once for all who wait. Raises what it raises."""
        if (kept := self.get(key)) is not None:
            return kept
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._make(key, make))
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(task)

    async def _make(self, key: Key, make: Callable[[], Awaitable[Answer]]) -> Kept:
        began = self._count
        answer = await make()
        kept = Kept.of(answer, self._clock.monotonic() + answer.seconds)
        if len(kept.body) >= LARGE and kept.shrinks:  # nearly everybody takes it so, and its pieces remember
            await asyncio.to_thread(kept.compressed)
        if answer.seconds and not any(self._moved.get(each, 0) > began for each in answer.about):
            self._keep(key, kept)
        return kept

    def _end(self, key: Key, task: "asyncio.Task[Kept]") -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever waited has been told; where all have left, nobody is to be

    def _keep(self, key: Key, kept: Kept) -> None:
        self._drop(key)
        self._kept[key] = kept
        self._bytes += _weight(kept)
        for incident_id in kept.answer.about:
            self._about.setdefault(incident_id, set()).add(key)
        while self._bytes > MOST_BYTES or len(self._kept) > MOST_KEPT:
            self._drop(next(iter(self._kept)))

    def _move(self, incident_id: str) -> None:
        self._count += 1
        self._moved[incident_id] = self._count
        for key in [*self._about.get(incident_id, ())]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        self._bytes -= _weight(kept)
        for incident_id in kept.answer.about:
            self._about[incident_id].discard(key)
            if not self._about[incident_id]:
                del self._about[incident_id]


def _weight(kept: Kept) -> int:
    """An answer's bytes, and what it takes compressed at most, about."""
    return len(kept.body) * 5 // 4 + 1_000
