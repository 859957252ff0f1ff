"""Which groups have become supergroups, in memory."""

from bot.domain.places import Chat


class Groups:
    """What an adapter told of groups that became supergroups: the moves, one by one."""

    def __init__(self) -> None:
        self.moves: list[tuple[Chat, Chat]] = []

    def goes_on_as(self, chat: Chat) -> Chat:
        """What a chat is by now."""
        return dict(self.moves).get(chat, chat)

    async def move(self, old: Chat, new: Chat) -> None:
        """Take note of a move."""
        self.moves.append((old, new))
