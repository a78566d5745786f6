"""All steps, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.proving.steps.connections import check_auth, make_connection, make_source
from reconciler.proving.steps.exploring import explore
from reconciler.proving.steps.running import count_records, wait_for_run
from reconciler.proving.steps.schedule import prove_schedule
from reconciler.proving.steps.schemas import check_mapping, make_schema
from reconciler.proving.steps.sources import check_spec, try_source
from reconciler.proving.steps.streaming.landing import wait_for_rows
from reconciler.proving.steps.streaming.sending import find_inlet, send_events, test_authentication, wait_for_inlet
from reconciler.proving.steps.targets import make_dataset, make_flow, make_mapping, make_target
from reconciler.proving.steps.windows import prove_windows
from reconciler.proving.steps.work import Result, Work

Step: TypeAlias = Callable[[Work], Result]

STEPS: Final[Mapping[str, Step]] = {
    "try": try_source,
    "spec": check_spec,
    "schema": make_schema,
    "mapping-check": check_mapping,
    "connection": make_connection,
    "auth": check_auth,
    "explore": explore,
    "source": make_source,
    "dataset": make_dataset,
    "target": make_target,
    "mapping": make_mapping,
    "flow": make_flow,
    "run": wait_for_run,
    "count": count_records,
    "windows": prove_windows,
    "schedule": prove_schedule,
    "inlet": find_inlet,
    "wait": wait_for_inlet,
    "send": send_events,
    "auth-tests": test_authentication,
    "landed": wait_for_rows,
}
"""Every step but `cleanup`, which is taken whatever happened before."""

GOES_ON: Final = frozenset({"explore", "auth", "count", "windows", "auth-tests"})
"""Steps after whose failure the next ones are still taken: the run, or the dataset, shows more of what the engine does."""
