"""Values for a trial: from proof.yaml, the command line and the environment."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Json, encode
from reconciler.proofs.filling import Asked
from reconciler.secret import Secret
from tests.proofs.files import BASIC, BODY, FORM, GOOD, KEY, SECRET, TOKEN, fill, read, read_proof, shown


def test_the_values_of_the_file_and_the_environment_are_put_together() -> None:
    filled = fill(GOOD, environ={"RECONCILER_PROOF_ACME_PASSWORD": SECRET})
    assert filled.problems == ()
    assert filled.values.auth_name == "Basic"
    assert filled.values.auth == {"domain": "us6", "password": Secret(SECRET)}
    assert filled.values.source == {"store": "eu"}
    assert filled.secrets == {"ACME_PASSWORD": Secret(SECRET)}


def test_without_an_environment_a_placeholder_stands_for_each_variable() -> None:
    filled = fill(GOOD)
    assert filled.problems == ()
    assert filled.secrets == {"ACME_PASSWORD": Secret("${ACME_PASSWORD}")}
    assert filled.values.auth["password"] == Secret("${ACME_PASSWORD}")


@pytest.mark.parametrize("name", ["ACME_PASSWORD", "RECONCILER_CLIENT_SECRET", "RECONCILER_PROOF"])
def test_only_variables_with_the_prefix_are_read(name: str) -> None:
    filled = fill(GOOD.replace("ACME_PASSWORD", name), environ={name: SECRET, "RECONCILER_CLIENT_SECRET": SECRET})
    assert shown(filled.problems) == [f"6:16 variable the environment variable RECONCILER_PROOF_{name} is not set"]
    assert f"${{{{ secrets.RECONCILER_PROOF_{name} }}}}" in (filled.problems[0].hint or "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "is empty"),
        ("abc", "fewer than 4 characters"),
        (SECRET + "\n", "a line break or another control character"),
        ("\x00" + SECRET, "a line break or another control character"),
        (SECRET + "\udcff", "a line break or another control character"),
        (SECRET + "\u2028", "a line break or another control character"),
        ("x" * 20_001, "more than 20,000 characters"),
    ],
)
def test_a_value_that_cannot_be_sent_or_hidden_is_refused_without_showing_it(value: str, reason: str) -> None:
    filled = fill(GOOD, environ={"RECONCILER_PROOF_ACME_PASSWORD": value})
    (problem,) = filled.problems
    assert reason in problem.message
    assert SECRET not in f"{problem}{filled}"
    assert filled.secrets == {}


@pytest.mark.parametrize("value", ["abcd", "x" * 20_000, "ünïcode ✓ value"])
def test_other_values_are_taken_as_they_are(value: str) -> None:
    assert fill(GOOD, environ={"RECONCILER_PROOF_ACME_PASSWORD": value}).secrets == {"ACME_PASSWORD": Secret(value)}


def test_an_entry_must_be_chosen_where_there_are_several() -> None:
    filled = fill(GOOD.replace("  name: Basic\n", ""))
    assert shown(filled.problems) == ["2:1 auth-name authSpec has 2 entries, and none is chosen"]
    assert "'Basic' or 'Token'" in (filled.problems[0].hint or "")


def test_the_only_entry_needs_no_name() -> None:
    filled = fill(GOOD.replace("  name: Basic\n", ""), body=BODY | {"authSpec": [BASIC]})
    assert (filled.problems, filled.values.auth_name) == ((), "Basic")


def test_an_unknown_entry_is_reported_with_the_nearest_name() -> None:
    (problem,) = fill(GOOD.replace("name: Basic", "name: Basik")).problems
    assert (problem.line, problem.column, problem.hint) == (3, 3, "did you mean 'Basic'?")


def test_auth_of_the_command_line_leaves_out_the_values_of_another_entry() -> None:
    filled = fill(GOOD.replace("password:", "token: {env: T}\n    password:"), Asked("Token"))
    assert filled.problems == ()
    assert (filled.values.auth_name, list(filled.values.auth)) == ("Token", ["token"])


def test_auth_of_the_command_line_does_not_hide_unknown_properties() -> None:
    filled = fill(GOOD.replace("domain:", "domian:"), Asked("Basic"))
    assert [problem.code for problem in filled.problems] == ["unknown-property", "missing-property"]


@pytest.mark.parametrize(
    "keyword", [{"additionalProperties": {"format": "password"}}, {"patternProperties": {"^p": {"format": "password"}}}]
)
def test_a_property_without_a_name_in_the_schema_is_secret_if_all_of_them_are(keyword: Json) -> None:
    filled = fill(
        GOOD.replace("{env: ACME_PASSWORD}", SECRET),
        body={"authSpec": [{"name": "Basic", "spec": {"properties": {"domain": {}}} | keyword}], "sourceSpec": {"spec": FORM}},
    )
    assert "literal-secret" in [problem.code for problem in filled.problems]
    assert SECRET not in f"{filled.problems}{filled}"


def test_a_value_that_is_still_the_placeholder_of_a_new_file_is_an_error_unless_the_command_line_gives_it() -> None:
    text = GOOD.replace("domain: us6", "domain: …")
    assert shown(fill(text).problems) == ["5:5 not-filled-in `auth.params.domain` is not filled in"]
    assert fill(text, Asked(sets={"domain": "us6"})).problems == ()


def test_a_property_with_a_default_is_not_missing() -> None:
    form = FORM | {"properties": {"store": {"default": "eu"}}, "required": ["store", "list"]}
    filled = fill(GOOD.replace("source: {store: eu}", "source: {}"), body=BODY | {"sourceSpec": {"spec": form}})
    assert [problem.message for problem in filled.problems] == ["`source.list` is missing: sourceSpec.spec requires it"]


def test_an_unknown_auth_of_the_command_line_has_no_line() -> None:
    (problem,) = fill(GOOD, Asked("Tokn")).problems
    assert (problem.file, problem.code, problem.hint) == (None, "usage", "did you mean 'Token'?")


def test_missing_and_unknown_properties_have_lines() -> None:
    filled = fill(GOOD.replace("domain:", "domian:").replace("store:", "stoer:"))
    assert shown(filled.problems) == [
        "5:5 unknown-property the authSpec entry 'Basic' has no property 'domian'",
        "4:3 missing-property `auth.params.domain` is missing: the authSpec entry 'Basic' requires it",
        "7:10 unknown-property sourceSpec.spec has no property 'stoer'",
    ]
    assert filled.problems[0].hint == "did you mean 'domain'?"


@pytest.mark.parametrize("literal", [SECRET, f"[{SECRET}]", f"{{{SECRET}: 1}}", f"{{value: {SECRET}}}", f"${{{SECRET}}}"])
def test_a_literal_secret_is_an_error_that_does_not_show_it(literal: str) -> None:
    filled = fill(GOOD.replace("{env: ACME_PASSWORD}", literal))
    assert shown(filled.problems) == [
        "6:5 literal-secret `auth.params.password` is a secret, and a file in git must not have its value"
    ]
    assert SECRET not in f"{filled.problems}{filled}"
    assert "password" not in filled.values.auth


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/definitions/secret"},
        {"allOf": [{"type": "string"}, {"anyOf": [{"format": "password"}]}]},
        {"type": "object", "properties": {"inner": {"items": [{"format": "password"}]}}},
        {"$ref": "https://elsewhere.example/secret.json"},
        {"$ref": "#/definitions/loop"},
        {"items": {"format": "password"}},
        {"additionalProperties": {"format": "password"}},
        {"allOf": [{"$ref": "#/allOf/0"}] * 3_000},
    ],
)
def test_a_secret_is_recognized_wherever_its_schema_says_so(schema: Json) -> None:
    definitions = {"secret": {"format": "password"}, "loop": {"allOf": [{"$ref": "#/definitions/loop"}, {"$ref": "#/nowhere"}]}}
    entry = {"name": "Basic", "spec": {"properties": {"domain": {}, "password": schema}, "definitions": definitions}}
    filled = fill(GOOD.replace("{env: ACME_PASSWORD}", SECRET), body={"authSpec": [entry], "sourceSpec": {"spec": FORM}})
    assert "literal-secret" in [problem.code for problem in filled.problems]
    assert SECRET not in f"{filled.problems}{filled}"


def test_set_gives_properties_of_the_entry_and_the_source_with_their_types() -> None:
    filled = fill(GOOD, Asked(sets={"domain": "123", "size": "5", "store": "us"}))
    assert filled.problems == ()
    assert filled.values.auth["domain"] == "123"
    assert filled.values.source == {"size": 5, "store": "us"}


@pytest.mark.parametrize("text", [GOOD, None])
def test_set_cannot_give_a_secret(text: str | None) -> None:
    filled = fill(text, Asked("Basic", {"password": SECRET, "domain": "us6"}))
    assert "--set cannot give 'password': it is a secret, and other users can see command lines" in [
        problem.message for problem in filled.problems
    ]
    assert SECRET not in f"{filled.problems}{filled}"


def test_set_of_an_unknown_property_suggests_one() -> None:
    (problem,) = fill(GOOD, Asked(sets={"stoer": "us"})).problems
    assert (problem.file, problem.hint) == (None, "did you mean 'store'?")


def test_values_without_a_proof_file_can_come_from_the_command_line() -> None:
    body = {"authSpec": [], "sourceSpec": {"spec": FORM}}
    assert fill(None, Asked(sets={"store": "eu"}), body=body).values.source == {"store": "eu"}


def test_a_missing_secret_says_what_to_write_and_where() -> None:
    (problem,) = fill("kind: Proof\n", body=BODY | {"authSpec": [TOKEN]}).problems
    assert problem.message == "`auth.params.token` is missing: the authSpec entry 'Token' requires it"
    assert problem.hint == "write token: {env: ACME_ORDERS_TOKEN} under auth.params in specs/proofs/acme-orders/proof.yaml"


@pytest.mark.parametrize(
    ("text", "place", "said", "hint"),
    [
        (None, (None, None), "there is no specs/proofs/acme-orders/proof.yaml", "run: reconciler new acme-orders --proof"),
        ("# kind: Proof\n", ("specs/proofs/acme-orders/proof.yaml", 1), "the file has only comments", 'remove the first "# "'),
    ],
)
@pytest.mark.parametrize("auth", [None, "Basic"])
def test_without_a_filled_in_file_one_problem_says_so(
    text: str | None, place: tuple[str | None, int | None], said: str, hint: str, auth: str | None
) -> None:
    (problem,) = fill(text, Asked(auth)).problems
    assert (problem.code, (problem.file, problem.line)) == ("no-proof", place)
    assert said in problem.message
    assert hint in (problem.hint or "")


def test_without_a_file_what_the_command_line_can_give_is_named() -> None:
    form = FORM | {"required": ["store"]}
    (problem,) = fill(None, body={"authSpec": [], "sourceSpec": {"spec": form}}).problems
    assert problem.hint == "write store: … under source in specs/proofs/acme-orders/proof.yaml, or pass --set store=…"


def test_source_is_checked_against_its_schema_without_showing_the_value() -> None:
    filled = fill(GOOD.replace("store: eu", f"store: {SECRET}, size: many"))
    assert shown(filled.problems) == [
        '7:10 bad-value `source.store`: the value is not one of "eu" or "us"',
        '7:32 bad-value `source.size`: the value is not of type "integer"',
    ]
    assert filled.problems[0].hint == "write one of eu, us"
    assert filled.problems[1].hint == "write a value that the schema in the spec accepts"
    assert SECRET not in str(filled.problems)


def test_a_wrong_value_is_an_error_next_to_one_that_is_not_known_yet() -> None:
    filled = fill(GOOD.replace("store: eu", "store: {env: STORE}, size: many"))
    assert [(problem.severity, problem.code, problem.line) for problem in filled.problems] == [("error", "bad-value", 7)]


@pytest.mark.parametrize("reference", ["http://127.0.0.1:1/x.json", "file:///etc/passwd", "#/nowhere", "other.json"])
def test_a_schema_that_points_elsewhere_is_not_fetched_and_a_warning_says_so(reference: str) -> None:
    body = BODY | {"sourceSpec": {"spec": {"properties": {"store": {"type": "string"}}, "not": {"$ref": reference}}}}
    assert [(problem.severity, problem.code) for problem in fill(GOOD, body=body).problems] == [("warning", "unchecked-values")]


@pytest.mark.parametrize("schema", [None, [], "text", {"properties": []}, {"properties": {"store": None}, "required": 3}, True])
def test_a_schema_of_any_shape_is_no_reason_to_fail(schema: Json) -> None:
    filled = fill(GOOD, body={"authSpec": [{"name": "Basic", "spec": schema}], "sourceSpec": {"spec": schema}})
    assert all(problem.code in {"unknown-property", "unchecked-values", "missing-property"} for problem in filled.problems)


def test_what_depends_on_a_value_that_is_not_known_yet_is_only_a_warning() -> None:
    entry = {"name": "Basic", "spec": BASIC["spec"] | {"anyOf": [{"properties": {"password": {"maxLength": 3}}}]}}
    assert [problem.code for problem in fill(GOOD, body=BODY | {"authSpec": [entry]}).problems] == ["unchecked-values"]


def test_with_an_error_in_the_file_nothing_else_is_said() -> None:
    assert shown(fill(GOOD + "expct: {}\n", Asked("Nope")).problems) == ["8:1 unknown-key unknown key `expct`"]


@given(
    st.text(min_size=5, max_size=12).filter(lambda text: text.isprintable()),
    st.sampled_from(["{value}", "[{value}]", "x{value}"]),
)
def test_no_literal_secret_is_shown_whatever_it_is(value: str, form: str) -> None:
    secret = f"~~{value}~~"
    written = form.format(value=encode(secret).decode())
    filled = fill(GOOD.replace("{env: ACME_PASSWORD}", written))
    assert any(problem.is_error for problem in filled.problems)
    assert secret not in f"{filled.problems}{filled}{read(GOOD.replace('{env: ACME_PASSWORD}', written))}"


_KEYS = st.sampled_from(["type", "properties", "required", "format", "$ref", "allOf", "x", "env", "name"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(entry=_JSON, form=_JSON, params=_JSON)
@example(entry={"$ref": "#"}, form={"allOf": [{"$ref": "#"}]}, params={"x": 1})
def test_nothing_of_a_spec_or_a_proof_is_too_odd(entry: Json, form: Json, params: Json) -> None:
    body = {"authSpec": [{"name": "Basic", "spec": entry}], "sourceSpec": {"spec": form}}
    document = {"kind": "Proof", "auth": {"params": params}, "source": params}
    for problem in fill(encode(document).decode(), body=body).problems:
        assert problem.hint


@given(st.binary(max_size=60))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    result = read_proof(GivenFiles({f"proofs/{KEY}/proof.yaml": data}), KEY)
    assert result.proof is None


def test_a_number_in_the_place_of_a_string_is_to_be_quoted() -> None:
    form = {"type": "object", "properties": {"list": {"type": "string"}}}
    text = GOOD.replace("store: eu", "list: 7")
    (problem,) = fill(text, body=BODY | {"sourceSpec": {"spec": form}}).problems
    assert problem.hint == "write a string, in quotes if it is a number, a date or true"
