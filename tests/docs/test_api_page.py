"""The example of docs/api.md for Airflow, with a stand-in for Airflow."""

from __future__ import annotations

import logging
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import pytest

from reconciler import api
from reconciler.documents.merge import merge_patch
from reconciler.emulator import build
from tests.docs.console import JANE, PROJECT
from tests.sessions.test_service import specs

__all__ = ["specs"]
HOST: Final = {"sourceSpec": {"attributes": {"host": "us7"}}}
SCRIPT: Final = PROJECT / "docs/examples/airflow_drift.py"


class Failed(Exception):
    """A task that is not tried again."""


@dataclass
class Airflow:
    """What the example uses of Airflow: it keeps the tasks and what they are mapped over."""

    asked: list[str] = field(default_factory=list)
    mapped: list[tuple[Callable[..., Any], dict[str, Any]]] = field(default_factory=list)
    dags: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def dag(self, **settings: Any) -> Callable[[Callable[[], None]], Callable[[], None]]:
        def decorated(function: Callable[[], None]) -> Callable[[], None]:
            self.dags.append((function.__name__, settings))
            return function

        return decorated

    def task(self, **_settings: Any) -> Callable[[Callable[..., Any]], SimpleNamespace]:
        return lambda function: SimpleNamespace(expand=lambda **over: self.mapped.append((function, over)))

    def get_connection(self, name: str) -> SimpleNamespace:
        self.asked.append(name)
        return SimpleNamespace(login="our-client", password="p8e-secret")


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Airflow:
    stand_in = Airflow()
    sdk, exceptions = ModuleType("airflow.sdk"), ModuleType("airflow.exceptions")
    vars(sdk).update(BaseHook=stand_in, dag=stand_in.dag, task=stand_in.task)
    vars(exceptions).update(AirflowFailException=Failed)
    for name, module in (("airflow", ModuleType("airflow")), ("airflow.sdk", sdk), ("airflow.exceptions", exceptions)):
        monkeypatch.setitem(sys.modules, name, module)
    return stand_in


@pytest.fixture
def look(airflow: Airflow, specs: Path) -> Callable[[str], None]:
    """The task of the example, for a specs folder of ours."""
    module = runpy.run_path(str(SCRIPT))
    function: Callable[[str], None] = module["look_for_drift"]
    function.__globals__["SPECS"] = specs
    assert airflow.mapped[0][1] == {"target": module["TARGETS"]}
    return function


@pytest.mark.usefixtures("look")
def test_the_dag_has_a_task_for_each_target(airflow: Airflow) -> None:
    ((name, settings),) = airflow.dags
    assert (name, settings["catchup"]) == ("reconciler_drift", False)
    assert [function.__name__ for function, _ in airflow.mapped] == ["look_for_drift"]


def test_a_target_without_drift_is_a_success_with_the_credentials_of_its_connection(
    look: Callable[[str], None], specs: Path, airflow: Airflow
) -> None:
    api.apply(specs, environ={})
    look("local")
    assert airflow.asked == ["aep_local"]


def test_drift_fails_the_task_and_is_in_its_log(
    look: Callable[[str], None], specs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    api.apply(specs, environ={})
    (spec,) = api.status(specs, environ={}).specs
    with build(specs.parent / ".reconciler/local.db") as emulator:
        emulator.service.edit(str(spec.id), lambda live: merge_patch(live, HOST), JANE)
    with caplog.at_level(logging.WARNING), pytest.raises(Failed, match="1 specs have drifted in local"):
        look("local")
    assert "Acme Orders was changed by jane@acme.example: ['/sourceSpec/attributes/host']" in caplog.text


def test_what_cannot_be_looked_at_is_tried_again(look: Callable[[str], None], specs: Path) -> None:
    (specs / "sources/orders/connection-spec.yaml").write_text("kind: Nope\n")
    with pytest.raises(RuntimeError, match="not all specs of local could be looked at"):
        look("local")
