"""A language other than English: its words from a catalogue, its months, plurals and numbers from Babel."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib import resources

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, parse_pattern

_NUMBER = parse_pattern("#,##0.##")


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What it takes to speak a language; `forms` are those of what is counted, singular first, by the English one."""

    code: str
    locale: Locale
    texts: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]
    """Which of the forms a number takes, as the catalogue's head says."""

    def form(self, one: str, many: str, number: int) -> str:
        """The form that a number takes; the English one where there is none."""
        forms = self.forms.get(one)
        if forms is None:
            return one if number == 1 else many
        return forms[self.plural(number)]

    def number(self, number: float) -> str:
        """A number with the language's own marks, and no needless decimals: `1.204`, `25,5`."""
        written: str = _NUMBER.apply(number, self.locale)
        return written

    @property
    def decimal_mark(self) -> str:
        """What stands before tenths."""
        return get_decimal_symbol(self.locale)

    @property
    def cities(self) -> Mapping[str, str]:
        """The cities of time zones that are called otherwise than in English: „Tokio“."""
        return _cities(self.locale)

    def city(self, zone: str) -> str | None:
        """The city of a time zone, by an older name of that as well; None where it is called as in English."""
        return self.cities.get(_newest_name(zone))

    def date(self, date: dt.date, pattern: str) -> str:
        """A date by one of Unicode's patterns: `d. MMMM y` → `18. April 2021`."""
        return format_date(date, pattern, self.locale)


@cache
def _cities(locale: Locale) -> Mapping[str, str]:
    zones = locale.time_zones.items()
    return {_newest_name(zone): names["city"] for zone, names in zones if "city" in names}


def _newest_name(zone: str) -> str:
    """A zone as it is called today: Babel has Calcutta where clocks have Kolkata."""
    return str(get_global("zone_aliases").get(zone, zone))


def read_language(code: str) -> Language | None:
    """A language by its catalogue; None where there is no catalogue of that code."""
    file = resources.files("bot.i18n") / "catalogues" / f"{code}.po"
    if not file.is_file():
        return None
    with file.open("rb") as lines:
        catalogue = read_po(lines, code)
    texts: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        match message.id, message.string:
            case str(text), str(translated) if text and translated:
                texts[text] = translated
            case (str(one), _), (*translated_forms,) if all(translated_forms):
                forms[one] = tuple(translated_forms)
    return Language(code, Locale.parse(code), texts, forms, c2py(catalogue.plural_expr))
