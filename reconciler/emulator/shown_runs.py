"""A run as answers show it, at this time and with the switches for runs.

Source: docs, "Monitor dataflows" and "Flow run notifications" (`metrics`, `activities` with `adf/run/id` and `batchId`); OpenAPI for the
other names of the counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from reconciler.emulator.switches.runs import RunHabits

OWN: Final = "emulated"
"""The member of a stored run that no answer has: its time range, its state and its result."""
COPY_FAILED: Final = "CONNECTOR-1001-500"
_IN_PROGRESS: Final = {"lower": "inProgress", "upper": "IN_PROGRESS", "title": "InProgress"}
_ENGINE: Final = uuid.UUID("5b0f2b6c-4e2c-4a9b-8a43-4d0bb0c2a6d1")


def is_listed(body: bytes, behaviour: RunHabits, now: float) -> bool:
    """Whether a run has appeared at `now`, in epoch seconds."""
    if not behaviour.run_delay:
        return True
    own = msgspec.json.decode(body).get(OWN)
    return own is None or own["started"] is None or own["started"] / 1000 + behaviour.run_delay <= now


def shown_run(body: bytes, behaviour: RunHabits, now: float) -> bytes:
    """The JSON of a run at `now`, in epoch seconds."""
    run: dict[str, Any] = msgspec.json.decode(body)
    own = run.pop(OWN, None)
    if own is not None:
        run |= _emulated(str(run["id"]), own, behaviour, now)
    for part in (run.get("metrics"), *run.get("activities", ())):
        summary = part.get("statusSummary") if isinstance(part, dict) else None
        if isinstance(summary, dict) and isinstance(summary.get("status"), str):
            summary["status"] = status_as(behaviour.run_status_case, summary["status"], behaviour.run_success)
    return msgspec.json.encode(run)


def status_as(case: str, status: str, success: str = "success") -> str:
    """A status in the case of the switch, with this word for a success."""
    status = success if status == "success" else status
    if status == "in_progress":
        return _IN_PROGRESS[case]
    return {"upper": status.upper(), "title": status.title()}.get(case, status)


def state_of(own: Mapping[str, Any], now: float) -> str:
    """The status of a run at `now`."""
    if own["state"] == "queued":
        return "queued"
    if own["state"] == "running" or own["ended"] > now * 1000:
        return "in_progress"
    return str(own["result"]["outcome"])


def _emulated(run_id: str, own: Mapping[str, Any], behaviour: RunHabits, now: float) -> dict[str, Any]:
    state = state_of(own, now)
    if state in ("queued", "in_progress"):
        started = {"startedAtUTC": own["started"]} if own["started"] is not None else {}
        return {"metrics": {"durationSummary": started, "statusSummary": {"status": state}}, "activities": []}
    result = own["result"]
    if own["ended"] > (now - behaviour.metrics_delay) * 1000:
        return {"metrics": {"statusSummary": {"status": state}}, "activities": []}
    summary = {"status": state, **({"errors": result["errors"]} if result["errors"] else {})}
    metrics = {
        "durationSummary": {"startedAtUTC": own["started"], "completedAtUTC": own["ended"]},
        "sizeSummary": {"inputBytes": result["size"], "outputBytes": result["size"] if result["output"] else 0},
        "recordSummary": _records(result, behaviour),
        "fileSummary": {"inputFileCount": result["requests"], "outputFileCount": 1 if result["batch"] else 0},
        "statusSummary": summary,
    }
    return {"metrics": metrics, "activities": list(_activities(run_id, own, state))}


def _records(result: Mapping[str, Any], behaviour: RunHabits) -> dict[str, Any]:
    info = {"failedInfo": result["info"]} if result["info"] else {}
    if behaviour.record_summary == "openapi":
        return {
            "inputRecordCount": result["input"],
            "createdRecordCount": result["output"],
            "updatedRecordCount": 0,
            "skippedRecordCount": 0,
            "deletedRecordCount": 0,
            "warningRecordCount": 0,
            "failedRecordCount": result["failed"],
            **info,
        }
    counts = {"inputRecordCount": result["input"], "outputRecordCount": result["output"], "failedRecordCount": result["failed"]}
    return counts | info


def _activities(run_id: str, own: Mapping[str, Any], state: str) -> list[dict[str, Any]]:
    """The copy of what the source has, and its promotion into the dataset; the second only after a copy that succeeded."""
    result = own["result"]
    copy_failed = any(error["code"] == COPY_FAILED for error in result["errors"])
    engine = {"adf/pipeline/id": _id(run_id, "pipeline"), "adf/run/id": _id(run_id, "run")}
    copy = _activity(
        "copyActivity",
        "Copy Activity",
        own,
        "failed" if copy_failed else "success",
        result["errors"] if copy_failed else [],
        engine,
    )
    copy["recordSummary"] = {"inputRecordCount": result["input"], "outputRecordCount": result["input"]}
    if copy_failed:
        return [copy]
    batch = {"batchId": result["batch"], "acp_request_id": _id(run_id, "request")} if result["batch"] else {}
    promotion = _activity("promotionActivity", "Promotion Activity", own, state, result["errors"], batch)
    promotion["recordSummary"] = {
        "inputRecordCount": result["input"],
        "outputRecordCount": result["output"],
        "failedRecordCount": result["failed"],
    }
    return [copy, promotion]


def _activity(
    activity: str, name: str, own: Mapping[str, Any], status: str, errors: list[Any], extensions: Mapping[str, str]
) -> dict[str, Any]:
    summary = {"status": status, **({"errors": errors} if errors else {}), "extensions": extensions}
    times = {"startedAtUTC": own["started"], "completedAtUTC": own["ended"]}
    return {"id": activity, "name": name, "updatedAtUTC": own["ended"], "durationSummary": times, "statusSummary": summary}


def _id(run_id: str, part: str) -> str:
    return str(uuid.uuid5(_ENGINE, f"{run_id}/{part}"))
