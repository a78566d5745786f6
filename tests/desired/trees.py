"""Spec trees in memory, and the shortest files that are in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import Listing, Unreadable
from reconciler.errors import Problem, Severity

PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
ONE_ID = "f6c0de0c-0a42-4cd9-9139-8768bf2f1b55"
OTHER_ID = "2e8580db-6489-4726-96de-e33f5f60295f"

SOURCE = f"""\
kind: ConnectionSpec
spec:
  name: MailChimp Members
  type: generic-rest
  providerId: {PROVIDER}
  version: "1.0"
"""
FLOW = f"""\
kind: FlowSpec
spec:
  name: Mine
  providerId: {PROVIDER}
"""
ARTIFACT = f'{{"name": "MailChimp", "providerId": "{PROVIDER}", "type": "generic-streaming"}}'
MAILCHIMP = "sources/mailchimp/connection-spec.yaml"


@dataclass(frozen=True)
class MemoryTree:
    files: Mapping[str, str | bytes]

    def listing(self) -> Listing:
        return Listing(tuple(sorted(self.files)))

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise Unreadable("unreadable", "it is gone", "look for it")
        content = self.files[path]
        return content.encode() if isinstance(content, str) else content


def load(files: Mapping[str, str | bytes], target: str = "stage") -> DesiredSet:
    return load_desired(MemoryTree(files), target, "specs", ("stage", "prod"))


def load_source(text: str, target: str = "stage") -> DesiredSpec:
    """The one spec of this file, which is in order."""
    desired = load({MAILCHIMP: text}, target)
    assert desired.problems == ()
    (spec,) = desired.specs
    return spec


def problems_of(text: str, path: str = MAILCHIMP) -> list[tuple[str, int | None, int | None]]:
    """Code, line and column of everything that is wrong with this file."""
    return [(problem.code, problem.line, problem.column) for problem in load({path: text}).problems]


def only_problem(files: str | Mapping[str, str | bytes]) -> Problem:
    (problem,) = load({MAILCHIMP: files} if isinstance(files, str) else files).problems
    return problem


def only_error(files: Mapping[str, str | bytes]) -> Problem:
    (problem,) = (problem for problem in load(files).problems if problem.severity is Severity.ERROR)
    return problem
