"""Pictures painted beside the event loop, each of them once."""

from asyncio import Future, get_running_loop, shield
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVarTuple

from bot.i18n import spoken_code

if TYPE_CHECKING:  # Pillow is loaded for the first picture, not on start
    from collections.abc import Callable

    from bot.pictures.canvas import Picture

Inputs = TypeVarTuple("Inputs")

KEPT = 128
"""Pictures that are remembered, 60 KB at most each; the one not asked for longest is forgotten first."""


class Painter:
    """Paints in a thread of its own; what several ask for at the same time, or again, it paints once.

    One thread, because Pillow draws text holding the interpreter: a second would only make the event loop wait longer.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="painter")
        self._pictures: OrderedDict[object, Future[Picture]] = OrderedDict()

    async def paint(self, draw: "Callable[[*Inputs], Picture]", *inputs: *Inputs) -> "Picture":
        """What `draw(*inputs)` returns, or raises, in the language that is spoken.

        The inputs are hashable values that say all else that there is to draw.
        """
        key = (draw, spoken_code(), inputs)
        picture = self._pictures.get(key)
        if picture is None:
            picture = get_running_loop().run_in_executor(self._thread, copy_context().run, draw, *inputs)
            self._keep(key, picture)
        self._pictures.move_to_end(key)
        return await shield(picture)

    def close(self) -> None:
        """Finish the picture in hand and paint no more."""
        self._thread.shutdown(cancel_futures=True)

    def _keep(self, key: object, picture: "Future[Picture]") -> None:
        """Remember a picture, unless painting it fails."""
        self._pictures[key] = picture
        if len(self._pictures) > self._kept:
            self._pictures.popitem(last=False)

        def forget(painted: Future[Any]) -> None:
            if painted.cancelled() or painted.exception():
                self._pictures.pop(key, None)

        picture.add_done_callback(forget)
