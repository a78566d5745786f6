"""The example repository is what a newcomer meets first: it loads everywhere, and shows every kind of source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.emulator.stock import stock_specs
from reconciler.settings.loading import load_settings
from tests.published import bodies_in, needs_published, published_file

SPECS = Path(__file__).parents[1] / "specs"
TARGETS = ("customers-apac", "customers-emea", "local", "prod", "stage")
RECONCILER = Path(sys.executable).with_name("reconciler")
DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"


def load(target: str = "local") -> DesiredSet:
    return load_desired(WorkingTree(SPECS), target, "specs", TARGETS)


def sources(target: str = "local") -> dict[str, DesiredSpec]:
    return {spec.key: spec for spec in load(target).specs if spec.kind is Kind.CONNECTION_SPEC}


def attributes_of(spec: DesiredSpec) -> dict[str, Any]:
    attributes: dict[str, Any] = spec.body["sourceSpec"]["attributes"]
    return attributes


def published_body(path: str) -> dict[str, Any]:
    (body,) = bodies_in(published_file(path))
    return body


def planned(folder: Path) -> Document:
    """The plan of a copy of the specs, on an embedded service that has only what is Adobe's."""
    shutil.copytree(SPECS, folder / "specs")
    command = (RECONCILER, "--specs", str(folder / "specs"), "--target", "local", "plan", "--format", "json")
    result = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    plan: Document = decode(result.stdout)
    return plan


def test_the_settings_name_the_targets_and_default_to_the_emulator() -> None:
    settings = load_settings(SPECS)
    assert tuple(sorted(settings.targets)) == TARGETS
    assert settings.target(None, {}).emulator == SPECS.parent / ".reconciler/local.db"


@pytest.mark.parametrize("target", TARGETS)
def test_every_file_loads_without_a_problem(target: str) -> None:
    assert load(target).problems == ()


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_resolved(target: str) -> None:
    assert load_settings(SPECS).target(target, {}).name == target


def test_there_are_at_least_eight_sources_within_the_limit_of_creates() -> None:
    assert len(sources()) >= 8
    assert len(load().specs) <= load_settings(SPECS).safety.max_creates


def test_each_pagination_type_has_a_source() -> None:
    types = {attributes_of(spec).get("paginationParams", {}).get("type") for spec in sources().values()}
    assert types >= {"OFFSET", "POINTER", "CONTINUATION_TOKEN", "PAGE", "NONE"}


def test_an_offset_source_ends_by_a_condition() -> None:
    offsets = [attributes_of(spec).get("paginationParams", {}) for spec in sources().values()]
    assert any(params.get("type") == "OFFSET" and "endConditionName" in params for params in offsets)


def test_a_source_has_the_advance_schedule_and_its_query() -> None:
    advance = [spec for spec in sources().values() if attributes_of(spec).get("scheduleParams", {}).get("type") == "ADVANCE"]
    assert [attributes_of(spec)["urlParams"]["queryParams"]["query"] for spec in advance] == ["{SCHEDULE_QUERY}"]


def test_the_custom_schema_keeps_integers_that_no_double_holds_safely() -> None:
    schema = sources()["zendesk-users"].body["sourceSpec"]["schema"]
    organization = schema["properties"]["results"]["items"]["properties"]["organization_id"]
    assert (organization["minimum"], organization["maximum"]) == (-(2**53), 2**53 - 1)


def test_a_streaming_source_is_attached_to_the_streaming_flow_spec() -> None:
    streaming = [spec for spec in sources().values() if spec.spec_type == "generic-streaming"]
    assert [spec.flow_specs for spec in streaming] == [("GenericStreamingAEP",)]


def test_batch_sources_are_attached_by_their_type_unless_a_file_says_otherwise() -> None:
    batch = [spec for spec in sources().values() if spec.spec_type == "generic-rest"]
    assert Counter(spec.flow_specs for spec in batch) == {("RestStorageToAEP",): len(batch) - 1, (): 1}


def test_the_overlay_renames_drops_a_section_and_changes_a_nested_value() -> None:
    base, stage = (sources(target)["acme-loyalty-members"] for target in ("prod", "stage"))
    assert (base.name, stage.name) == ("Acme Loyalty Members", "Acme Loyalty Members (stage)")
    assert stage.body["description"] is None
    changed = {name for name, value in attributes_of(base).items() if attributes_of(stage)[name] != value}
    assert changed == {"urlParams"}


