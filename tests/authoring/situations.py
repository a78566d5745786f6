"""Imports in memory: spec files as texts, live specs by hand, and the plan that comes after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import, import_specs
from reconciler.documents.json_text import Document
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.plan import Plan
from reconciler.planning.planner import make_plan
from reconciler.texts.yaml import read_yaml
from tests.desired.trees import MemoryTree
from tests.planning.situations import live, situation, spec_id

Files = Mapping[str, str | bytes]
ORDERS = "sources/orders/connection-spec.yaml"
HOME: dict[str, Any] = {"imsOrgId": "1234567890@AdobeOrg", "sandboxName": "dev"}


def nobodys(number: int = 1, **body: Any) -> LiveSpec:
    """A live spec that no repository manages."""
    return live(number=number, **{"name": "Acme Orders", "version": "1.0", **HOME, **body})


class Repository:
    """Spec files, and the live specs that they are about. `targets` are those of the settings; everything is done in `stage`."""

    def __init__(self, files: Files, specs: Iterable[LiveSpec], *, targets: tuple[str, ...] = ("stage",), **rest: Any) -> None:
        self.files = dict(files)
        self.specs = tuple(specs)
        self._targets = targets
        self._rest = rest

    def run(self, **choice: Any) -> Import:
        """An import, with what it writes written."""
        folder = Folder(MemoryTree(self.files), "stage", self._targets)
        made = situation(folder.desired({}).specs, self.specs, problems=folder.desired({}).problems, **self._rest)
        result = import_specs(made, folder, Choice(**choice))
        self.files |= {spec.path: spec.after for spec in result.to_write}
        return result

    def plan(self) -> Plan:
        """What is to be done with the files as they are."""
        folder = Folder(MemoryTree(self.files), "stage", self._targets)
        desired = folder.desired({})
        return make_plan(situation(desired.specs, self.specs, problems=desired.problems, **self._rest))

    def text(self, path: str) -> str:
        content = self.files[path]
        return content.decode() if isinstance(content, bytes) else content

    def document(self, path: str) -> Document:
        """What a file in YAML says."""
        reading = read_yaml(self.text(path).encode())
        assert reading.mistakes == ()
        value: Document = reading.value
        return value


def is_empty(plan: Plan) -> bool:
    return not plan.actions and not plan.errors


def codes(result: Import) -> list[str]:
    return [problem.code for problem in result.problems]


def by_id(number: int = 1) -> dict[str, tuple[str, ...]]:
    """The choice of one spec."""
    return {"ids": (spec_id(number),)}
