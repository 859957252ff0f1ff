"""What commands and their options are called in each language that Discord's menus are shown in."""

import re

import discord
from discord.app_commands import (
    ContextMenu,
    TranslationContextLocation,
    TranslationContextTypes,
    Translator,
    locale_str,
)

from bot.i18n import _, marked, speaking

NAMES = (
    marked("crash"), marked("timeline"), marked("blame"), marked("quote"), marked("verdict"), marked("chart"),
    marked("incidents"), marked("stewards"), marked("blamed"), marked("next"), marked("calendar"), marked("standings"),
    marked("results"), marked("recap"), marked("driver"), marked("team"), marked("subscribe"), marked("unsubscribe"),
    marked("reminders"), marked("settings"), marked("polls"), marked("help"), marked("about"), marked("privacy"),
    marked("mydata"), marked("forgetme"),
    marked("incident"), marked("filter"), marked("season"), marked("race"), marked("championship"), marked("topic"),
    marked("reminder"), marked("setting"), marked("switch"), marked("channel"),
)  # fmt: skip
"""Of commands, then of options, as they stand in the table."""

SPOKEN_IN = {
    discord.Locale.german: "de",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
"""Our languages by Discord's; in any other the names are English."""

LONGEST = 100
"""Characters of a description at most."""

LONGEST_NAME = 32
"""Characters of what stands in a message's menu at most."""

_OF_NAMES = {TranslationContextLocation.command_name, TranslationContextLocation.parameter_name}
_NAME = re.compile(r"[\w-]{1,32}")


class Names(Translator):
    """Puts names and descriptions into a language; Discord takes names in small letters, without spaces."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """A name or description in one of Discord's languages; None where it is the English one."""
        with speaking(SPOKEN_IN.get(locale)):
            said = _(string.message)
        if isinstance(context.data, ContextMenu):  # whose name may be a sentence
            return said[:LONGEST_NAME] if said != string.message else None
        if context.location in _OF_NAMES:
            said = said.lower()
            return said if said != string.message and _NAME.fullmatch(said) else None
        return said[:LONGEST] if said != string.message else None
