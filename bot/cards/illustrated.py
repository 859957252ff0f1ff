"""Cards with their pictures, which are painted beside the event loop."""

from bot.cards.recap import recap_reply
from bot.chat.replies import Attachment, Reply
from bot.domain.race_story import RaceStory
from bot.pictures.painter import Painter


async def illustrated_recap(painter: Painter, story: RaceStory, *, veiled: bool = False, blind: bool = False) -> Reply:
    """A race's story as it is shown.

    It is veiled for those who do not want to see a result before they tap it; where polls are blind, the fans' votes on
    its incidents are left out.
    """
    from bot.pictures.recap import recap_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

    picture = await painter.paint(recap_picture, story.classification, story.drivers)
    attachment = Attachment("recap.png", picture.png, picture.alt)
    return recap_reply(story.without_votes if blind else story, attachment, veiled=veiled)
