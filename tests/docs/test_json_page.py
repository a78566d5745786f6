"""docs/json.md: its commands, its list of reports, its filters, and its metrics for Prometheus."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document, decode
from reconciler.errors import Problem, Refused, Severity
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.reports.problems.json import render_failure_json, render_problems_json
from reconciler.reports.status.json import render_status_json
from reconciler.schemas.reports import REPORTS
from tests.docs.console import PROJECT, blocks, section
from tests.reports.plans import NOON, change, create, plan, spec, update

PAGE: Final = (PROJECT / "docs/json.md").read_text()
SCRIPT: Final = PROJECT / "docs/examples/drift_metrics.py"
DRIFTED: Final = update(change("replace", "/x", 1, 2, Cause.DRIFT), cause=Cause.DRIFT)
ERROR: Final = Problem(Severity.ERROR, "list-incomplete", "the list is incomplete")
_LABEL: Final = r'([a-z]+)="((?:[^"\\\n]|\\[\\"n])*)"'
_SAMPLE: Final = re.compile(rf"([a-z_]+)\{{({_LABEL}(?:,{_LABEL})*)\}} (\d+)")
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], int]


@pytest.fixture(scope="module")
def metrics() -> Callable[..., str]:
    found: Callable[..., str] = runpy.run_path(str(SCRIPT))["metrics"]
    return found


def drift(*actions: Any, problems: tuple[Problem, ...] = ()) -> Document:
    document: Document = decode(render_drift_json(drift_of(view_of(plan(*actions, problems=problems)))))
    return document


def parsed(text: str) -> Samples:
    """The samples of a text in Prometheus's format (version 0.0.4); each metric has its help and its type before it, once."""
    samples: Samples = {}
    announced: list[str] = []
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            announced.append(line.split(" ")[2])
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {announced[-1]} gauge"
        else:
            found = _SAMPLE.fullmatch(line)
            assert found is not None, line
            assert found[1] == announced[-1]
            labels = tuple((name, unescaped(value)) for name, value in re.findall(_LABEL, found[2]))
            assert (found[1], labels) not in samples
            samples[found[1], labels] = int(line.rpartition(" ")[2])
    assert len(announced) == len(set(announced))
    return samples


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], value)


def test_the_page_lists_every_report() -> None:
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", section(PAGE, "Reports"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)]
    assert listed[1:] == list(REPORTS)


def test_the_page_shows_the_metrics_that_the_script_prints(metrics: Callable[..., str]) -> None:
    (shown,) = (block.text for block in blocks(section(PAGE, "Drift in Prometheus")) if block.language == "text")
    assert metrics(drift(DRIFTED), "prod", NOON / 1000 + 0.9) == shown


def test_the_metrics_are_in_the_format_of_prometheus(metrics: Callable[..., str]) -> None:
    samples = parsed(metrics(drift(DRIFTED, replace(DRIFTED, key=None, name='a"b\\\n')), "prod", 7))
    assert samples["reconciler_drift_specs", (("target", "prod"),)] == 2
    assert samples["reconciler_drift_changes", (("target", "prod"), ("kind", "ConnectionSpec"), ("spec", 'a"b\\\n'))] == 1


def test_no_drift_is_a_zero(metrics: Callable[..., str]) -> None:
    assert parsed(metrics(drift(), "prod", 7)) == {
        ("reconciler_drift_check_timestamp_seconds", (("target", "prod"),)): 7,
        ("reconciler_drift_check_complete", (("target", "prod"),)): 1,
        ("reconciler_drift_specs", (("target", "prod"),)): 0,
    }


def test_an_incomplete_check_is_not_complete(metrics: Callable[..., str]) -> None:
    assert (
        parsed(metrics(drift(DRIFTED, problems=(ERROR,)), "prod", 7))["reconciler_drift_check_complete", (("target", "prod"),)]
        == 0
    )


@pytest.mark.parametrize("text", [render_failure_json(Refused("no token")), "", "[]", '{"report": "drift", "format_version": 2}'])
def test_where_drift_cannot_be_looked_for_there_is_no_number_of_specs(text: str) -> None:
    ran = subprocess.run([sys.executable, SCRIPT, "prod"], input=text, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    samples = parsed(ran.stdout)
    assert samples["reconciler_drift_check_complete", (("target", "prod"),)] == 0
    assert not any(name == "reconciler_drift_specs" for name, _ in samples)


FOUND: Final = {
    "drift": render_drift_json(drift_of(view_of(plan(DRIFTED)))),
    "plan": render_plan_json(view_of(plan(create("orders", change("add", "/name", new="Orders"))))),
    "status": render_status_json(plan(specs=(spec("orders"),))),
    "validate": render_problems_json([Problem(Severity.ERROR, "yaml", "a tab", "specs/a.yaml", 1, 1)]),
}
FILTERS: Final = re.findall(r"^\| .*\? \| `(\w+)` \| `(.*)` \|$", section(PAGE, "Useful filters"), re.MULTILINE)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize(("command", "written"), FILTERS)
def test_a_filter_of_the_page_works(command: str, written: str) -> None:
    jq = [shutil.which("jq") or "", "-c", written.replace("\\|", "|")]
    ran = subprocess.run(jq, input=FOUND[command], capture_output=True, text=True, check=False)  # noqa: S603 - a line of our page
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.strip() or "in_sync" in written


def test_the_page_has_its_filters() -> None:
    assert len(FILTERS) == section(PAGE, "Useful filters").count("\n| ") - 2
