"""Dividing a round: no device in two shards, nobody left out."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.collect import parts
from nxforge_consumption_monitor.models import LeasedEndpoint

_SIZE = 10


def _leased(sizes: list[int]) -> list[LeasedEndpoint]:
    return [
        LeasedEndpoint(f"{host}/{number}", f"host{host}")
        for host, size in enumerate(sizes)
        for number in range(size)
    ]


@given(st.lists(st.integers(1, _SIZE), max_size=30), st.randoms())
def test_parts_hold_every_endpoint_once_and_a_host_in_one_part(
    sizes: list[int], random: Random
) -> None:
    """Whatever the hosts' sizes: parts are bounded, and their union is the round."""
    leased = _leased(sizes)
    random.shuffle(leased)
    divided = parts(leased, _SIZE)

    where = defaultdict(set)
    for number, part in enumerate(divided):
        assert 0 < len(part) <= _SIZE
        for endpoint in part:
            where[endpoint.partition("/")[0]].add(number)
    assert all(len(numbers) == 1 for numbers in where.values())
    every = [endpoint for part in divided for endpoint in part]
    assert sorted(every) == sorted(each.id for each in leased)


def test_parts_keep_the_order_of_waiting() -> None:
    """Who waited longest is in the first shard."""
    divided = parts(_leased([6, 6, 4]), _SIZE)
    assert divided[0][0] == "0/0"
    assert [len(part) for part in divided] == [6, 10]


def test_nothing_due_gives_no_parts() -> None:
    """No endpoint, no shard."""
    assert parts([]) == []
