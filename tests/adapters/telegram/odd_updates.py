"""Updates as they should be, and as they should not."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.adapters.telegram import bot_api
from tests.adapters.telegram.bot_api import GROUP, PRIVATE

SENSIBLE = [
    bot_api.typed("/crash imola", via_bot=None, sender_chat=GROUP, message_thread_id=9, is_topic_message=True),
    bot_api.typed("imola", PRIVATE),
    bot_api.pressed("vote imola-2021 all-russell"),
    bot_api.pressed_inline("vote imola-2021 all-russell"),
    bot_api.inline_query("imola"),
    bot_api.chosen("blame", "imola"),
]
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**62, max_value=2**70)
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "-1001", "private", "/crash", "0", ""]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=8,
)


def places(value: object, *way: str | int) -> list[tuple[str | int, ...]]:
    """The ways to all that is in an update."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(found for name, each in inside for found in places(each, *way, name))]


@st.composite
def odd_updates(draw: st.DrawFn) -> object:
    """A sensible update in which up to three things are missing, or something else altogether."""
    update: Any = copy.deepcopy(draw(st.sampled_from(SENSIBLE)))
    for _change in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places(update)))
        if not way:
            return draw(ODD)
        holder = update
        for name in way[:-1]:
            holder = holder[name]
        if draw(st.booleans()):
            holder[way[-1]] = draw(ODD)
        else:
            del holder[way[-1]]
    return update
