"""Every rule, by its own examples; the published bodies; and bodies of any shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import encode
from reconciler.documents.kinds import Kind
from reconciler.errors import Severity, UsageError
from reconciler.lint.registry import RULES, UNUSED_IGNORE, rule_named
from reconciler.lint.rule import Rule
from reconciler.lint.run import lint_file
from reconciler.lint.subject import Subject
from tests.lint.files import Files, part
from tests.published import bodies_in, needs_published, published

PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def subject(body: dict[str, Any], kind: Kind = Kind.CONNECTION_SPEC) -> Subject:
    spec_type = body.get("type")
    provider = body.get("providerId")
    spec = DesiredSpec(
        kind=kind,
        key="members",
        file="specs/members.yaml",
        former_keys=(),
        flow_specs=(),
        pinned_id=None,
        adopt=False,
        ignore=(),
        body_json=encode(body),
        name="Members",
        provider_id=provider if isinstance(provider, str) else PROVIDER,
        spec_type=spec_type if isinstance(spec_type, str) else None,
    )
    return Subject(spec, body)


@each_rule
def test_a_rule_finds_its_bad_example_and_not_its_good_one(rule: Rule) -> None:
    assert Files(part(rule.bad)).codes().count(rule.code) == 1
    assert rule.code not in Files(part(rule.good)).codes()


@each_rule
def test_a_good_example_breaks_no_other_rule(rule: Rule) -> None:
    severe = [problem.code for problem in Files(part(rule.good)).problems() if problem.severity is not Severity.INFO]
    assert severe == []


@each_rule
def test_a_rule_says_why_and_what_instead(rule: Rule) -> None:
    assert rule.title
    assert rule.why.endswith(".")
    assert rule.hint


@each_rule
def test_a_rule_that_can_mend_mends_its_bad_example(rule: Rule) -> None:
    codes = Files(part(rule.bad)).fixed().codes
    assert (rule.code in codes) is rule.fixable


@each_rule
@pytest.mark.parametrize("line_break", ["", "\r\n", "\r", "\n\n"], ids=["none", "CRLF", "CR", "two"])
def test_a_finding_stands_there_however_the_file_ends(rule: Rule, line_break: str) -> None:
    text = part(rule.bad)
    ended = text.rstrip("\n").replace("\n", line_break if line_break in ("\r\n", "\r") else "\n") + line_break
    found = [(problem.code, problem.line, problem.column) for problem in Files(text).problems()]
    assert [(problem.code, problem.line, problem.column) for problem in Files(ended).problems()] == found


@each_rule
def test_a_finding_is_told_where_it_stands(rule: Rule) -> None:
    problem = next(problem for problem in Files(part(rule.bad)).problems() if problem.code == rule.code)
    assert problem.line is not None
    assert problem.line > 1
    assert problem.end_line is None or (problem.end_line, problem.end_column) > (problem.line, problem.column)


def test_the_nearest_rule_is_named_for_a_misspelled_one() -> None:
    with pytest.raises(UsageError) as caught:
        rule_named("offset-speling")
    assert caught.value.hint == "did you mean 'offset-spelling'?"


@needs_published
@pytest.mark.parametrize("file", published(), ids=lambda file: file.name)
def test_a_published_body_gives_no_error(file: Path) -> None:
    kind = Kind.FLOW_SPEC if file.parent.name == "flow" else Kind.CONNECTION_SPEC
    errors = [
        (rule.code, finding.path)
        for body in bodies_in(file)
        for rule in RULES.values()
        if rule.severity is Severity.ERROR
        for finding in rule.check(subject(body, kind))
    ]
    assert errors == []


WORDS = """
name type spec properties required attributes urlParams host path method queryParams headerParams bodyParams contentPath
explodeEntityPath skipAttributes keepAttributes paginationParams limitValue parameterType scheduleParams incremental backfill
paramFormat uiAttributes category key text label $schema $ref enum default allOf items format permissionsInfo authorization x- 0
"""
NAMES = st.sampled_from(WORDS.split())
TEXTS = st.text(max_size=6) | st.sampled_from(
    ["OFFSET", "ADVANCE", "generic-rest", "string", "${a}", "{SCHEDULE_QUERY}", "#/a~2"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=5),
    max_leaves=25,
)
SECTIONS = ["type", "authSpec", "sourceSpec", "exploreSpec", "permissionsInfo", "transformationSpecs", "sourceConnectionSpecIds"]
SOURCE = st.fixed_dictionaries({"attributes": st.dictionaries(NAMES, VALUES, max_size=6), "spec": VALUES})


@given(
    sections=st.dictionaries(st.sampled_from(SECTIONS), VALUES, max_size=5),
    source=SOURCE,
    auth=st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=3),
    spec_type=st.sampled_from(["generic-rest", "generic-streaming", "another"]),
    kind=st.sampled_from(Kind),
)
def test_no_body_breaks_a_rule(
    sections: dict[str, Any], source: dict[str, Any], auth: list[Any], spec_type: str, kind: Kind
) -> None:
    body = {"sourceSpec": source, "authSpec": auth, "type": spec_type} | sections
    for rule in RULES.values():
        for finding in rule.check(subject(body, kind)):
            assert finding.message


def test_unused_ignores_are_found_by_the_run_and_not_by_a_check() -> None:
    assert list(RULES[UNUSED_IGNORE].check(subject({}))) == []


def codes_of_request(request_part: str) -> list[str]:
    """What is found in a source with this in its request."""
    parts = request_part if request_part.startswith("headerParams") else f"urlParams: {{{request_part}}}"
    return Files(part(f"sourceSpec: {{attributes: {{{parts}}}}}\n")).codes()


@pytest.mark.parametrize(
    "request_part",
    [
        'path: "/v1/orders?api_key=9f8e7d6c5b4a39281706"',
        'host: "https://bob:hunter2@${tenant}.acme.example"',
        "queryParams: {token: 9f8e7d6c5b4a39281706abcd}",
        "headerParams: {Ocp-Apim-Subscription-Key: 9f8e7d6c5b4a39281706abcd}",
        "headerParams: {Authorization: 'Key 9f8e7d6c5b4a39281706abcd:${listId}'}",
    ],
)
def test_secrets_are_found_wherever_a_request_has_them(request_part: str) -> None:
    assert "literal-secret" in codes_of_request(request_part)


@pytest.mark.parametrize(
    "request_part",
    [
        "headerParams: {Authorization: 'Bearer ${accessToken}'}",
        'path: "/v1/orders?api_key=${apiKey}"',
        'host: "https://${host}:8443"',
    ],
)
def test_a_placeholder_is_no_secret(request_part: str) -> None:
    assert "literal-secret" not in codes_of_request(request_part)


@each_rule
def test_what_weighs_most_in_a_rule_is_found_when_nothing_else_is_looked_for(rule: Rule) -> None:
    files = Files(part(rule.bad))
    everything = [problem for problem in files.problems() if problem.severity is Severity.ERROR]
    placed = lint_file(files.specs(), {}, only=Severity.ERROR).placed
    assert [(item.problem.code, item.problem.line, item.problem.column) for item in placed] == [
        (problem.code, problem.line, problem.column) for problem in everything
    ]
