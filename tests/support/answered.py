"""Which updates have been answered by a message, in memory."""


class Answered:
    """What adapters told of the updates that they answered; it outlives them."""

    def __init__(self) -> None:
        self.updates: set[tuple[str, str]] = set()

    async def begin_answer(self, platform: str, update: str) -> bool:
        """Whether a message may be sent as an update's answer: from now on none may."""
        is_new = (platform, update) not in self.updates
        self.updates.add((platform, update))
        return is_new
