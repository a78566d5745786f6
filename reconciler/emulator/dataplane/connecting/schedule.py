"""The schedule of a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, mapping
from reconciler.emulator.dataplane.connecting.params import check_params

ONCE: Final = "once"
_FREQUENCIES: Final = (ONCE, "minute", "hour", "day", "week")
_SMALLEST: Final = 15
_NUMBERS: Final = ("startTime", "interval")
_FLAGS: Final = {"true": True, "false": False}


def check_schedule(asking: Asking, sent: Body, flow_spec: Body, previous: Body | None) -> Body:
    """The flow with its schedule as it is stored, in numbers and booleans. Raises `DeclinedError`.

    `previous` is the flow before a change: what has begun can no longer be changed in every way.
    """
    schema = mapping(flow_spec, "scheduleSpec", "spec")
    given = sent.get("scheduleParams")
    if given is None and not flow_spec.get("scheduleSpec"):
        return sent
    if not isinstance(given, dict):
        raise asking.declined("1304-400", field="scheduleParams")
    schedule = _in_types(asking, given)
    _check_start(asking, schedule, previous)
    _check_interval(asking, schedule)
    check_params(asking, schema, schedule)
    _check_change(asking, schedule, mapping(previous, "scheduleParams"))
    return {**sent, "scheduleParams": schedule}


def _in_types(asking: Asking, given: Mapping[str, Any]) -> Body:
    """The schedule with numbers and booleans, which the tutorials also send as strings."""
    if asking.service.behaviour.schedule_texts == "refuse":
        return dict(given)
    schedule = dict(given)
    for name in _NUMBERS:
        text = schedule.get(name)
        if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 20:  # noqa: PLR2004 - digits of 64 bits
            schedule[name] = int(text)
    if isinstance(text := schedule.get("backfill"), str):
        schedule["backfill"] = _FLAGS.get(text.lower(), text)
    return schedule


def _check_start(asking: Asking, schedule: Body, previous: Body | None) -> None:
    start = schedule.get("startTime")
    if start is None:
        raise asking.declined("1304-400", field="startTime")
    if isinstance(start, bool) or not isinstance(start, int):
        raise asking.declined("1340-400", value=start)
    is_new = start != mapping(previous, "scheduleParams").get("startTime")
    if is_new and start < asking.service.wall_clock() and asking.service.behaviour.past_start == "refuse":
        raise asking.declined("1360-400")


def _check_interval(asking: Asking, schedule: Body) -> None:
    frequency, interval = schedule.get("frequency"), schedule.get("interval")
    if frequency is None:
        raise asking.declined("1304-400", field="frequency")
    if frequency not in _FREQUENCIES:
        raise asking.declined("1397-400", value=frequency)
    if frequency == ONCE:
        if interval is not None:
            raise asking.declined("1361-400")
        if schedule.get("backfill") is not None:
            raise asking.declined("1364-400")
        return
    if interval is None:
        raise asking.declined("1304-400", field="interval")
    if isinstance(interval, bool) or not isinstance(interval, int) or interval < 1:
        raise asking.declined("1363-400", value=interval, field=frequency)
    bounded = frequency == "minute" or asking.service.behaviour.smallest_interval == "all"
    if bounded and interval < _SMALLEST:
        raise asking.declined("1362-400", value=_SMALLEST)


def _check_change(asking: Asking, schedule: Body, previous: Body) -> None:
    """Refuse changes that the service no longer makes once the first run has begun."""
    start = previous.get("startTime")
    if not isinstance(start, int) or start > asking.service.wall_clock():
        return
    if schedule["startTime"] != start:
        raise asking.declined("1366-400")
    if schedule["frequency"] == ONCE != previous.get("frequency"):
        raise asking.declined("1403-400", flow=True)
    if schedule.get("backfill") != previous.get("backfill"):
        raise asking.declined("1404-400")
