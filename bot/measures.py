"""What the parts of the bot say of how they do, to whoever measures it: nobody, unless monitoring is set up."""

from typing import Protocol

from bot.domain.places import Platform


class Measures(Protocol):
    """Takes what happened, at once; raises nothing."""

    def answered(self, command: str, platform: Platform, outcome: str, seconds: float) -> None:
        """A command was `answered`, `refused` in a sentence, or `failed` by a mistake of ours."""

    def committed(self, what: str, items: int, seconds: float) -> None:
        """A batch of votes or deliveries was written, all of it in one transaction."""

    def heard(self, seconds: float) -> None:
        """A message of race control's is known, so long after it was said."""


class Unmeasured:
    """Nobody measures."""

    def answered(self, command: str, platform: Platform, outcome: str, seconds: float) -> None:
        """Let it pass."""

    def committed(self, what: str, items: int, seconds: float) -> None:
        """Let it pass."""

    def heard(self, seconds: float) -> None:
        """Let it pass."""


UNMEASURED = Unmeasured()
