"""The files behind a plan: planning reads none of them, and what is read afterwards is only those of what would be written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.observing.rules_at_write import WriteRules
from reconciler.observing.spec_files import with_files
from reconciler.planning.plan import Action, Plan
from tests.planning.situations import codes, connection, flow_file, live, marked, only_action, plan, shared_flow

FLOW = "RestStorageToAEP"
TEXT = b"""\
kind: ConnectionSpec
flowSpecs: []
spec:
  name: Members
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  description: new
  authSpec:
    - name: OAuth
      type: OAuth2RefreshCode
"""
PATHS = ("sources/members/connection-spec.yaml", "sources/orders/connection-spec.yaml")
BASIC = {"name": "Basic", "type": "BasicAuthentication"}


@dataclass(frozen=True)
class CountingTree(GivenFiles):
    reads: Counter[str] = field(default_factory=Counter)

    def read(self, path: str) -> bytes:
        self.reads[path] += 1
        return super().read(path)


class Untouchable:
    """A file that must not be looked into."""

    path = "sources/x.yaml"

    def position(self, pointer: str) -> tuple[int, int]:
        raise AssertionError(pointer)


def world() -> tuple[CountingTree, tuple[DesiredSpec, ...]]:
    tree = CountingTree(dict.fromkeys(PATHS, TEXT))
    return tree, load_desired(tree, "stage", "specs", ("stage",)).specs


def edited(spec: DesiredSpec) -> Plan:
    """What changes where live has another description, and a way to log in that the file has no longer."""
    return plan([spec], [marked(spec, description="old", authSpec=[*spec.body["authSpec"], BASIC])])


def placed(made: Plan) -> Action:
    return only_action(with_files(made, None))


def test_planning_reads_no_file_whatever_there_is_to_do() -> None:
    breaks, new, gone = connection("breaks", authSpec=[]), connection("new", flow_specs=[FLOW]), connection("gone")
    ignored, own = connection("ignored", ignore=["/description"], description="a"), flow_file("own", name="Own")
    files = [replace(spec, source=Untouchable()) for spec in (breaks, new, ignored, own)]
    specs = [
        marked(breaks, 1, authSpec=[BASIC]),
        marked(gone, 2),
        marked(ignored, 3, description="b", sourceSpec={"a": 1}),
        live(own, 4),
        shared_flow("00000000-0000-4000-8000-000000000002"),
    ]
    made = plan(files, specs, prune=True, max_detaches=5)
    assert "breaking" in codes(made)
    assert len(made.actions) > 2


def test_a_create_is_at_the_first_line_of_its_file() -> None:
    action = placed(plan([connection()], []))
    assert (action.file, action.line) == ("specs/members.yaml", 1)


def test_a_change_that_no_file_has_is_at_no_line() -> None:
    desired = connection(sourceSpec={"a": 2})
    assert placed(plan([desired], [marked(desired, sourceSpec={"a": 1})])).line is None


def test_a_change_is_at_its_line_and_what_breaks_at_its_own() -> None:
    _, (spec, _) = world()
    made = with_files(edited(spec), None)
    assert only_action(made).line == 8
    assert [(problem.code, problem.line) for problem in made.errors] == [("breaking", 9)]


def test_a_quiet_plan_reads_each_file_once() -> None:
    tree, specs = world()
    made = with_files(plan(specs, [marked(spec, number) for number, spec in enumerate(specs)]), WriteRules())
    assert made.actions == ()
    assert tree.reads == dict.fromkeys(PATHS, 1)


def test_only_the_files_of_what_would_be_written_are_read_again() -> None:
    tree, (members, orders) = world()
    made = with_files(plan([members, orders], [marked(members, 1, description="old"), marked(orders, 2)]), WriteRules())
    assert [action.key for action in made.actions] == ["members"]
    assert tree.reads[PATHS[1]] == 1
