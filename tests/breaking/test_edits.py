"""Forty edits of this project's own specs as somebody could make them, and what each means for those who use the spec."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.breaking.effect import Effect, Level, worst
from reconciler.breaking.effects import effects_of
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from tests.published import bodies_in, needs_published, published

Edit = Callable[[Any], Any]

SPECS = Path(__file__).parents[2] / "specs"
SOURCE, FLOW = "acme-loyalty-members", "acme-rest-storage"


@cache
def specs() -> dict[str, Document]:
    return {spec.key: spec.body for spec in load_desired(WorkingTree(SPECS), "", "specs").specs}


def effects(edit: Edit, key: str = SOURCE) -> tuple[Effect, ...]:
    before = specs()[key]
    after = copy.deepcopy(before)
    edit(after)
    kind = Kind.FLOW_SPEC if key == FLOW else Kind.CONNECTION_SPEC
    return effects_of(kind, before, after)


def basic(body: Document) -> Any:
    """The schema of basic authentication."""
    return body["authSpec"][1]["spec"]


def user(body: Document) -> Any:
    """The schema of the user parameters."""
    return body["sourceSpec"]["spec"]


def runs(body: Document) -> Any:
    """What flows run by."""
    return body["sourceSpec"]["attributes"]


def programme(body: Document) -> Any:
    """The one user parameter."""
    return user(body)["properties"]["programmeId"]


def schedule(body: Document) -> Any:
    """The schema of schedules of a flow spec."""
    return body["scheduleSpec"]["spec"]


def renamed(names: Any, old: str, new: str) -> None:
    names["properties"][new] = names["properties"].pop(old)
    names["required"] = [new if name == old else name for name in names["required"]]


def keys_reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: keys_reversed(value[key]) for key in reversed(value)}
    return [keys_reversed(item) for item in value] if isinstance(value, list) else value


BREAKING: list[tuple[str, Edit, str]] = [
    ("an auth spec is renamed", lambda b: b["authSpec"][1].update(name="Basic Auth"), "'Basic Auth'"),
    ("an auth spec is removed", lambda b: b["authSpec"].pop(0), "'OAuth2 Refresh Code' is removed"),
    ("an auth spec is retyped", lambda b: b["authSpec"][0].update(type="OAuth2ClientCredential"), "OAuth2ClientCredential"),
    ("the letter case of an auth spec", lambda b: b["authSpec"][0].update(name="OAuth2 refresh code"), "error 1415"),
    ("a user parameter is renamed", lambda b: renamed(user(b), "programmeId", "programId"), "'programId'"),
    ("an auth parameter is renamed", lambda b: renamed(basic(b), "username", "user"), "auth parameter 'username'"),
    (
        "a user parameter is removed",
        lambda b: (user(b)["properties"].clear(), user(b).pop("required")),
        "'programmeId' is removed",
    ),
    ("a user parameter is a number", lambda b: programme(b).update(type="integer"), "string → integer"),
    ("a user parameter has choices", lambda b: programme(b).update(enum=["gold", "silver"]), '"gold", "silver"'),
    ("a user parameter has a pattern", lambda b: programme(b).update(pattern="^[A-Z]{3}$"), "^[A-Z]{3}$"),
    ("a user parameter is limited in length", lambda b: programme(b).update(maxLength=8), "maxLength: nothing → 8"),
    (
        "a new parameter is required",
        lambda b: (user(b)["properties"].update(region={"type": "string"}), user(b)["required"].append("region")),
        "'region' is now required",
    ),
    (
        "a new parameter is required by the way",
        lambda b: user(b).update(allOf=[{"required": ["region"]}]),
        "(allOf)",
    ),
    (
        "an auth parameter needs another one",
        lambda b: (
            basic(b)["properties"].update(realm={"type": "string"}),
            basic(b).update(dependencies={"username": ["realm"]}),
        ),
        "(dependencies)",
    ),
    ("other parameters are refused", lambda b: user(b).update(additionalProperties=False), "properties that it does not declare"),
    ("nobody may hold a parameter", lambda b: user(b).update({"not": {"required": ["programmeId"]}}), "(not)"),
    ("names are limited", lambda b: user(b).update(propertyNames={"pattern": "^[a-z_]+$"}), "propertyNames"),
    ("requests need an unknown value", lambda b: runs(b)["urlParams"].update(path="/v3/${tenant}/members"), "${tenant}"),
    ("the spec is for streaming", lambda b: b.update(type="generic-streaming"), '"generic-rest" → "generic-streaming"'),
    ("the spec has another provider", lambda b: b.update(providerId="521eee4d-8cbe-4906-bb48-fb6bd4450033"), "521eee4d"),
]
BREAKING_FLOW: list[tuple[str, Edit, str]] = [
    ("a frequency goes", lambda b: schedule(b)["properties"]["frequency"].update(enum=["once", "day", "week"]), '"hour"'),
    ("an interval is longer", lambda b: schedule(b)["else"]["properties"]["interval"].update(minimum=15), "1 → 15"),
    (
        "a backfill is needed",
        lambda b: schedule(b)["else"].update(required=["interval", "backfill"]),
        "'backfill' is now required",
    ),
    (
        "an option is a whole number",
        lambda b: b["optionSpec"]["spec"]["properties"]["partialIngestionPercent"].update(type="integer"),
        "number → integer",
    ),
    (
        "daily runs are limited",
        lambda b: schedule(b).update(allOf=[{"not": {"properties": {"frequency": {"const": "day"}}}}]),
        "(allOf)",
    ),
]
RISKY: list[tuple[str, Edit, str]] = [
    ("records are elsewhere", lambda b: runs(b)["contentPath"].update(path="$.data.members"), '"$.members" → "$.data.members"'),
    ("a field is left out", lambda b: runs(b)["contentPath"]["skipAttributes"].append("email"), "skipAttributes"),
    ("pages are of another type", lambda b: runs(b).update(paginationParams={"type": "PAGE"}), '"OFFSET" → "PAGE"'),
    ("a misspelt field of pagination", lambda b: runs(b)["paginationParams"].update(offsetName="skip"), "offsetName"),
    (
        "times are written otherwise",
        lambda b: runs(b)["scheduleParams"].update(scheduleStartParamFormat="yyyy-MM-dd"),
        "yyyy-MM-dd",
    ),
    ("the method changes", lambda b: runs(b)["urlParams"].update(method="POST"), '"GET" → "POST"'),
    ("the host changes", lambda b: runs(b)["urlParams"].update(host="https://eu.acme.example"), "eu.acme.example"),
    ("the source is called otherwise", lambda b: b.update(name="Acme Members"), '"Acme Members"'),
    ("a secret is shown", lambda b: basic(b)["properties"]["password"].pop("format"), "no longer a password"),
    ("permissions are fewer", lambda b: b["permissionsInfo"].pop("view"), "may lose or gain access"),
    ("times are to be a date", lambda b: programme(b).update(format="date-time"), '"date-time"'),
    (
        "a parameter is required and has a default",
        lambda b: (
            user(b)["properties"].update(locale={"type": "string", "default": "en"}),
            user(b)["required"].append("locale"),
        ),
        'has a default, "en"',
    ),
]
HARMLESS: list[tuple[str, Edit]] = [
    ("nothing", lambda _b: None),
    ("a better description", lambda b: b.update(description="Members of Acme")),
    ("another label", lambda b: runs(b)["uiAttributes"].update(label={"text": "Acme"}, icon={"key": "acme"})),
    ("another category", lambda b: runs(b)["uiAttributes"].update(category={"key": "crm"}, isBeta=False)),
    ("a title and examples", lambda b: programme(b).update(title="Programme", examples=["gold"], description="Which")),
    ("a default", lambda b: programme(b).update(default="gold")),
    ("auth specs in another order", lambda b: b["authSpec"].reverse()),
    ("an auth spec more", lambda b: b["authSpec"].append({"name": "API key", "type": "ApiKey", "spec": {"type": "object"}})),
    ("required in another order", lambda b: basic(b)["required"].reverse()),
    ("properties in another order", lambda b: basic(b).update(properties=dict(reversed(basic(b)["properties"].items())))),
    ("all keys in another order", lambda b: b.update(keys_reversed(b))),
    ("an optional parameter more", lambda b: user(b)["properties"].update(tier={"type": "string", "enum": ["gold", "silver"]})),
    ("an optional object more", lambda b: user(b)["properties"].update(filter={"type": "object", "required": ["field"]})),
    ("a parameter is optional now", lambda b: user(b).pop("required")),
    ("a parameter may be null", lambda b: programme(b).update(type=["string", "null"])),
    ("a type in a list", lambda b: programme(b).update(type=["string"])),
    ("a secret more", lambda b: basic(b)["properties"]["username"].update(format="password")),
    ("other properties are said to be fine", lambda b: user(b).update(additionalProperties=True)),
    (
        "a definition",
        lambda b: user(b).update(properties={"programmeId": {"$ref": "#/definitions/id"}}, definitions={"id": programme(b)}),
    ),
    ("what is required stands in allOf", lambda b: user(b).update(allOf=[{"required": user(b).pop("required")}])),
    ("properties stand in allOf", lambda b: user(b).update(allOf=[{"properties": user(b).pop("properties")}])),
    ("another dialect of the same name", lambda b: user(b).update({"$schema": "http://json-schema.org/draft-07/schema"})),
    ("no dialect", lambda b: user(b).pop("$schema")),
    ("an empty pattern", lambda b: programme(b).update(pattern=".*", minLength=0)),
    ("a dependency of what is there", lambda b: basic(b).update(dependencies={"username": ["password"]})),
    ("a rule that forbids nothing", lambda b: basic(b).update(propertyNames={"minLength": 0}, minProperties=2)),
]
HARMLESS_FLOW: list[tuple[str, Edit]] = [
    ("a frequency more", lambda b: schedule(b)["properties"]["frequency"]["enum"].append("minute")),
    ("frequencies in another order", lambda b: schedule(b)["properties"]["frequency"]["enum"].reverse()),
    ("a list of one instead of a constant", lambda b: schedule(b)["if"]["properties"].update(frequency={"enum": ["once"]})),
    ("a whole number with a point", lambda b: schedule(b)["else"]["properties"]["interval"].update(minimum=1.0)),
    ("a shorter interval", lambda b: schedule(b)["else"]["properties"]["interval"].update(minimum=0)),
    ("no condition", lambda b: (schedule(b).pop("if"), schedule(b).pop("then"), schedule(b).pop("else"))),
    (
        "one prohibition instead of two",
        lambda b: schedule(b)["then"].update(
            allOf=[{"not": {"anyOf": [{"required": ["interval"]}, {"required": ["backfill"]}]}}]
        ),
    ),
    ("an option more", lambda b: b["optionSpec"]["spec"]["properties"].update(note={"type": "string"})),
]


def told(rows: list[tuple[str, Edit, str]], key: str) -> list[Any]:
    return [pytest.param(edit, words, key, id=name) for name, edit, words in rows]


def harmless() -> list[Any]:
    rows = ((HARMLESS, SOURCE), (HARMLESS_FLOW, FLOW))
    return [pytest.param(edit, key, id=name) for table, key in rows for name, edit in table]


@pytest.mark.parametrize(("edit", "words", "key"), [*told(BREAKING, SOURCE), *told(BREAKING_FLOW, FLOW)])
def test_an_edit_that_breaks_what_uses_a_spec_is_breaking_and_says_what_it_does(edit: Edit, words: str, key: str) -> None:
    found = effects(edit, key)
    assert found[0].level is Level.BREAKING
    assert any(words in effect.reason for effect in found if effect.level is Level.BREAKING)


@pytest.mark.parametrize(("edit", "words", "key"), told(RISKY, SOURCE))
def test_an_edit_of_what_flows_run_by_is_risky_and_says_what_it_does(edit: Edit, words: str, key: str) -> None:
    found = effects(edit, key)
    assert found[0].level is Level.RISKY
    assert any(words in effect.reason for effect in found if effect.level is Level.RISKY)


@pytest.mark.parametrize(("edit", "key"), harmless())
def test_an_edit_that_harms_nobody_is_safe(edit: Edit, key: str) -> None:
    assert [effect for effect in effects(edit, key) if effect.level is not Level.SAFE] == []


HIT = re.compile(r"\b(connections?|flows?|source connections|people|lookups|mappings|requests|forms)\b")
REPEATED = re.compile(r"\b(\w+) \1\b")
ALL = [*told(BREAKING, SOURCE), *told(BREAKING_FLOW, FLOW), *told(RISKY, SOURCE)]


@pytest.mark.parametrize(("edit", "words", "key"), ALL)
def test_every_effect_that_weighs_anything_says_who_is_hit_and_what_helps(edit: Edit, words: str, key: str) -> None:
    del words
    for effect in effects(edit, key):
        if effect.level is not Level.SAFE:
            assert effect.hint
            assert HIT.search(effect.reason)
            assert not REPEATED.search(effect.reason)
            assert not effect.reason.endswith(".")
            assert len(effect.reason) < 400


@pytest.mark.parametrize("key", sorted(specs()))
def test_no_spec_of_this_project_differs_from_itself_with_its_keys_in_another_order(key: str) -> None:
    assert worst(effects(lambda body: body.update(keys_reversed(body)), key)) is Level.SAFE


PUBLISHED = [pytest.param(file, id=file.name) for file in published("connection", "flow") if "template" not in file.name]


def body_of(file: Path) -> Document:
    return bodies_in(file)[0]


def kind_of(file: Path) -> Kind:
    return Kind.FLOW_SPEC if file.parent.name == "flow" else Kind.CONNECTION_SPEC


JUDGED = ("authSpec", "sourceSpec", "scheduleSpec", "optionSpec", "transformationSpecs", "attributes")
"""Sections whose schemas are read; any other difference in an exploreSpec, which is to be copied as it stands, is risky."""


@needs_published
@pytest.mark.parametrize("file", PUBLISHED)
def test_a_published_body_that_is_only_written_otherwise_is_safe(file: Path) -> None:
    body = body_of(file)
    after = {name: rewritten(value) if name in JUDGED else value for name, value in reversed(body.items())}
    assert worst(effects_of(kind_of(file), body, after)) is Level.SAFE


def rewritten(value: Any) -> Any:
    """The same with keys in another order, types in lists, and constants as choices of one."""
    if isinstance(value, list):
        return [rewritten(item) for item in value]
    if not isinstance(value, dict):
        return float(value) if type(value) is int and value < 1_000 else value
    turned = {key: rewritten(item) for key, item in reversed(value.items()) if key != "const"}
    if turned.get("type") in ("string", "object") and value.keys() & {"properties", "format", "enum"}:
        turned["type"] = [turned["type"]]
    return turned | ({"enum": [value["const"]]} if "const" in value else {})


@needs_published
@pytest.mark.parametrize("file", PUBLISHED)
def test_a_published_body_without_an_auth_spec_breaks_connections(file: Path) -> None:
    body = body_of(file)
    for name in (entry["name"] for entry in body.get("authSpec") or []):
        after = body | {"authSpec": [entry for entry in body["authSpec"] if entry["name"] != name]}
        assert worst(effects_of(kind_of(file), body, after)) is Level.BREAKING


@needs_published
@pytest.mark.parametrize("file", PUBLISHED)
def test_a_published_body_whose_auth_parameters_are_needed_one_more_breaks_connections(file: Path) -> None:
    body = body_of(file)
    for index, entry in enumerate(body.get("authSpec") or []):
        after = copy.deepcopy(body)
        after["authSpec"][index]["spec"] = entry.get("spec", {}) | {"allOf": [{"required": ["somethingNew"]}]}
        assert worst(effects_of(kind_of(file), body, after)) is Level.BREAKING
