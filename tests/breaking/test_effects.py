"""Edits of a source as teams make them, told apart: what breaks those who use it, what may, and what harms nobody."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.breaking.effect import Level, worst
from reconciler.breaking.effects import body_after, effects_of, effects_of_changes
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING

Edit = Callable[[Document], Any]

SOURCE: Document = {
    "name": "Members",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "version": "1.0",
    "type": "generic-rest",
    "attributes": {"category": "marketing", "uiAttributes": {"isBeta": True}},
    "authSpec": [
        {
            "name": "OAuth2 Refresh Code",
            "type": "OAuth2RefreshCode",
            "spec": {
                "type": "object",
                "properties": {
                    "domain": {"type": "string", "description": "the host"},
                    "region": {"type": "string", "enum": ["us", "eu", "ap"]},
                    "accessToken": {"type": "string", "format": "password", "minLength": 8},
                },
                "required": ["domain", "accessToken"],
            },
        },
        {"name": "Basic Authentication", "type": "BasicAuthentication", "spec": {"type": "object"}},
    ],
    "sourceSpec": {
        "spec": {
            "type": "object",
            "properties": {
                "listId": {"type": "string"},
                "pageSize": {"type": "integer", "minimum": 1, "maximum": 500},
            },
            "required": ["listId"],
        },
        "attributes": {
            "uiAttributes": {"label": {"key": "membersLabel"}},
            "urlParams": {"host": "https://${domain}.example.com", "path": "/lists/${listId}", "method": "GET"},
            "contentPath": {"path": "$.members", "skipAttributes": ["_links"]},
            "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "100"},
            "scheduleParams": {"scheduleStartParamName": "since", "scheduleStartParamFormat": "yyyy-MM-dd"},
        },
    },
    "exploreSpec": {"name": "Resource", "type": "Resource"},
    "permissionsInfo": {"view": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["read"]}]},
}
FLOW: Document = {
    "name": "AcmeRestStorageToAEP",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "sourceConnectionSpecIds": ["1"],
    "targetConnectionSpecIds": ["2", "3"],
    "transformationSpecs": [{"name": "Mapping", "spec": {"type": "object", "properties": {"mappingId": {"type": "string"}}}}],
    "scheduleSpec": {
        "name": "PeriodicSchedule",
        "spec": {
            "type": "object",
            "properties": {"frequency": {"type": "string", "enum": ["hour", "day"]}, "interval": {"type": "integer"}},
            "required": ["frequency"],
            "if": {"properties": {"frequency": {"const": "once"}}},
            "else": {"required": ["interval"]},
        },
    },
}


def edited(body: Document, edit: Edit) -> Document:
    after = copy.deepcopy(body)
    edit(after)
    return after


def auth(body: Document) -> Document:
    """The schema of the first auth spec."""
    spec: Document = body["authSpec"][0]["spec"]
    return spec


def user(body: Document) -> Document:
    """The schema of the user parameters."""
    spec: Document = body["sourceSpec"]["spec"]
    return spec


def runs(body: Document) -> Document:
    """What flows run by."""
    attributes: Document = body["sourceSpec"]["attributes"]
    return attributes


def rename(body: Document, old: str, new: str) -> None:
    body["properties"][new] = body["properties"].pop(old)
    body["required"] = [new if name == old else name for name in body["required"]]


def one_more(body: Document, name: str, schema: Document, *, required: bool = False) -> None:
    body["properties"][name] = schema
    if required:
        body["required"].append(name)


def need_parameter(body: Document, name: str) -> None:
    one_more(user(body), name, {"type": "string"})
    runs(body)["urlParams"]["path"] = f"/stores/${{{name}}}"


BREAKING: dict[str, tuple[Edit, str, str]] = {
    "an auth spec is removed": (lambda body: body["authSpec"].pop(1), "auth-removed", "/authSpec/1"),
    "an auth spec is renamed": (
        lambda body: body["authSpec"][0].update(name="oAuth2RefreshCode"),
        "auth-renamed",
        "/authSpec/0",
    ),
    "an auth spec gets another type": (
        lambda body: body["authSpec"][0].update(type="OAuth2ClientCredential"),
        "auth-type",
        "/authSpec/0/type",
    ),
    "an auth parameter is removed": (
        lambda body: auth(body)["properties"].pop("region"),
        "property-removed",
        "/authSpec/0/spec/properties/region",
    ),
    "an optional auth parameter becomes required": (
        lambda body: auth(body)["required"].append("region"),
        "newly-required",
        "/authSpec/0/spec/required",
    ),
    "a required auth parameter is added": (
        lambda body: one_more(auth(body), "tenant", {"type": "string"}, required=True),
        "newly-required",
        "/authSpec/0/spec/required",
    ),
    "an auth parameter takes fewer values": (
        lambda body: auth(body)["properties"]["region"].update(enum=["us", "eu"]),
        "enum-narrowed",
        "/authSpec/0/spec/properties/region/enum",
    ),
    "an auth parameter has to be longer": (
        lambda body: auth(body)["properties"]["accessToken"].update(minLength=32),
        "bounds",
        "/authSpec/0/spec/properties/accessToken/minLength",
    ),
    "unknown auth parameters are refused": (
        lambda body: auth(body).update(additionalProperties=False),
        "closed",
        "/authSpec/0/spec/additionalProperties",
    ),
    "a user parameter is renamed": (
        lambda body: rename(user(body), "listId", "audienceId"),
        "property-renamed",
        "/sourceSpec/spec/properties/listId",
    ),
    "a user parameter gets another type": (
        lambda body: user(body)["properties"]["pageSize"].update(type="string"),
        "retyped",
        "/sourceSpec/spec/properties/pageSize/type",
    ),
    "a user parameter gets a pattern": (
        lambda body: user(body)["properties"]["listId"].update(pattern="^[0-9a-f]{10}$"),
        "pattern",
        "/sourceSpec/spec/properties/listId/pattern",
    ),
    "requests need a parameter that nobody was asked for": (
        lambda body: need_parameter(body, "storeId"),
        "placeholder",
        "/sourceSpec/attributes/urlParams",
    ),
    "requests need a parameter that no property declares": (
        lambda body: runs(body).update(headerParams={"x-tenant": "${tenant}"}),
        "placeholder",
        "/sourceSpec/attributes/headerParams",
    ),
    "the spec gets another type": (lambda body: body.update(type="generic-streaming"), "spec-type", "/type"),
    "the spec gets another provider": (lambda body: body.update(providerId="521eee4d"), "provider", "/providerId"),
}

RISKY: dict[str, tuple[Edit, str, str]] = {
    "the name changes": (lambda body: body.update(name="Audience"), "spec-name", "/name"),
    "records are taken from elsewhere": (
        lambda body: runs(body).update(contentPath={"path": "$.data"}),
        "content-path",
        "/sourceSpec/attributes/contentPath",
    ),
    "pages are asked for otherwise": (
        lambda body: runs(body)["paginationParams"].update(type="PAGE"),
        "pagination",
        "/sourceSpec/attributes/paginationParams",
    ),
    "the path of requests changes": (
        lambda body: runs(body)["urlParams"].update(path="/audiences/${listId}"),
        "request",
        "/sourceSpec/attributes/urlParams",
    ),
    "the format of schedules changes": (
        lambda body: runs(body)["scheduleParams"].update(scheduleStartParamFormat="yyyy"),
        "schedule",
        "/sourceSpec/attributes/scheduleParams",
    ),
    "an auth spec works otherwise": (
        lambda body: body["authSpec"][0].update(tokenUrl="https://example.com"),
        "auth-behaviour",
        "/authSpec/0/tokenUrl",
    ),
    "exploring changes": (lambda body: body["exploreSpec"].update(type="Table"), "explore", "/exploreSpec"),
    "permissions are fewer": (lambda body: body["permissionsInfo"]["view"].clear(), "permissions", "/permissionsInfo"),
    "a required parameter with a default is added": (
        lambda body: one_more(user(body), "locale", {"type": "string", "default": "en"}, required=True),
        "required-default",
        "/sourceSpec/spec/required",
    ),
    "a secret is no password any more": (
        lambda body: auth(body)["properties"]["accessToken"].pop("format"),
        "secret",
        "/authSpec/0/spec/properties/accessToken/format",
    ),
    "requests need an optional parameter": (
        lambda body: runs(body)["urlParams"].update(queryParams={"size": "${pageSize}"}),
        "request",
        "/sourceSpec/attributes/urlParams",
    ),
    "a section that nothing is known of changes": (lambda body: body.update(somethingNew={"a": 1}), "behaviour", "/somethingNew"),
}

HARMLESS: dict[str, tuple[Edit, str]] = {
    "an auth spec is added": (
        lambda body: body["authSpec"].append({"name": "API key", "type": "ApiKey", "spec": {"required": ["key"]}}),
        "auth-added",
    ),
    "an optional auth parameter is added": (lambda body: one_more(auth(body), "tenant", {"type": "string"}), "property-added"),
    "an optional user parameter is added": (lambda body: one_more(user(body), "tag", {"type": "string"}), "property-added"),
    "a required parameter becomes optional": (lambda body: auth(body)["required"].remove("domain"), "loosened"),
    "a parameter takes one more value": (lambda body: auth(body)["properties"]["region"]["enum"].append("ca"), "loosened"),
    "a number may be larger": (lambda body: user(body)["properties"]["pageSize"].update(maximum=1000), "loosened"),
    "a text may be shorter": (lambda body: auth(body)["properties"]["accessToken"].pop("minLength"), "loosened"),
    "a parameter takes one more type": (
        lambda body: user(body)["properties"]["listId"].update(type=["string", "integer"]),
        "loosened",
    ),
    "a whole number may be any number": (lambda body: user(body)["properties"]["pageSize"].update(type="number"), "loosened"),
    "a parameter is explained better": (lambda body: auth(body)["properties"]["domain"].update(description="Your host"), "text"),
    "the label of a source changes": (lambda body: runs(body)["uiAttributes"].update(label={"key": "newLabel"}), "text"),
    "the category changes": (lambda body: body["attributes"].update(category="crm"), "text"),
    "an auth spec is described otherwise": (lambda body: body["authSpec"][0].update(description="OAuth"), "text"),
    "a description is added": (lambda body: body.update(description="Members of a list"), "text"),
}


@pytest.mark.parametrize(("edit", "code", "path"), BREAKING.values(), ids=BREAKING)
def test_what_breaks_connections_is_breaking(edit: Edit, code: str, path: str) -> None:
    first = effects_of(Kind.CONNECTION_SPEC, SOURCE, edited(SOURCE, edit))[0]
    assert (first.level, first.code, first.path) == (Level.BREAKING, code, path)
    assert first.hint


@pytest.mark.parametrize(("edit", "code", "path"), RISKY.values(), ids=RISKY)
def test_what_may_act_otherwise_is_risky(edit: Edit, code: str, path: str) -> None:
    first = effects_of(Kind.CONNECTION_SPEC, SOURCE, edited(SOURCE, edit))[0]
    assert (first.level, first.code, first.path) == (Level.RISKY, code, path)


@pytest.mark.parametrize(("edit", "code"), HARMLESS.values(), ids=HARMLESS)
def test_what_harms_nobody_is_safe(edit: Edit, code: str) -> None:
    assert [(effect.level, effect.code) for effect in effects_of(Kind.CONNECTION_SPEC, SOURCE, edited(SOURCE, edit))] == [
        (Level.SAFE, code)
    ]


FLOW_EDITS: dict[str, tuple[Edit, Level, str]] = {
    "a schedule takes fewer frequencies": (
        lambda body: body["scheduleSpec"]["spec"]["properties"]["frequency"].update(enum=["day"]),
        Level.BREAKING,
        "enum-narrowed",
    ),
    "a schedule has to say more behind the same condition": (
        lambda body: body["scheduleSpec"]["spec"]["else"].update(required=["interval", "startTime"]),
        Level.BREAKING,
        "newly-required",
    ),
    "a schedule has another condition": (
        lambda body: body["scheduleSpec"]["spec"].update({"if": {"required": ["interval"]}, "then": {"required": ["startTime"]}}),
        Level.BREAKING,
        "refused",
    ),
    "a schedule has no condition any more": (lambda body: body["scheduleSpec"]["spec"].pop("if"), Level.SAFE, "loosened"),
    "options come to be": (
        lambda body: body.update(optionSpec={"spec": {"properties": {"x": {}}}}),
        Level.SAFE,
        "property-added",
    ),
    "a transformation is removed": (lambda body: body.pop("transformationSpecs"), Level.BREAKING, "transformation-removed"),
    "a transformation is added": (
        lambda body: body["transformationSpecs"].append({"name": "Copy"}),
        Level.SAFE,
        "transformation-added",
    ),
    "a transformation asks for something else": (
        lambda body: body["transformationSpecs"][0]["spec"]["properties"]["mappingId"].update(type="integer"),
        Level.RISKY,
        "retyped",
    ),
    "a target is removed": (lambda body: body["targetConnectionSpecIds"].pop(), Level.BREAKING, "target-removed"),
    "a target is added": (lambda body: body["targetConnectionSpecIds"].append("4"), Level.SAFE, "target-added"),
}


@pytest.mark.parametrize(("edit", "level", "code"), FLOW_EDITS.values(), ids=FLOW_EDITS)
def test_edits_of_a_flow_spec_are_judged_by_what_flows_hold(edit: Edit, level: Level, code: str) -> None:
    first = effects_of(Kind.FLOW_SPEC, FLOW, edited(FLOW, edit))[0]
    assert (first.level, first.code) == (level, code)


@pytest.mark.parametrize("name", ["zone", "pageSize", "refreshToken"])
def test_a_placeholder_that_may_have_a_value_is_risky(name: str) -> None:
    """It has a default, is optional, or is what an authorization brings."""
    after = edited(SOURCE, lambda body: runs(body)["urlParams"].update(path=f"/${{{name}}}"))
    if name == "zone":
        one_more(user(after), "zone", {"type": "string", "default": "eu"})
    found = effects_of(Kind.CONNECTION_SPEC, SOURCE, after)
    assert ("placeholder", Level.RISKY) in [(effect.code, effect.level) for effect in found]
    assert worst(found) is Level.RISKY


def test_a_source_that_leaves_a_flow_spec_is_risky_since_a_guard_asks_whether_it_is_used() -> None:
    (effect,) = effects_of(Kind.FLOW_SPEC, FLOW, FLOW | {"sourceConnectionSpecIds": []})
    assert (effect.code, effect.level, "'1'" in effect.reason) == ("source-removed", Level.RISKY, True)
    assert effects_of(Kind.FLOW_SPEC, FLOW, FLOW | {"sourceConnectionSpecIds": ["1", "2"]}) == ()


def test_what_breaks_stands_first() -> None:
    after = edited(SOURCE, lambda body: (body.update(name="x", description="y"), body["authSpec"].pop(0)))
    levels = [effect.level for effect in effects_of(Kind.CONNECTION_SPEC, SOURCE, after)]
    assert levels == [Level.BREAKING, Level.RISKY, Level.SAFE]


def test_a_rename_names_both_names() -> None:
    after = edited(SOURCE, lambda body: rename(user(body), "listId", "audienceId"))
    first, *_ = effects_of(Kind.CONNECTION_SPEC, SOURCE, after)
    assert first.reason == (
        "user parameter 'listId' seems to be renamed to 'audienceId': source connections hold it under the old name, "
        "and their flows may fail at their next run"
    )


def test_an_auth_spec_with_another_name_and_content_counts_as_another_one() -> None:
    new = {"name": "API key", "type": "ApiKey"}
    found = effects_of(Kind.CONNECTION_SPEC, SOURCE, SOURCE | {"authSpec": [SOURCE["authSpec"][0], new]})
    assert [effect.code for effect in found] == ["auth-removed", "auth-added"]


def test_the_order_of_auth_specs_is_nothing() -> None:
    assert effects_of(Kind.CONNECTION_SPEC, SOURCE, SOURCE | {"authSpec": SOURCE["authSpec"][::-1]}) == ()


def test_auth_specs_without_names_cannot_be_judged() -> None:
    (effect,) = effects_of(Kind.CONNECTION_SPEC, {"authSpec": [{"type": "a"}]}, {"authSpec": [{"type": "b"}]})
    assert (effect.level, effect.code) == (Level.RISKY, "unjudged")


def test_a_section_that_is_null_is_none() -> None:
    found = effects_of(Kind.CONNECTION_SPEC, SOURCE, SOURCE | {"sourceSpec": None})
    assert {effect.code for effect in found if effect.level is Level.BREAKING} == {"property-removed"}


def test_a_section_under_its_other_name_is_no_difference() -> None:
    after = {("transformationSpec" if name == "transformationSpecs" else name): value for name, value in FLOW.items()}
    assert effects_of(Kind.FLOW_SPEC, FLOW, after) == ()


def test_the_changes_of_a_plan_are_judged_by_the_body_that_they_leave() -> None:
    changes = (
        Change("remove", "/targetConnectionSpecIds/1", "3", MISSING, ("targetConnectionSpecIds", '"3"')),
        Change("add", "/sourceConnectionSpecIds/-", MISSING, "9", ("sourceConnectionSpecIds", '"9"')),
        Change("replace", "/name", "AcmeRestStorageToAEP", "Acme", ("name",)),
    )
    after = body_after(FLOW, changes)
    assert (after["targetConnectionSpecIds"], after["sourceConnectionSpecIds"], after["name"]) == (["2"], ["1", "9"], "Acme")
    assert {effect.code for effect in effects_of_changes(Kind.FLOW_SPEC, FLOW, changes)} == {"target-removed", "spec-name"}


def test_harmless_changes_of_a_plan_are_not_kept() -> None:
    changes = (Change("add", "/description", MISSING, "x", ("description",)),)
    assert effects_of_changes(Kind.CONNECTION_SPEC, SOURCE, changes) == ()
