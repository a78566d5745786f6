"""A new source, whatever is asked for: its file is in order, and says what was asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, TEMPLATES, NewSource, new_files, spec_path, title_of
from reconciler.desired.specs import DesiredSpec
from reconciler.schemas.published import schema_line
from reconciler.texts.yaml import read_yaml
from tests.desired.trees import load
from tests.schemas.validators import places

NAMES = {"oauth2-refresh-code": "OAuth2 Refresh Code", "basic": "Basic Authentication", "key-based": "API Key Authentication"}
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.sampled_from(
        ["no", "1.0", "null", "~", "# x", "a: b", "- a", "'", '"', "{{ name }}", "{% if %}", "${x}", "\n---\n", "\u2028", "{}"]
    ),
).filter(lambda text: bool(text.strip()))
PLACEHOLDERS = st.one_of(
    st.from_regex(r"\A[a-zA-Z_][a-zA-Z0-9_.-]{0,8}\Z"), st.sampled_from(["accessToken", "username", "a b", "#", "no"])
)


def sources(
    texts: st.SearchStrategy[str], host: st.SearchStrategy[str], path: st.SearchStrategy[str]
) -> st.SearchStrategy[NewSource]:
    """New sources of every choice, with these texts, hosts and paths."""
    return st.builds(
        NewSource,
        key=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,12}\Z"),
        template=st.sampled_from(TEMPLATES),
        name=texts,
        description=texts,
        category=st.sampled_from(["crm", "streaming"]),
        auth=st.lists(st.sampled_from(list(AUTH_OPTIONS)), min_size=1, max_size=2, unique=True).map(tuple),
        pagination=st.sampled_from(list(PAGINATIONS)),
        schedule=st.booleans(),
        host=host,
        path=path,
    )


SOURCES = sources(
    TEXTS,
    st.lists(PLACEHOLDERS, max_size=2).map(
        lambda names: "https://" + "".join(f"${{{name}}}." for name in names) + "acme.example"
    ),
    st.lists(PLACEHOLDERS, max_size=2).map(lambda names: "/v1" + "".join(f"/${{{name}}}" for name in names)),
)


def loaded(source: NewSource) -> DesiredSpec:
    """The one spec of the files, in which nothing is wrong."""
    desired = load({path: text for path, text in new_files(source).items() if path.startswith("sources/")})
    assert desired.problems == ()
    (spec,) = desired.specs
    return spec


def batch(**given_here: Any) -> NewSource:
    return NewSource(
        **{"key": "acme-orders", "template": "batch", "name": "A", "description": "B", "category": "crm"} | given_here
    )


@given(source=SOURCES)
def test_any_choice_gives_a_file_that_is_in_order_and_says_what_was_chosen(source: NewSource) -> None:
    spec = loaded(source)
    assert (spec.key, spec.name, spec.body["description"]) == (source.key, source.name, source.description)
    shown = spec.body["sourceSpec"]["attributes"]["uiAttributes"]
    assert (shown["label"]["text"], shown["description"]["text"]) == (source.name, source.description)
    assert shown["category"]["key"] == source.category
    assert spec.spec_type == ("generic-rest" if source.template == "batch" else "generic-streaming")


@given(source=SOURCES)
def test_what_only_a_batch_source_has_is_there_as_it_was_chosen(source: NewSource) -> None:
    body = loaded(source).body
    attributes = body["sourceSpec"]["attributes"]
    if source.template == "streaming":
        assert body["authSpec"] == []
        assert not {"urlParams", "paginationParams", "scheduleParams"} & attributes.keys()
        return
    assert {entry["name"] for entry in body["authSpec"]} == {NAMES[kind] for kind in source.auth}
    assert (attributes["urlParams"]["host"], attributes["urlParams"]["path"]) == (source.host, source.path)
    assert attributes["paginationParams"]["type"] == source.pagination.upper().replace("-", "_")
    assert ("scheduleParams" in attributes) is source.schedule


@given(source=SOURCES)
def test_any_choice_is_in_order_for_an_editor(source: NewSource) -> None:
    text = new_files(source)[spec_path(source.key)]
    assert places("connection-spec", read_yaml(text.encode()).value) == []
    assert text.splitlines()[0] == schema_line("connection-spec", spec_path(source.key))


def test_a_placeholder_of_the_host_is_asked_for_by_every_way_to_authenticate() -> None:
    body = loaded(batch(auth=tuple(AUTH_OPTIONS), host="https://${tenant}.${zone}.acme.example")).body
    for entry in body["authSpec"]:
        assert {"tenant", "zone"} <= entry["spec"]["properties"].keys()
        assert entry["spec"]["required"][:2] == ["tenant", "zone"]


def test_a_placeholder_of_the_path_is_asked_for_with_what_is_fetched() -> None:
    body = loaded(batch(path="/v1/${list}/members/${list}")).body
    assert body["sourceSpec"]["spec"]["properties"].keys() == {"list"}
    assert body["sourceSpec"]["spec"]["required"] == ["list"]


def test_a_placeholder_that_is_a_credential_is_declared_once() -> None:
    body = loaded(batch(auth=("basic",), host="https://${username}.acme.example")).body
    assert body["authSpec"][0]["spec"]["required"] == ["username", "password"]


def test_each_secret_is_hidden() -> None:
    body = loaded(batch(auth=tuple(AUTH_OPTIONS))).body
    fields = {name: field for entry in body["authSpec"] for name, field in entry["spec"]["properties"].items()}
    hidden = {name for name, field in fields.items() if field.get("format") == "password"}
    assert hidden == {"accessToken", "refreshToken", "clientSecret", "password", "authKey1"}


def test_beside_the_spec_is_what_a_submission_needs() -> None:
    files = new_files(batch(name="Acme Orders", description="All orders"))
    folder = "sources/acme-orders"
    assert files[f"{folder}/acme-orders-label.txt"] == "Acme Orders\n"
    assert files[f"{folder}/acme-orders-description.txt"] == "All orders\n"
    assert files[f"{folder}/acme-orders-category.txt"] == "crm\n"
    assert files[f"{folder}/acme-orders-icon.svg"].startswith("<svg ")
    assert "- [ ] `reconciler validate` finds nothing" in files[f"{folder}/README.md"]


@pytest.mark.parametrize(
    ("template", "word"), [("batch", "verification collection"), ("batch", "prove acme-orders --keep"), ("streaming", "HMAC")]
)
def test_the_checklist_is_the_one_of_the_template(template: str, word: str) -> None:
    assert word in new_files(batch(template=template))["sources/acme-orders/README.md"]


@pytest.mark.parametrize(("key", "name"), [("acme-orders", "Acme Orders"), ("x.y_z", "X Y Z"), ("a", "A"), ("CRM-2", "CRM 2")])
def test_a_name_is_suggested_by_the_key(key: str, name: str) -> None:
    assert title_of(key) == name


def test_each_choice_has_a_comment() -> None:
    text = new_files(batch(pagination="page"))[spec_path("acme-orders")]
    (line,) = [line for line in text.splitlines() if "maximumRequest" in line]
    assert line.strip() == "maximumRequest: 10000 # the most requests in one run; the default is 10000"
