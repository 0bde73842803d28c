"""The ASGI life span protocol, both events."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["Startable", "answer_lifespan"]


class Startable(Protocol):
    """What a life span starts and stops."""

    async def start(self) -> object:
        """Begin."""
        ...

    async def stop(self) -> None:
        """End."""
        ...


async def answer_lifespan(host: Startable, receive: Any, send: Any) -> None:
    """Start the host, wait for the server's word, stop it."""
    await receive()
    try:
        await host.start()
    except Exception as error:  # noqa: BLE001  # the protocol wants the words, not the error
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await host.stop()
    await send({"type": "lifespan.shutdown.complete"})
