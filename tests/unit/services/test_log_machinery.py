"""Libraries below the host stay quiet unless somebody looks into a problem."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from nxforge_core.services import configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("debug", 2)])
def test_machinery_is_heard_from_warnings_on(level: str, lines: int) -> None:
    """Below debug only its warnings come through."""
    stream = io.StringIO()
    configure_logging(level, "json", stream)  # type: ignore[arg-type]  # parametrised

    logging.getLogger("apscheduler.scheduler").info("woke up")
    logging.getLogger("apscheduler.scheduler").warning("missed")

    assert len(stream.getvalue().splitlines()) == lines
