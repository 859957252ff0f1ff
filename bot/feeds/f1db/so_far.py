"""What a season's races have brought until one of them, counted from its results."""

from collections import Counter

from bot.domain.season import Championship, Classification


class SoFar:
    """Wins, and who drove for whom last: a championship's tables do not say so."""

    def __init__(self) -> None:
        self._wins = {kind: Counter[str]() for kind in Championship}
        self._lacks_a_winner = False
        self.teams: dict[str, str] = {}

    def wins(self, kind: Championship, who: str) -> int | None:
        """How many races a driver or a team has won; None once the winner of any is not known."""
        return None if self._lacks_a_winner else self._wins[kind][who]

    def count(self, told: Classification | None) -> None:
        """Count a race; None is one of which no result is told."""
        if told is None:
            self._lacks_a_winner = True
            return
        self.teams |= {finish.entrant.driver_id: finish.entrant.team for finish in told.finishes}
        winners = [finish.entrant for finish in told.finishes if finish.place == "1"]
        self._lacks_a_winner |= not winners
        self._wins[Championship.DRIVERS].update({entrant.driver_id for entrant in winners})
        self._wins[Championship.TEAMS].update({entrant.team_id for entrant in winners})
