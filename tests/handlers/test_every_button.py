from collections import deque

from bot.dispatch import BROKEN, STALE, UNKNOWN
from bot.messages import User
from bot.settings import Settings
from storage.incidents import Incidents
from storage.incidents.reading import read_circuits
from tests.conversation import buttons, conversation

DEAD_ENDS = (STALE, UNKNOWN, BROKEN[:20])


async def test_every_button_of_every_card_that_ships_leads_somewhere(
    settings: Settings, shipped: Incidents, al: User
) -> None:
    async with conversation(settings, shipped) as bot:
        doors = deque([*(f"crash {incident.id}" for incident in shipped), *bot.core.dispatcher.commands])
        seen = set(doors)
        dead = []
        while doors:
            reply = await bot.send(data := doors.popleft(), al)
            if data != "vote" and reply.card.title.startswith(DEAD_ENDS):
                dead.append(data)
            new = {button.data for button in buttons(reply)} - seen
            seen |= new
            doors += sorted(new)
    assert dead == []
    assert {
        f"{door} {incident.id}" for incident in shipped for door in ("crash", "quote", "timeline", "verdict")
    } <= seen
    assert {f"vote {incident.id} racing-incident" for incident in shipped if incident.poll} <= seen


async def test_every_place_that_fans_may_name_is_answered(settings: Settings, shipped: Incidents, al: User) -> None:
    broken = []
    async with conversation(settings, shipped) as bot:
        for circuit in read_circuits().values():
            for name in (circuit.name, circuit.country, *circuit.also):
                reply = await bot.ask(f"/crash {name}", al)
                if reply.card.title.startswith(BROKEN[:20]):
                    broken.append(name)
    assert broken == []
