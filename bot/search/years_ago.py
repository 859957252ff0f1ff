"""Years that are named by the present one: `imola last year`, „vor zwei Jahren in Monza“, «el año pasado»."""

import re

from bot.search.query_words import LONGEST_QUERY
from bot.search.spelled_times import in_figures
from bot.search.words import spaced

_LAST = (
    r"(?:last|previous|past) (?:year|season)|(?:letzte|vorige|vergangene)[snr]? (?:jahre?s?|saison)|vorjahre?s?|"
    r"(?:ano|temporada) (?:pasad|anterior)[oa]?|ultim[oa] (?:ano|temporada)"
)
_THIS = (
    r"(?:this|current) (?:year|season)|diese[sr]? (?:jahre?s?|saison)|heuer|(?:este ano|esta temporada)|"
    r"(?:ano|temporada) actual"
)
_NEXT = (
    r"(?:next|coming) (?:year|season)|(?:nachste|kommende)[snr]? (?:jahre?s?|saison)|"
    r"(?:proximo ano|proxima temporada|ano que viene|temporada que viene)"
)
_NUMBER = r"(?P<{name}>[a-z]{{1,12}}|[0-9]{{1,2}})"
_AGO = "|".join(
    way.format(_NUMBER.format(name=name))
    for name, way in (("english", "{} years? ago"), ("german", "vor {} jahre?n?"), ("spanish", "hace {} anos?"))
)
_RELATIVE = re.compile(rf"\b(?:im )?(?:(?P<last>{_LAST})|(?P<this>{_THIS})|(?P<next>{_NEXT})|{_AGO})\b")

_NAMED_BY = ("year", "season", "jahr", "saison", "heuer", "ano", "temporada")
"""One of which every such year has in it; of texts with other letters that is seen once they are folded."""

_ONE = frozenset({"a", "an", "one", "ein", "einem", "un", "1"})


def with_years(query: str, this_year: int) -> str:
    """A query whose years are figures, where it names any by how long ago they are; as it was typed where it does not.

    A season that is said to be the last is that of the year before.
    """
    if query.isascii() and not any(map(query.lower().__contains__, _NAMED_BY)):
        return query
    said = " ".join(spaced(query[:LONGEST_QUERY]).split())
    written = _RELATIVE.sub(lambda found: _year(found, this_year), said)
    return query if written == said else written


def _year(found: re.Match[str], this_year: int) -> str:
    """The year that is meant; what was said, where that is no number of years."""
    if found["last"]:
        return f"{this_year - 1}"
    if found["this"]:
        return f"{this_year}"
    if found["next"]:
        return f"{this_year + 1}"
    number = found["english"] or found["german"] or found["spanish"]
    ago = "1" if number in _ONE else in_figures(number)
    return f"{this_year - int(ago)}" if ago.isdecimal() else found[0]
