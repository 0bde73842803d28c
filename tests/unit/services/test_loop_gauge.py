"""How late a loop is, told from given moments."""

from __future__ import annotations

import pytest

from nxforge_core.services._watchdog import Gauge


def test_loop_that_beats_is_not_late() -> None:
    """A beat in time is no lateness, and the beat before was none."""
    gauge = Gauge(now=10.0, cpu=1.0)

    late, was_late = gauge.look(beat=10.1, now=10.11, cpu=1.0)

    assert late < 0
    assert was_late == pytest.approx(0.0)


def test_loop_is_late_by_what_it_owes() -> None:
    """A missing beat counts from when it was due, and in full once it came."""
    gauge = Gauge(now=10.0, cpu=1.0)

    looks = [gauge.look(beat=10.0, now=at, cpu=1.0) for at in (10.1, 10.2, 10.3)]
    ended = gauge.look(beat=10.35, now=10.4, cpu=1.0)

    assert [late for late, _ in looks] == pytest.approx([0.0, 0.1, 0.2])
    assert [was_late for _, was_late in looks] == [None, None, None]
    assert ended[1] == pytest.approx(0.25)


def test_stopped_process_is_not_held_against_the_loop() -> None:
    """What the watching thread was late by itself, while idle, is forgiven."""
    gauge = Gauge(now=10.0, cpu=1.0)

    late, _ = gauge.look(beat=10.0, now=70.1, cpu=1.001)
    after, was_late = gauge.look(beat=70.11, now=70.2, cpu=1.001)

    assert late < 0.25
    assert after < 0.25
    assert was_late is not None
    assert was_late < 0.25


def test_stop_within_a_stall_is_left_out_of_it() -> None:
    """A stall goes on counting after the process was stopped, without that time."""
    gauge = Gauge(now=10.0, cpu=1.0)
    before, _ = gauge.look(beat=10.0, now=10.1, cpu=1.0)

    stopped, _ = gauge.look(beat=10.0, now=20.2, cpu=1.0)
    blocked, _ = gauge.look(beat=10.0, now=20.3, cpu=1.0)
    _, was_late = gauge.look(beat=20.4, now=20.4, cpu=1.0)

    assert before == pytest.approx(0.0)
    assert stopped == pytest.approx(0.1)
    assert blocked == pytest.approx(0.2)
    assert was_late == pytest.approx(0.3)


def test_held_interpreter_lock_is_held_against_the_loop() -> None:
    """A thread that was late because the process was busy knows who was."""
    gauge = Gauge(now=10.0, cpu=1.0)

    late, _ = gauge.look(beat=10.0, now=13.1, cpu=4.0)

    assert late == pytest.approx(3.0)
