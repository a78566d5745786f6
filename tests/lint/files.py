"""Spec files in memory, and what the rules find in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.errors import Problem
from reconciler.lint.fixing.fixes import FixedFile, fix_file
from reconciler.lint.run import Levels, lint
from reconciler.texts.yaml import read_yaml

PATH = "sources/members/connection-spec.yaml"
ARTIFACT = "sources/members-connectionSpec.json"
STREAMING = "type: generic-streaming\nproviderId: 521eee4d-8cbe-4906-bb48-fb6bd4450033\n"
_ENVELOPE = ("kind:", "flowSpecs:", "overlays:")
_DEFAULTS = {
    "name": "name: Members",
    "providerId": "providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "version": 'version: "1.0"',
}


@dataclass(frozen=True)
class Files:
    """A specs folder with one file, read for some targets."""

    text: str
    path: str = PATH
    targets: tuple[str, ...] = ("stage",)
    levels: Levels = field(default_factory=dict)

    def specs(self, data: bytes | None = None) -> list[DesiredSpec]:
        tree = GivenFiles({self.path: self.text.encode() if data is None else data})
        sets = [load_desired(tree, target, "specs", self.targets) for target in self.targets]
        assert data is not None or not any(problem.is_error for found in sets for problem in found.problems), sets[0].problems
        return [spec for found in sets for spec in found.specs]

    def problems(self) -> list[Problem]:
        return lint(self.specs(), self.levels, self.targets)

    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems()]

    def fixed(self) -> FixedFile:
        return fix_file(self.text.encode(), self.specs, self.levels)


def part(text: str) -> str:
    """A whole spec file of a part of one, as rules have them in their examples: without the `spec:` around the body."""
    reading = read_yaml(text.encode())
    assert not reading.mistakes, reading.mistakes
    lines = text.splitlines()
    head = [line for line in lines if line.startswith(_ENVELOPE)]
    body = [line for line in lines if not line.startswith(_ENVELOPE)]
    missing = [line for name, line in _DEFAULTS.items() if name not in reading.value]
    kind = [] if "kind" in reading.value else ["kind: ConnectionSpec"]
    return "\n".join([*kind, *head, "spec:", *(f"  {line}" for line in [*missing, *body]), ""])
