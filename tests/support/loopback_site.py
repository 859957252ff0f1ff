"""What every double that is asked over HTTP is: a server on the loopback, at a port that is free."""

from typing import ClassVar, Self

from aiohttp import web


class LoopbackSite:
    """A server that runs within `async with`; `at` is the path below which a double's addresses are."""

    at: ClassVar[str] = ""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where it begins, without a slash at the end."""
        host, port = self._runner.addresses[0]
        return f"http://{host}:{port}{self.at}"
