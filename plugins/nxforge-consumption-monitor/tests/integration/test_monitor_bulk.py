"""Many endpoints at once: every good row, every bad one named, and back again."""

from __future__ import annotations

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.endpoints import BulkTextError
from nxforge_consumption_monitor.groups import GroupBody
from nxforge_consumption_monitor.models import AuthBody


async def _send(monitor: Any, text: str, kind: str, *, dry_run: bool = False) -> Any:
    async def body() -> bytes:
        return text.encode()

    request: Any = SimpleNamespace(body=body, headers={"content-type": kind})
    return await routes.create_endpoints(monitor.ctx, request, dry_run=dry_run)


_TEXT = (
    "name,url,template,group,intervalS,maxKw,rules\n"
    "a,http://10.0.0.1/,shelly-gen2-pro3em,Rack 1,60,11.5,\n"
    "b,http://10.0.0.2/,,,,,\n"
    "c,ftp://10.0.0.3/,shelly-gen2-pro3em,,,,\n"
    "a,http://10.0.0.4/,shelly-gen2-pro3em,,,,\n"
    "d,http://10.0.0.5/,no-such,,,,\n"
    "e,http://10.0.0.6/,shelly-gen2-pro3em,Rack 9,,,\n"
    "f,http://10.0.0.7/,shelly-gen2-pro3em,,soon,,\n"
    'g,http://10.0.0.8/,,,,,"{""rules"": ["\n'
    'h,http://10.0.0.9/,,,,,"[{""quantity"":""energy"",""steps"":'
    '[{""step"":""json"",""path"":""kwh""},{""step"":""unit"",""fixed"":""kWh""}]}]"\n'
)


async def test_good_rows_are_created_and_bad_ones_named(monitor: Any) -> None:
    """The dry run says the same of every row, and creates none."""
    await routes.create_group(monitor.ctx, GroupBody(name="Rack 1"))
    tried = await _send(monitor, _TEXT, "text/csv", dry_run=True)
    assert await routes.list_endpoints(monitor.ctx) == []
    done = await _send(monitor, _TEXT, "text/csv")
    for answer in (tried, done):
        assert (answer.rows, answer.created, answer.rejected) == (9, 2, 7)
    assert tried.rejections == done.rejections
    assert [each.row for each in done.rejections] == [3, 4, 5, 6, 7, 8, 9]
    words = [f"{each.reason} {each.remedy}" for each in done.rejections]
    for found, word in zip(
        words,
        ("rules", "ftp", "row 2", "no-such", "Rack 9", "intervalS", "JSON"),
        strict=True,
    ):
        assert word in found
    first, last = await routes.list_endpoints(monitor.ctx)
    assert (first.name, first.interval_s, str(first.max_kw)) == ("a", 60, "11.5")
    assert first.group_id is not None
    assert last.name == "h"


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_export_is_what_another_host_takes(monitor: Any, form: Any) -> None:
    """All that was set comes back, but the secret, which has to be given again."""
    view = await monitor.add("=a", max_kw=Decimal("11.5"), external_ref="rack:A1, left")
    auth = AuthBody(type="basic", username="u", secret="horse-47")  # noqa: S106  # of this test
    await monitor.add("b", auth=auth)
    text = (await routes.export_endpoints(monitor.ctx, form)).content.decode()
    assert "horse-47" not in text
    await routes.archive_endpoint(monitor.ctx, view.id)
    kind = "text/csv" if form == "csv" else "application/json"
    done = await _send(monitor, text, kind)
    assert [each.name for each in done.endpoints] == ["=a"]
    [rejected] = done.rejections
    assert (rejected.name, "secret" in rejected.reason) == ("b", True)
    [again] = [
        each for each in await routes.list_endpoints(monitor.ctx) if each.name == "=a"
    ]
    assert (again.rules, again.external_ref) == (view.rules, view.external_ref)
    assert again.max_kw == view.max_kw


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", "application/json"),
        ('{"name": "a"}', "application/json"),
        ("url\nhttp://10.0.0.1/\n", "text/csv"),
        ("name,colour\na,red\n", "text/csv"),
        (json.dumps([{"name": "a"}] * 1001), "application/json"),
    ],
)
async def test_text_that_is_no_list_of_endpoints_is_refused(
    monitor: Any, text: str, kind: str
) -> None:
    """Nothing is created of what was misunderstood as a whole."""
    with pytest.raises(BulkTextError):
        await _send(monitor, text, kind)
    assert await routes.list_endpoints(monitor.ctx) == []
