"""What people say to the bot that asks for nothing: thanks, a farewell, laughter, in every language spoken here."""

import re
from collections.abc import Sequence

from bot.chat.requests import as_folded_word

THANKS, FAREWELL, SORRY, LAUGHTER, HOW_ARE_YOU, NOTED = "thanks", "farewell", "sorry", "laughter", "howareyou", "noted"

_SAID = {
    THANKS: """
        thanks thx ty tysm cheers thankyou thanksalot muchappreciated goodbot
        danke dankeschon dankesehr dank vielendank tausenddank besten dankdir merci guterbot
        gracias muchasgracias milgracias buenbot
    """,
    FAREWELL: """
        bye byebye goodbye cya seeyou seeya later goodnight gn
        tschuss tschuess tschau bisdann bisbald bisspater aufwiedersehen gutenacht
        adios chao hastaluego hastapronto nosvemos
    """,
    SORRY: """
        sorry apologies imsorry
        entschuldigung entschuldige tutmirleid verzeihung
        perdon losiento disculpa
    """,
    LAUGHTER: "lmao lmfao rofl xd kek hihi",
    HOW_ARE_YOU: """
        howareyou howsitgoing howareyoudoing whatsup sup
        wiegehts wiegehtes wiegehtesdir wiegehtsdir naallesklar
        quetal comoestas comova quetalestas
    """,
    NOTED: """
        ok okay okey k kk yes yeah yep yup no nope nah sure fine right alright good great nice cool perfect awesome wow
        gotit isee understood noproblem nevermind
        ja jep nein nee gut super toll klasse prima allesklar klar passt verstanden schade keinproblem
        si vale claro bien muybien genial perfecto entendido deacuerdo guay quebien
    """,
}
KINDS = frozenset(_SAID)
_KINDS = {word: kind for kind, words in _SAID.items() for word in words.split()}
_LAUGHTER = re.compile(r"(?:ha|he|ah){2,}h?|(?:ja|je){2,}|lo+l")
_SIGNS = {"👍": NOTED, "👌": NOTED, "😂": LAUGHTER, "🤣": LAUGHTER, "😅": LAUGHTER, "🙏": THANKS, "👋": FAREWELL}

_SHADES = {"\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))}

_BESIDE = {
    *("so", "very", "much", "a", "lot", "you", "again", "then", "all", "everyone", "bot", "mate", "and", "please"),
    *("dir", "euch", "sehr", "dann", "noch", "lieber", "und", "auch", "bitte"),
    *("muy", "mucho", "muchas", "y", "tambien", "amigo", "todos", "por", "favor"),
}
"""What may stand beside it, and says no more."""

FEW = 80
"""Letters of the longest text that is looked at: whoever writes more has something to ask."""

LONGEST = 4
"""Words of the longest of these: `wie geht es dir`."""

_LEADING = {THANKS, LAUGHTER, SORRY}
"""What people begin with and go on to ask: `thanks, and spa 1998?`"""

_ALSO_LEADING = {"ok", "okay", "vale"}


def small_talk(said: str) -> str:
    """Which of these a text is, and nothing else; empty where it is none: of several, what comes first above."""
    if len(said) > FEW:
        return ""
    kinds = _kinds([word for each in said.split() if (word := as_folded_word(each) or _sign(each))])
    return next((kind for kind in _SAID if kind in kinds), "")


def leads(word: str) -> bool:
    """Whether a word is what people say before they ask: `thanks`, `ok`."""
    return as_folded_word(word) in _ALSO_LEADING or _kind(as_folded_word(word)) in _LEADING


def _kinds(words: Sequence[str]) -> set[str]:
    """The kinds of words that are nothing else, by as many of them as are one; none where any word is."""
    kinds, place = set[str](), 0
    while place < len(words):
        lengths = range(min(LONGEST, len(words) - place), 0, -1)
        length = next((each for each in lengths if _kind("".join(words[place : place + each]))), 0)
        if length:
            kinds.add(_kind("".join(words[place : place + length])))
        elif words[place] not in _BESIDE:
            return set()
        place += length or 1
    return kinds


def _kind(word: str) -> str:
    return LAUGHTER if _LAUGHTER.fullmatch(word) else _KINDS.get(word, "") or _SIGNS.get(word, "")


def _sign(typed: str) -> str:
    """A sign by itself, as often as it is there and of whatever colour: `👍🏽`, `😂😂😂`."""
    return typed[0] if {*typed} <= {typed[0], *_SHADES} else typed
