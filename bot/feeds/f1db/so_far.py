"""What a season's races have brought until one of them, counted from its results."""

from collections import Counter

from bot.domain.season import Championship, Classification, SessionKind


class SoFar:
    """Wins, and who drove for whom last: a championship's tables do not say so."""

    def __init__(self) -> None:
        self.wins = {kind: Counter[str]() for kind in Championship}
        self.teams: dict[str, str] = {}

    def count(self, told: Classification) -> None:
        """Count a race."""
        if told.kind is not SessionKind.RACE:
            return
        self.teams |= {finish.entrant.driver_id: finish.entrant.team for finish in told.finishes}
        winners = [finish.entrant for finish in told.finishes if finish.place == "1"]
        self.wins[Championship.DRIVERS].update({entrant.driver_id for entrant in winners})
        self.wins[Championship.TEAMS].update({entrant.team_id for entrant in winners})
