"""False alarms at the write: what Adobe has published, and whatever a right source may be, is refused by no rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Document, encode
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.lint.secrets.texts import secret_texts
from reconciler.observing.rules_at_write import WriteRules
from reconciler.observing.spec_files import with_files
from reconciler.planning.plan import ActionName
from tests.planning.situations import plan
from tests.published import bodies_in, needs_published, published


def loaded(body: Document, kind: Kind = Kind.CONNECTION_SPEC) -> DesiredSpec:
    envelope = {"kind": kind.value, "key": "members", "spec": body}
    folder = "sources/members/connection-spec.yaml" if kind is Kind.CONNECTION_SPEC else "flow-specs/members.yaml"
    found = load_desired(GivenFiles({folder: encode(envelope)}), "stage", "specs", ("stage",))
    (spec,) = found.specs
    return spec


def refusals(spec: DesiredSpec) -> list[tuple[str, str]]:
    found = with_files(plan([spec], []), WriteRules())
    assert [action.action for action in found.actions if action.key] == [ActionName.CREATE]
    return [(problem.code, problem.message) for problem in found.errors if problem.code != "flow-spec-not-found"]


@needs_published
@pytest.mark.parametrize("file", published("connection", "flow"), ids=lambda file: file.name)
def test_a_published_body_may_be_created(file: Path) -> None:
    kind = Kind.FLOW_SPEC if file.parent.name == "flow" else Kind.CONNECTION_SPEC
    for item in bodies_in(file):
        body = {name: value for name, value in item.items() if name not in SERVER_MANAGED}
        assert refusals(loaded(body, kind)) == []
        assert secret_texts(body) == frozenset()


NAMES = st.sampled_from(
    ["listId", "campaignId", "tenant", "region", "pageToken", "sort_by", "apiVersion", "keyName", "clientIdType"]
)
WORDS = st.text(st.characters(categories=["L", "N", "Po", "Zs"], exclude_characters="{}$@"), min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and text.isprintable() and "  " not in text
)
FIELD = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "boolean"])},
    optional={"description": WORDS, "title": WORDS, "uiAttributes": st.just({"hidden": True})},
)
HIDDEN = st.fixed_dictionaries({"type": st.just("string"), "format": st.just("password")}, optional={"description": WORDS})


def form(fields: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Document]:
    """A schema that declares these, plainly or in another part of it."""

    def with_them(properties: dict[str, Any], how: str) -> Document:
        head: Document = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
        if how == "definitions":
            return head | {
                "properties": {name: {"$ref": f"#/definitions/{name}"} for name in properties},
                "definitions": properties,
            }
        return head | ({"properties": properties} if how == "plain" else {how: [{"properties": properties}]})

    return st.builds(with_them, fields, st.sampled_from(["plain", "allOf", "anyOf", "definitions"]))


AUTH = st.one_of(
    st.builds(
        lambda spec: {"name": "OAuth2 Refresh Code", "type": "OAuth2RefreshCode", "spec": spec},
        form(
            st.fixed_dictionaries({"accessToken": HIDDEN}, optional={"refreshToken": HIDDEN, "clientId": FIELD, "tenant": FIELD})
        ),
    ),
    st.builds(
        lambda spec: {"name": "Basic Authentication", "type": "BasicAuthentication", "spec": spec},
        form(st.fixed_dictionaries({"username": FIELD, "password": HIDDEN}, optional={"host": FIELD})),
    ),
    st.builds(
        lambda spec: {"name": "API Key Authentication", "type": "KeyBased", "spec": spec},
        form(
            st.fixed_dictionaries(
                {"authKey1": HIDDEN.map(lambda field: field | {"restAttributes": {"headerParamName": "X-Auth-Key1"}})}
            )
        ),
    ),
)
PAGES = st.sampled_from(
    [
        {"type": "NONE"},
        {"type": "OFFSET", "limitName": "limit", "limitValue": "100", "offSetName": "offset"},
        {
            "type": "OFFSET",
            "limitName": "l",
            "limitValue": 1,
            "offSetName": "o",
            "endConditionName": "$.m",
            "endConditionValue": "Const:false",
        },
        {"type": "POINTER", "limitName": "limit", "limitValue": 100, "pointerPath": "paging.next"},
        {"type": "PAGE", "limitName": "limit", "limitValue": 1, "pageParamName": "page", "initialPageIndex": 1},
        {
            "type": "CONTINUATION_TOKEN",
            "continuationTokenPath": "$.next",
            "parameterType": "QUERYPARAM",
            "parameterName": "page[after]",
        },
    ]
)
SCHEDULES = st.sampled_from(
    [
        {},
        {"scheduleParams": {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}},
    ]
)
VALUES = st.sampled_from(["1", "text/csv", "true", "${listId}", "created_at", "${listId}-x", "2026-11-27"])
SECRETS = st.sampled_from(
    ["${accessToken}", "Bearer ${accessToken}", "Klaviyo-API-Key ${accessToken}", "Token token=${accessToken}"]
)
PARAMETERS = st.builds(
    lambda plain, secret: plain | secret,
    st.dictionaries(
        st.sampled_from(["Accept", "fields", "x-version", "sort", "sort-key", "Idempotency-Key"]), VALUES, max_size=3
    ),
    st.dictionaries(st.sampled_from(["Authorization", "x-api-key", "token", "Ocp-Apim-Subscription-Key"]), SECRETS, max_size=2),
)


@st.composite
def sources(draw: st.DrawFn) -> Document:
    """The body of a source that is in order."""
    fields = draw(st.dictionaries(NAMES, FIELD, max_size=3)) | {"listId": {"type": "string"}, "accessToken": {"type": "string"}}
    request: Document = {
        "host": draw(st.sampled_from(["https://api.acme.example", "https://${listId}.acme.example", "${host}"])),
        "path": draw(st.sampled_from(["/v1/records", "/lists/${listId}/members", "/a@{if(empty(''),'?b=c','')}"])),
        "method": draw(st.sampled_from(["GET", "POST"])),
        "queryParams": draw(PARAMETERS),
    }
    if request["host"] == "${host}":
        fields["host"] = {"type": "string"}
    attributes: Document = {
        "uiAttributes": {"isSource": True, "category": {"key": "crm"}, "label": {"text": draw(WORDS)}},
        "urlParams": request,
        "headerParams": draw(PARAMETERS),
        "contentPath": draw(st.sampled_from([{"path": "$.items"}, "$.members"])),
        "paginationParams": draw(PAGES),
        **draw(SCHEDULES),
    }
    optional: Document = draw(
        st.fixed_dictionaries({}, optional={"description": WORDS, "permissionsInfo": st.just({"view": []})})
    )
    return {
        "name": draw(WORDS),
        "type": "generic-rest",
        "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
        "version": "1.0",
        "attributes": draw(st.sampled_from([{}, {"category": "CRM"}, {"uiAttributes": {}}])),
        "authSpec": draw(st.lists(AUTH, max_size=3, unique_by=lambda entry: entry["name"])),
        "sourceSpec": {"attributes": attributes, "spec": draw(form(st.just(fields)))},
        **optional,
    }


@given(body=sources())
@settings(deadline=None, max_examples=150)
def test_a_right_source_may_be_created_and_nothing_of_it_is_withheld(body: Document) -> None:
    assert refusals(loaded(body)) == []
    assert secret_texts(body) == frozenset()
