"""Cards with their pictures, which are painted beside the event loop."""

from dataclasses import replace

from bot.cards import incident_text, ruling_text
from bot.cards.finding import finding
from bot.cards.recap import recap_reply
from bot.cards.season_text import phrase
from bot.chat.replies import Attachment, Reply
from bot.domain.polls import SMALL
from bot.domain.race_story import RaceStory
from bot.pictures.painter import Painter


async def illustrated_recap(painter: Painter, story: RaceStory, *, veiled: bool = False, blind: bool = False) -> Reply:
    """A race's story as it is shown.

    It is veiled for those who do not want to see a result before they tap it; where polls are blind, the fans' votes on
    its incidents are left out.
    """
    from bot.pictures.recap import recap_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

    told = story.without_votes if blind else story
    picture = await painter.paint(recap_picture, story.classification, story.drivers, argued(told))
    attachment = Attachment("recap.png", picture.png, picture.alt)
    reply = recap_reply(told, attachment, veiled=veiled)
    return replace(reply, page="") if blind else reply


def argued(story: RaceStory) -> str:
    """What a race is argued about, in a sentence without numbers, which is painted again only where that changes.

    It is the first of its incidents, with what fans and the ruling say of it, or the ruling alone while few have voted;
    empty where it had none.
    """
    if not story.incidents:
        return ""
    incident, tally = story.incidents[0]
    verdict = finding(incident, tally) if tally and tally.votes >= SMALL else ruling_text.ruled(incident)
    return phrase((incident_text.title(incident), verdict))