def test_a_bare_artifact_takes_its_key_from_its_name() -> None:
    assert sources()["mailchimp-campaign-activity"].file.endswith("mailchimp-campaign-activity-connectionSpec.json")


def test_ignore_and_formerly_are_shown() -> None:
    assert any(spec.ignore for spec in sources().values())
    assert any(spec.former_keys for spec in sources().values())


def test_the_flow_spec_names_its_sources_by_key_and_the_data_lake_by_id() -> None:
    (flow,) = [spec for spec in load().specs if spec.kind is Kind.FLOW_SPEC]
    assert {reference.key for reference in flow.references} == {"acme-crm-accounts", "acme-exchange-rates"}
    assert flow.body["targetConnectionSpecIds"] == [DATA_LAKE]


@pytest.mark.parametrize("target", TARGETS)
def test_no_two_specs_and_no_stock_spec_share_name_and_provider(target: str) -> None:
    stock = [(body["name"], body["providerId"]) for _, body in stock_specs()]
    ours = [(spec.name, spec.provider_id) for spec in load(target).specs]
    assert [pair for pair, times in Counter(stock + ours).items() if times > 1] == []


def test_composed_bodies_say_so() -> None:
    unmarked = []
    for file in sorted((SPECS / "sources").glob("*/connection-spec.yaml")):
        title = file.read_text().splitlines()[1]
        if title != "# Composed from published fragments; not a published body.":
            unmarked.append(file.parent.name)
    assert unmarked == ["acme-web-events", "mailchimp-members"]


@needs_published
def test_the_mailchimp_body_is_the_published_one() -> None:
    assert sources()["mailchimp-members"].body == published_body("connection/mailchimp-members.post-request.json")


@needs_published
def test_the_streaming_body_is_the_published_one_but_for_its_name_and_texts() -> None:
    body = published_body("connection/generic-streaming.put-request.json")
    ours = sources()["acme-web-events"].body
    assert {section for section in body | ours if body.get(section) != ours.get(section)} == {"name", "sourceSpec"}


@needs_published
@pytest.mark.parametrize(
    ("fragment", "field"),
    [
        ("pagination-CONTINUATION_TOKEN", "paginationParams"),
        ("pagination-NONE", "paginationParams"),
        ("pagination-PAGE", "paginationParams"),
        ("schedule-ADVANCE-zendesk", "scheduleParams"),
    ],
)
def test_a_published_fragment_is_used_as_it_is(fragment: str, field: str) -> None:
    wanted = published_body(f"fragments/{fragment}.json")[field]
    assert any(attributes_of(spec).get(field) == wanted for spec in sources().values())


def test_every_batch_source_has_the_mandated_explore_spec() -> None:
    mandated = sources()["mailchimp-members"].body["exploreSpec"]
    assert mandated["responseSpec"]["$schema"] == "http: //json-schema.org/draft-07/schema#"
    assert all(spec.body["exploreSpec"] == mandated for spec in sources().values() if spec.spec_type == "generic-rest")


def test_the_plan_on_a_fresh_service_creates_everything_and_attaches_to_the_shared_flow_specs(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    attached = {
        action["name"]: {change["new"]["ref"] for change in action["changes"]}
        for action in plan["actions"]
        if action["action"] == "attach"
    }
    batch = {key for key, spec in sources().items() if spec.flow_specs == ("RestStorageToAEP",)}
    assert attached == {"RestStorageToAEP": batch, "GenericStreamingAEP": {"acme-web-events"}}
    created = [action["key"] for action in plan["actions"] if action["action"] == "create"]
    assert sorted(created) == sorted(spec.key for spec in load().specs)
    assert len(plan["actions"]) == len(created) + len(attached)
    assert [problem for problem in plan["problems"] if problem["code"] != "untried"] == []


def test_the_demo_ends_well_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = f"{RECONCILER.parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "TMPDIR": str(tmp_path), "CI": "true"}
    command = ("sh", "tests/demo.sh")
    result = subprocess.run(command, cwd=SPECS.parent, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    assert (result.returncode, result.stderr) == (0, "")
    assert "110 records in 2 requests" in result.stdout
    assert "changed in Flow Service by jane@acme.example" in result.stdout
    assert list(tmp_path.iterdir()) == []
