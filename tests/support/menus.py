"""What platforms were last told of the commands, as tests keep it."""


class Menus:
    """Menus in memory; `digests` holds what was published, by key."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}

    async def changed(self, key: str, digest: str) -> bool:
        """Whether the commands kept under a key are others than these."""
        return self.digests.get(key) != digest

    async def published(self, key: str, digest: str) -> None:
        """Note that the platform has these commands now."""
        self.digests[key] = digest
