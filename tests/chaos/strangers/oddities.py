"""What strangers send, drawn with a seed: values of any kind, documents of which something is odd, garbled words."""

import copy
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from bot.search.words import split
from tests.adapters.telegram.odd_updates import places

VALUES: Sequence[Any] = (
    *(None, True, False, 0, -1, 1.5, 7, 2**31, 2**53, 2**63, -(2**63), 10**30, 1e308, [], {}, [[]], [None], {"id": 1}),
    *("", " ", "0", "-1001", "/crash", "None", "\x00", "\u202e", "🏁", "é", "x" * 5_000, "9" * 400, "' OR 1=1 --"),
    *("\ud800", "{title}", "%s", "<b>", "*_`[", "../..", "\n\n", "@here", "٣"),
)
LETTERS = "abcxyz019 -_~/\\\x00\x7f\u202e\ud800🏁é٣'\"%{}<>&"


def odd(random: Random, deep: int = 3) -> Any:
    """Any value that JSON can carry."""
    match random.randrange(6) if deep else 0:
        case 1:
            return [odd(random, deep - 1) for _ in range(random.randrange(4))]
        case 2:
            return {random.choice(("id", "type", "from", "data", "x", "")): odd(random, deep - 1) for _ in range(3)}
        case 3:
            return "".join(random.choices(LETTERS, k=random.randrange(12)))
        case 4:
            return random.randrange(-(2**70), 2**70)
        case _:
            return copy.deepcopy(random.choice(VALUES))


def changed(random: Random, document: Any) -> Any:
    """A copy of a document in which up to three things are missing, or something else altogether."""
    new = copy.deepcopy(document)
    for _change in range(random.randint(1, 3)):
        *way, last = random.choice(places(new)) or (None,)
        if last is None:
            return odd(random)
        holder = new
        for step in way:
            holder = holder[step]
        if random.random() < 0.3:
            del holder[last]
        else:
            holder[last] = odd(random)
    return new


def without(random: Random, document: Any, *ways: Sequence[str]) -> Any:
    """A copy of a document in which one of these parts is missing, or cannot be what it is said to be."""
    new = copy.deepcopy(document)
    *way, last = random.choice(ways)
    holder = new
    for step in way:
        holder = holder[step]
    if random.random() < 0.5:
        del holder[last]
    else:
        holder[last] = random.choice((None, [], {}, 1.5, ["7"], {"id": None}))
    return new


CHANGES: Sequence[Callable[[Random, str], str]] = (
    lambda random, words: words[: random.randrange(len(words))],
    lambda random, words: words + random.choice(LETTERS) * random.randint(1, 70),
    lambda random, words: words.replace(random.choice(words), random.choice(LETTERS)),
    lambda random, words: " ".join(random.sample(words.split(" "), k=len(words.split(" ")))),
    lambda _random, words: f"{words} {words}",
    lambda random, words: words.replace("2021", random.choice(("1899", "20211", "٢٠٢١", "2020"))),
    lambda random, words: words.partition(" ")[0] + " " + "".join(random.choices(LETTERS, k=random.randrange(60))),
    lambda random, _words: "".join(random.choices(LETTERS, k=random.randrange(64))),
)


def garbled(random: Random, words: str) -> str:
    """Words of which something is wrong: never the same ones, however they are spaced, marked or written."""
    while True:
        new = random.choice(CHANGES)(random, words)
        if split(new) != split(words):
            return new
