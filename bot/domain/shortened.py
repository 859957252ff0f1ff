"""Whether a quotation was shortened honestly: by nothing but leaving out, each gap marked, not a letter changed."""

import re
from collections.abc import Iterator, Sequence

MARK = "…"
"""What stands where words were left out."""

_BY_CHANCE = 5
"""Words that two texts may share in this order without one being the other, if they are no more."""

_SENTENCE_ENDS = (".", "!", "?")
_BRACKETS = "\"'“”‘’()[] "
_DASHES = "–—"


def misquoted(short: str, words: str) -> str | None:
    """What is wrong with a shortened quotation, as a reason for its author; None where nothing is.

    `short` is fragments of `words`, letter for letter and in their order, cut between words, with a mark wherever
    something is left out; only at a sentence's border may it begin or end without one. Blanks and line breaks count as
    one blank.
    """
    text = _folded(words)
    parts = [_folded(part) for part in short.split(MARK)]
    fragments = [part for part in parts if part]
    if not fragments or not all(parts[1:-1]):
        return f"nothing stands between two marks ({MARK})"
    last = len(fragments) - 1
    end = 0
    for number, fragment in enumerate(fragments):
        marked_before, marked_after = number > 0 or not parts[0], number < last or not parts[-1]
        for start in _places(fragment, text, end):
            before, after = text[end:start], text[start + len(fragment) :]
            begins = _leaves_out(before) if marked_before else _is_sentence(before)
            ends = _leaves_out(after) if marked_after else _is_sentence(fragment) or not after.strip(_BRACKETS)
            if begins and ends:
                end = start + len(fragment)
                break
        else:
            return f"“{fragment}” is not so in words, or a mark ({MARK}) is missing, or one too many"
    return None


def cut_unmarked(cut: str, whole: str) -> bool:
    """Whether a text is part of another with words left out in between and no mark in their place.

    Commas, dashes, capitals and the shape of apostrophes, in which two papers differ, make no difference.
    """
    runs = [run for part in cut.split(MARK) if (run := _spoken(part))]
    words, heard = [word for run in runs for word in run], _spoken(whole)
    if not _BY_CHANCE < len(words) < len(heard):
        return False
    windows = (heard[start : start + 2 * len(words)] for start, word in enumerate(heard) if word == words[0])
    return not _in_order(runs, heard) and any(_in_order([[word] for word in words], window) for window in windows)


def _spoken(text: str) -> list[str]:
    return re.findall(r"[\w'%]+", text.replace("’", "'").casefold())


def _in_order(runs: Sequence[Sequence[str]], words: Sequence[str]) -> bool:
    """Whether unbroken runs of words are among others, one after the other."""
    end = 0
    for run in runs:
        starts = range(end, len(words) - len(run) + 1)
        start = next((start for start in starts if words[start : start + len(run)] == run), None)
        if start is None:
            return False
        end = start + len(run)
    return True


def _folded(text: str) -> str:
    return " ".join(text.split())


def _places(fragment: str, text: str, end: int) -> Iterator[int]:
    """Where a fragment begins in a text at or after `end`, in whole words."""
    start = text.find(fragment, end)
    while start >= 0:
        if not (_goes_on(reversed(text[:start]), fragment[0]) or _goes_on(text[start + len(fragment) :], fragment[-1])):
            yield start
        start = text.find(fragment, start + 1)


def _goes_on(outside: Iterator[str] | str, inside: str) -> bool:
    """Whether what lies outside a fragment, read away from it, goes on with its outermost word, as `'t` after `don`."""
    for character in outside:
        if inside in _DASHES or character in _DASHES or character.isspace() or inside.isspace():
            return False
        if character.isalnum():
            return True
    return False


def _leaves_out(gap: str) -> bool:
    """Whether a mark in place of this is true: words are left out, or were before."""
    return MARK in gap or any(character.isalnum() for character in gap)


def _is_sentence(text: str) -> bool:
    """Whether nothing goes on behind a text: a sentence has ended, or none has begun."""
    text = text.rstrip(_BRACKETS)
    return not text or text.endswith(_SENTENCE_ENDS)
