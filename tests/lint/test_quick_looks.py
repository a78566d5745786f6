"""Quick looks that spare a rule its work: each may only say no where the rule would find nothing."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.documents.json_text import encode
from reconciler.documents.names import name_faults
from reconciler.lint.registry import RULES
from reconciler.lint.secrets.texts import literal_secrets, secret_texts, secrets_of
from reconciler.lint.secrets.token_forms import _BASIC, _BEARER, _FORMS, that_may_hold_token, token_in
from reconciler.lint.subject import nodes, subject_of, texts
from tests.lint.test_token_forms import login
from tests.planning.situations import connection

NAMES = st.text(max_size=6) | st.sampled_from(["\x7f", "a\nb", "\u200b", "a b", '"', "\\", "\ud800"])
_LOOKAHEAD = re.compile(r"\(\?[=!](?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
"""What says that random letters are no words; a form without it matches more."""
VALUES = st.recursive(
    st.none() | st.integers(0, 3) | NAMES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)


@pytest.mark.parametrize("form", [*(form for _, form in _FORMS), _BASIC.pattern, _BEARER.pattern])
def test_no_form_of_a_token_escapes_the_quick_look(form: str) -> None:
    @given(st.from_regex(re.compile(_LOOKAHEAD.sub("", form)), fullmatch=True), NAMES.filter(lambda text: "\0" not in text))
    @settings(max_examples=30)
    def holds(token: str, other: str) -> None:
        assert [*that_may_hold_token(token)] == [token]
        assert token in that_may_hold_token(f"{other}\0{token}\0{other}")

    holds()


@pytest.mark.parametrize("letter", ["\u00e9", "\u4e2d", "\U0001f600", "\ud800"])
def test_a_token_behind_letters_of_any_width_is_found_in_its_own_text(letter: str) -> None:
    assert [*that_may_hold_token("\0".join([letter * 99, "0" * 15, letter * 99]))] == ["0" * 15]


@given(st.dictionaries(st.sampled_from(["sourceSpec", "authSpec", "a"]), VALUES, max_size=3))
def test_the_strings_of_a_body_are_those_among_its_nodes_in_their_order(body: dict[str, Any]) -> None:
    assert list(texts(body)) == [(path, value) for path, value in nodes(body) if isinstance(value, str)]


@given(st.dictionaries(NAMES.filter(lambda name: "\ud800" not in name), VALUES, max_size=3))
def test_a_plain_body_has_no_fault_in_any_name(body: dict[str, Any]) -> None:
    try:
        encode(body).decode()
        subject = subject_of(connection(sourceSpec=body))
    except ValueError:
        return  # no spec file has half of a surrogate pair
    if subject.is_plain:
        found = [name for path, value in nodes(subject.body) for name in (*path[-1:], value) if isinstance(name, str)]
        assert not any(name_faults(name) for name in found)


@pytest.mark.parametrize("is_key", [True, False])
def test_no_space_of_a_name_escapes_the_quick_look(is_key: bool) -> None:
    for name in ("".join(letters) for length in range(1, 5) for letters in product(" a\t", repeat=length)):
        part: dict[str, Any] = {name: 1} if is_key else {"name": name}
        found = list(RULES["space-in-name"].check(subject_of(connection(sourceSpec={"attributes": part}))))
        plain = name.strip()
        is_astray = (name != plain and bool(plain)) or (not is_key and "  " in plain)
        assert bool(found) == (is_astray and not name_faults(name)), name


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"a": [{"b": login("aladdin:opensesame")}]}, "this looks like a user's name and password"),
        (
            {"authSpec": [{"name": "x", "spec": {"properties": {"password": {"type": "string", "default": "hunter2hunter2"}}}}]},
            "a value for `password` looks like a secret",
        ),
        (
            {"sourceSpec": {"attributes": {"urlParams": {"host": "https://jane:hunter22@acme.example"}}}},
            "the password in this address looks like a secret",
        ),
        (
            {"sourceSpec": {"attributes": {"urlParams": {"path": "/v1?x=1&api_key=hunter22hunter"}}}},
            "the value of `api_key` looks like a secret",
        ),
    ],
)
def test_each_kind_of_secret_is_found_on_its_own_and_again(body: dict[str, Any], reason: str) -> None:
    assert [found.what for found in literal_secrets(body)] == [reason]
    spec = connection(**body)
    assert [found.what for found in secrets_of(spec)] == [found.what for found in secrets_of(spec)] == [reason]
    assert secret_texts(body) == secret_texts(spec.body) == {found.text for found in secrets_of(spec)}


def test_a_body_without_a_secret_has_none_the_second_time_either() -> None:
    spec = connection(sourceSpec={"attributes": {"urlParams": {"path": "/v1?x=1"}}})
    assert secrets_of(spec) == secrets_of(spec) == ()


def test_the_shortest_login_is_found_in_a_body_too() -> None:
    shortest = login("a:bc").rstrip("=")
    assert token_in(shortest) == "a user's name and password"
    assert [found.text for found in literal_secrets({"a": shortest})] == [shortest]
