"""/recap: a race's story on one card with a picture, and the incidents that are told of it."""

from bot.cards.illustrated import illustrated_recap
from bot.cards.unfolded import unfolded
from bot.chat.commands import Command
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import ChatKind
from bot.domain.race_story import RaceStory
from bot.domain.sessions import SessionKind
from bot.i18n import marked
from bot.pictures.painter import Painter
from bot.search.argument_words import AS_PICTURE, SPRINT
from bot.search.completing import Suggest
from handlers.season.choosing import Races
from storage.chats import Chats
from storage.race_stories import RaceStories


class Recaps:
    """Tell how a race went."""

    def __init__(self, races: Races, stories: RaceStories, chats: Chats, painter: Painter, suggest: Suggest) -> None:
        self._suggest = suggest
        self._races = races
        self._stories = stories
        self._chats = chats
        self._painter = painter

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        standing = Command(
            "recap",
            marked("A race's story on one card"),
            self.tell,
            argument=marked("race and season"),
            option="race",
            suggest=self._suggest,
        )
        whole = Command(
            "facts",
            "All facts of a race, where its card cannot fold",
            self.unfold_facts,
            argument="race and season",
            option="race",
            listed=False,
        )
        return standing, whole

    async def unfold_facts(self, request: Request) -> Reply:
        """What a race's card folds; to whoever presses for it alone, as the card stays where it is."""
        return unfolded(await self.tell(request), private=request.pressed is not None)

    async def tell(self, request: Request) -> Reply:
        """The story of the race that is asked for, or of the latest; of its sprint where that is asked for."""
        kind = SessionKind.SPRINT if SPRINT.search(request.argument) else SessionKind.RACE
        # older messages have a button that asks for the picture, which is always there now
        race = await self._races.one(SPRINT.sub(" ", AS_PICTURE.sub("", request.argument)), request)
        story = await self._stories.of(await self._races.classification(race, kind, request))
        if kind is SessionKind.RACE and not _is_complete(story):
            self._races.wish(race)
        if request.chat.kind is ChatKind.GROUP:
            story = await self._stories.told_in(request.chat, story)
        veiled = self._chats.veiled(request.chat, request.user)
        blind = self._chats.preferences(request.chat).blind
        return await illustrated_recap(self._painter, story, veiled=veiled, blind=blind)


def _is_complete(story: RaceStory) -> bool:
    """Whether it is known what a race did to the championship."""
    drivers = story.drivers
    return drivers is not None and (drivers.before is not None or drivers.after.round == 1)
