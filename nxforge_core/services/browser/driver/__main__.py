"""Started by the host, which speaks on standard input and listens on the output."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

from nxforge_core.services.browser._frames import Frames
from nxforge_core.services.browser._messages import Broken, Order, Ready, Start
from nxforge_core.services.browser._profiles import hold_folder, remove_folder

from ._chromium import Chromium
from ._errors import ChromiumError
from ._serve import serve

__all__ = ["main"]

_PDEATHSIG: Final = 1


async def _work() -> None:
    frames = await _standard_streams()
    start = await frames.read()
    if not isinstance(start, Start):
        return
    folder = Path(start.folder)
    hold_folder(folder)
    chromium = Chromium(start.executable, folder, no_sandbox=start.no_sandbox)
    try:
        await chromium.start()
        await frames.write(Ready(group=chromium.group))
        await serve(frames, chromium)
    except ChromiumError as error:
        await frames.write(Broken(what=str(error)))
    finally:
        chromium.kill()
        remove_folder(folder)


async def _standard_streams() -> Frames[Order]:
    loop = asyncio.get_running_loop()
    # Errors of futures that nobody waits for any more: the visit has told its own.
    loop.set_exception_handler(lambda *_: None)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer
    )
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(os.dup(1), "wb")
    )
    os.dup2(2, 1)  # what anybody prints is no message
    writer = asyncio.StreamWriter(transport, protocol, None, loop)
    return Frames[Order](reader, writer, Order)


def main() -> None:
    """Work until the host is gone, and leave nothing behind.

    The end of standard input tells that. A process that was stopped would not read
    it: so the kernel continues it when the host dies.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGCONT)
    # Ctrl-C is for the host, which ends this process last.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_work())


if __name__ == "__main__":
    main()
