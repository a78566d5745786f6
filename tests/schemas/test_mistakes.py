"""What an editor underlines."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.json_text import Document
from reconciler.documents.merge import merge_patch
from tests.desired.trees import ONE_ID, PROVIDER
from tests.schemas.validators import accepts, places

BODY = {"name": "MailChimp", "providerId": PROVIDER}
PAGING = "/spec/sourceSpec/attributes/paginationParams"
PROOF: Document = {"kind": "Proof", "auth": {"params": {"password": {"env": "X"}}}, "assume": {"offset.no-end": "never"}}
SETTINGS: Document = {"version": 1, "repository": "acme/s", "targets": {"a": {"emulator": ".reconciler/a.db"}}}


def source(**envelope: Any) -> Document:
    return {"kind": "ConnectionSpec", "spec": BODY, **envelope}


def flow(**body: Any) -> Document:
    return {"kind": "FlowSpec", "spec": {**BODY, **body}}


def fetching(**attributes: Any) -> Document:
    """A source with these attributes of its sourceSpec."""
    return {"kind": "ConnectionSpec", "spec": {**BODY, "sourceSpec": {"attributes": attributes}}}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (source(flowSpec=[]), ""),
        (source(kind="FlowSpec"), "/kind"),
        (source(key="a b"), "/key"),
        (source(key=ONE_ID), "/key"),
        (source(formerly=["-x"]), "/formerly/0"),
        (source(ids={"prod": "f6c0de0c"}), "/ids/prod"),
        (source(adopt=3), "/adopt"),
        (source(adopt="acme"), "/adopt"),
        (source(ignore=["sourceSpec/attributes"]), "/ignore/0"),
        (source(ignore=[""]), "/ignore/0"),
        (source(flowSpecs=[" "]), "/flowSpecs/0"),
        (source(overlays={"stage": []}), "/overlays/stage"),
        (source(overlays={"stage": {"sourceSpec": {"attributes": {"urlParams": {"method": "get"}}}}}), None),
        (source(spec={"name": "MailChimp"}), "/spec"),
        (source(spec={**BODY, "name": " "}), "/spec/name"),
        (source(spec={**BODY, "version": 1.0}), "/spec/version"),
        (source(spec={**BODY, "attributes": {"reconciler": {}}}), "/spec/attributes/reconciler"),
        (source(spec={**BODY, "authSpec": [{"type": "BasicAuthentication"}]}), "/spec/authSpec/0"),
        (source(spec={**BODY, "authSpec": {"name": "Basic"}}), "/spec/authSpec"),
        (fetching(urlParams={"path": "/x", "method": "get"}), "/spec/sourceSpec/attributes/urlParams/method"),
        (fetching(urlParams={"path": "/x"}), "/spec/sourceSpec/attributes/urlParams"),
        (fetching(contentPath={"skipAttributes": []}), "/spec/sourceSpec/attributes/contentPath"),
        (fetching(paginationParams={"type": "offset"}), f"{PAGING}/type"),
        (
            fetching(paginationParams={"type": "OFFSET", "limitName": 5, "limitValue": 9, "offSetName": "o"}),
            f"{PAGING}/limitName",
        ),
        (fetching(paginationParams={"type": "OFFSET", "limitName": "l", "limitValue": 9}), PAGING),
        (fetching(paginationParams={"type": "POINTER", "limitName": "l", "limitValue": 9}), PAGING),
        (fetching(paginationParams={"type": "PAGE", "limitName": "l", "limitValue": 9}), PAGING),
        (fetching(paginationParams={"type": "CONTINUATION_TOKEN", "parameterName": "p"}), PAGING),
        (fetching(scheduleParams={"scheduleStartParamName": "a"}), "/spec/sourceSpec/attributes/scheduleParams"),
        (fetching(scheduleParams={"type": "ADVANCE"}), "/spec/sourceSpec/attributes/scheduleParams"),
        (fetching(uiAttributes={"isBeta": "yes"}), "/spec/sourceSpec/attributes/uiAttributes/isBeta"),
    ],
)
def test_a_mistake_in_a_connection_spec_is_found_where_it_is(document: Document, place: str | None) -> None:
    found = places("connection-spec", document)
    assert found
    assert place is None or found == [place]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({**flow(), "flowSpecs": []}, ""),
        (flow(sourceConnectionSpecIds="x"), "/spec/sourceConnectionSpecIds"),
        (flow(sourceConnectionSpecIds=[{"reff": "x"}]), "/spec/sourceConnectionSpecIds/0"),
        (flow(transformationSpecs={"name": "Mapping"}), "/spec/transformationSpecs"),
    ],
)
def test_a_mistake_in_a_flow_spec_is_found_where_it_is(document: Document, place: str) -> None:
    assert places("flow-spec", document) == [place]


@pytest.mark.parametrize(
    ("patch", "place"),
    [
        ({"version": 2}, "/version"),
        ({"repository": "acme"}, "/repository"),
        ({"target": "a"}, ""),
        ({"targets": {"a": None, "a b": {}}}, "/targets"),
        ({"targets": {"a": None}}, "/targets"),
        ({"targets": {"a": {"base_url": "https://evil.example/flowservice"}}}, "/targets/a/base_url"),
        ({"targets": {"a": {"base_url": "http://platform.adobe.io"}}}, "/targets/a/base_url"),
        ({"targets": {"a": {"sandbox": "Prod"}}}, "/targets/a/sandbox"),
        ({"targets": {"a": {"org_id": "123"}}}, "/targets/a/org_id"),
        ({"targets": {"a": {"emulator": "../local.db"}}}, "/targets/a/emulator"),
        ({"targets": {"a": {"scopes": ["open id"]}}}, "/targets/a/scopes/0"),
        ({"targets": {"a": {"ownership": "mine"}}}, "/targets/a/ownership"),
        ({"safety": {"max_creates": -1}}, "/safety/max_creates"),
        ({"network": {"timeout": "5 minutes"}}, "/network/timeout"),
        ({"network": {"timeout": 0}}, "/network/timeout"),
        ({"network": {"settel": "1s"}}, "/network"),
        ({"rules": {"ofset-spelling": "off"}}, "/rules"),
        ({"rules": {"offset-spelling": "fatal"}}, "/rules/offset-spelling"),
        ({"network": {"retries": 1000}}, "/network/retries"),
    ],
)
def test_a_mistake_in_the_settings_is_found_where_it_is(patch: Document, place: str) -> None:
    assert accepts("settings", SETTINGS)
    assert places("settings", merge_patch(SETTINGS, patch)) == [place]


@pytest.mark.parametrize(
    ("patch", "place"),
    [
        ({"kind": "Prof"}, "/kind"),
        ({"expct": {}}, ""),
        ({"auth": {"params": {"password": {"env": "lower"}}}}, "/auth/params/password/env"),
        ({"auth": {"params": {"password": {"env": "RECONCILER_PROOF_X"}}}}, "/auth/params/password/env"),
        ({"source": {"list": {"env": "X", "more": 1}}}, "/source/list"),
        ({"assume": {"offset.noend": "never"}}, "/assume"),
        ({"assume": {"offset.no-end": "nevr"}}, "/assume/offset.no-end"),
        ({"assume": ["offset.no-end"]}, "/assume"),
        ({"expect": {"windows": [{"from": "2024-01-05T00:00:00", "to": "2024-01-06"}]}}, "/expect/windows/0/from"),
        ({"cleanup": {"keep": ["flow"]}}, "/cleanup/keep/0"),
        ({"streaming": {"mechanism": "hmac", "wait": "2h"}}, "/streaming/wait"),
    ],
)
def test_a_mistake_in_a_proof_is_found_where_it_is(patch: Document, place: str) -> None:
    assert accepts("proof", PROOF)
    assert places("proof", merge_patch(PROOF, patch)) == [place]


def test_an_overlay_may_take_any_field_away() -> None:
    patch = {
        "description": None,
        "sourceSpec": {"attributes": {"paginationParams": None, "urlParams": {"queryParams": {"x": None}}}},
    }
    assert accepts("connection-spec", source(overlays={"stage": patch}))
    assert accepts("connection-spec", source(overlays={"stage": {"sourceSpec": {"spec": {"properties": {"listId": None}}}}}))


def test_an_overlay_may_say_what_kind_of_pagination_changes_without_the_rest() -> None:
    assert accepts(
        "connection-spec", source(overlays={"stage": {"sourceSpec": {"attributes": {"paginationParams": {"type": "PAGE"}}}}})
    )


def test_name_and_provider_may_come_from_an_overlay() -> None:
    assert accepts("connection-spec", source(spec={}, overlays={"stage": BODY}))


def test_a_body_may_have_fields_that_no_page_describes() -> None:
    assert accepts("connection-spec", source(spec={**BODY, "somethingNew": {"a": [1]}, "sourceSpec": {"newer": True}}))
