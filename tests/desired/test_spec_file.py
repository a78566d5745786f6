"""One spec file: what it says, and what is refused in it."""

import pytest

from reconciler.desired.load import load_desired
from reconciler.documents.kinds import Kind
from reconciler.errors import Severity
from tests.desired.trees import (
    ARTIFACT,
    FLOW,
    MAILCHIMP,
    ONE_ID,
    PROVIDER,
    SOURCE,
    MemoryTree,
    load,
    load_source,
    only_problem,
    problems_of,
)

FULL = f"""\
kind: ConnectionSpec
key: mailchimp-members
formerly: [mailchimp, mailchimp]
flowSpecs: [Mine, Mine, RestStorageToAEP]
ids: {{prod: {ONE_ID.upper()}}}
adopt: acme/other
ignore: [/sourceSpec/attributes/uiAttributes/isBeta]
overlays:
  stage: {{name: MailChimp (stage), description: null, attributes: {{a: 2}}}}
spec:
  version: "1.0"
  name: MailChimp
  providerId: {PROVIDER}
  description: gone in stage
  attributes: {{a: 1, b: [1, 9007199254740993]}}
  permissionsInfo: null
"""


def test_the_envelope_says_everything_about_its_spec() -> None:
    spec = load_source(FULL, "prod")
    assert (spec.kind, spec.key, spec.former_keys) == (Kind.CONNECTION_SPEC, "mailchimp-members", ("mailchimp",))
    assert (spec.flow_specs, spec.pinned_id, spec.adopt) == (("Mine", "RestStorageToAEP"), ONE_ID, "acme/other")
    assert spec.ignore == ("/sourceSpec/attributes/uiAttributes/isBeta",)
    assert (spec.name, spec.provider_id, spec.spec_type) == ("MailChimp", PROVIDER, None)
    assert (spec.file, spec.path) == (f"specs/{MAILCHIMP}", MAILCHIMP)


def test_the_body_keeps_the_files_order_and_its_exact_integers() -> None:
    body = load_source(FULL, "prod").body_json
    assert (
        body
        == (
            f'{{"version":"1.0","name":"MailChimp","providerId":"{PROVIDER}","description":"gone in stage",'
            '"attributes":{"a":1,"b":[1,9007199254740993]},"permissionsInfo":null}'
        ).encode()
    )


def test_an_overlay_is_merged_and_its_null_at_the_top_stays() -> None:
    spec = load_source(FULL, "stage")
    assert spec.name == "MailChimp (stage)"
    assert spec.pinned_id is None
    assert spec.body["description"] is None
    assert spec.body["attributes"] == {"a": 2, "b": [1, 9007199254740993]}


def test_what_is_not_written_has_its_default() -> None:
    spec = load_source(SOURCE)
    assert (spec.key, spec.former_keys, spec.pinned_id, spec.adopt, spec.ignore) == ("mailchimp", (), None, False, ())


@pytest.mark.parametrize(
    ("spec_type", "flow_specs"),
    [("generic-rest", ("RestStorageToAEP",)), ("generic-streaming", ("GenericStreamingAEP",)), ("other", ())],
)
def test_the_flow_spec_goes_by_the_type(spec_type: str, flow_specs: tuple[str, ...]) -> None:
    assert load_source(SOURCE.replace("generic-rest", spec_type)).flow_specs == flow_specs


def test_an_empty_list_of_flow_specs_means_none() -> None:
    assert load_source(SOURCE + "flowSpecs: []\n").flow_specs == ()


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("sources/mailchimp/connection-spec.yaml", "mailchimp"),
        ("sources/crm/mailchimp/connection-spec.yml", "mailchimp"),
        ("sources/mailchimp.yaml", "mailchimp"),
        ("sources/crm/MailChimp.YAML", "MailChimp"),
        ("flow-specs/mine.yaml", "mine"),
        ("flow-specs/mine/flow-spec.yaml", "mine"),
    ],
)
def test_the_key_is_the_folders_or_the_files_name(path: str, key: str) -> None:
    (spec,) = load({path: SOURCE}).specs
    assert spec.key == key


def test_adobes_artifact_is_taken_as_it_stands() -> None:
    desired = load({"sources/mailchimp/Artifacts/mailchimp-members-connectionSpec.json": ARTIFACT})
    (spec,) = desired.specs
    assert desired.problems == ()
    assert (spec.kind, spec.key, spec.name, spec.flow_specs) == (
        Kind.CONNECTION_SPEC,
        "mailchimp-members",
        "MailChimp",
        ("GenericStreamingAEP",),
    )
    assert spec.body_json == ARTIFACT.replace(" ", "").encode()
    assert spec.position("/type") == (1, ARTIFACT.index('"type"') + 1)


def test_a_flow_spec_names_connection_specs_by_key_and_id() -> None:
    flow = FLOW + f"  sourceConnectionSpecIds: [{{ref: mailchimp}}, {ONE_ID}]\n  targetConnectionSpecIds: [{{ref: mailchimp}}]\n"
    desired = load({"flow-specs/mine.yaml": flow, MAILCHIMP: SOURCE})
    assert desired.problems == ()
    spec = desired.specs[1]
    assert spec.references == (("sourceConnectionSpecIds", "mailchimp"), ("targetConnectionSpecIds", "mailchimp"))
    assert spec.body["sourceConnectionSpecIds"] == [{"ref": "mailchimp"}, ONE_ID]


def test_server_managed_fields_are_told_and_left_out() -> None:
    desired = load({MAILCHIMP: SOURCE + f"  id: {ONE_ID}\n  createdAt: 1\n"})
    assert {problem.severity for problem in desired.problems} == {Severity.WARNING}
    assert [(problem.code, problem.line) for problem in desired.problems] == [("server-managed", 7), ("server-managed", 8)]
    assert "ids:" in (desired.problems[0].hint or "")
    assert not {"id", "createdAt"} & desired.specs[0].body.keys()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SOURCE + "flowspecs: []\n", ("unknown-key", 7, 1)),
        (FLOW + "flowSpecs: []\n", ("unknown-key", 5, 1)),
        (SOURCE + "key: Mail Chimp\n", ("bad-value", 7, 1)),
        (SOURCE + "key: ../x\n", ("bad-value", 7, 1)),
        (SOURCE + "key: 5\n", ("wrong-type", 7, 1)),
        (SOURCE + f"key: {ONE_ID}\n", ("bad-value", 7, 1)),
        (SOURCE + "formerly: [a, mailchimp]\n", ("former-key", 7, 15)),
        (SOURCE + "formerly: [-a]\n", ("bad-value", 7, 12)),
        (SOURCE + "flowSpecs: RestStorageToAEP\n", ("wrong-type", 7, 1)),
        (SOURCE + "flowSpecs: ['']\n", ("bad-value", 7, 13)),
        (SOURCE + "ids: {stage: 123}\n", ("wrong-type", 7, 7)),
        (SOURCE + "ids: {stage: abc}\n", ("bad-value", 7, 7)),
        (SOURCE + f"ids: {{stagee: {ONE_ID}}}\n", ("unknown-target", 7, 7)),
        (SOURCE + "overlays: {sta: {name: x}}\n", ("unknown-target", 7, 12)),
        (SOURCE + "overlays: {stage: [x]}\n", ("wrong-type", 7, 12)),
        (SOURCE + "adopt: 'true'\n", ("bad-value", 7, 1)),
        (SOURCE + "adopt: 1\n", ("bad-value", 7, 1)),
        (SOURCE + "ignore: [name]\n", ("bad-value", 7, 10)),
        (SOURCE + "ignore: ['']\n", ("bad-value", 7, 10)),
        (SOURCE + "ignore: ['/a~2']\n", ("bad-value", 7, 10)),
        (SOURCE.replace("kind: ConnectionSpec\n", ""), ("missing-key", 1, 1)),
        (SOURCE.replace("kind: ConnectionSpec", "kind: connectionSpec"), ("unknown-kind", 1, 1)),
        (SOURCE.replace("kind: ConnectionSpec", "kind: 5"), ("unknown-kind", 1, 1)),
        ("kind: ConnectionSpec\n", ("missing-key", 1, 1)),
        ("kind: ConnectionSpec\nspec: []\n", ("wrong-type", 2, 1)),
        ("- a\n", ("wrong-type", 1, 1)),
        (SOURCE.replace('"1.0"', "1.0"), ("version-not-text", 6, 3)),
        (SOURCE.replace("generic-rest", "[x]"), ("type-not-text", 4, 3)),
        (SOURCE.replace("  name: MailChimp Members\n", ""), ("missing-name", 2, 1)),
        (SOURCE.replace("MailChimp Members", "' '"), ("missing-name", 3, 3)),
        (SOURCE.replace("MailChimp Members", "5"), ("missing-name", 3, 3)),
        (SOURCE.replace(f"  providerId: {PROVIDER}\n", ""), ("missing-providerId", 2, 1)),
        (SOURCE + "overlays: {stage: {providerId: null}}\n", ("missing-providerId", 7, 20)),
        (SOURCE + "  attributes: {reconciler: {key: x}}\n", ("marker-in-file", 7, 16)),
        (SOURCE + "overlays: {stage: {attributes: {reconciler: 1}}}\n", ("marker-in-file", 7, 33)),
        (SOURCE + "  attributes: text\n", ("attributes-not-mapping", 7, 3)),
        (SOURCE + "  attributes: [reconciler]\n", ("attributes-not-mapping", 7, 3)),
        (FLOW + "  attributes: 5\n", ("attributes-not-mapping", 5, 3)),
        (SOURCE + "overlays: {stage: {attributes: false}}\n", ("attributes-not-mapping", 7, 20)),
        (FLOW + "  sourceConnectionSpecIds: {ref: a}\n", ("bad-reference", 5, 3)),
        (FLOW + "  targetConnectionSpecIds: [[]]\n", ("bad-reference", 5, 29)),
        (FLOW + "  sourceConnectionSpecIds: [{ref: a, b: c}]\n", ("bad-reference", 5, 29)),
        (FLOW + "  sourceConnectionSpecIds: [{ref: 5}]\n", ("bad-reference", 5, 29)),
        (FLOW + "  sourceConnectionSpecIds: ['']\n", ("bad-reference", 5, 29)),
        (SOURCE + "kind: ConnectionSpec\n", ("duplicate-key", 7, 1)),
        (SOURCE + "\tx: 1\n", ("tab", 7, 1)),
        ("", ("empty", 1, 1)),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(text: str, problem: tuple[str, int, int]) -> None:
    assert problems_of(text) == [problem]


@pytest.mark.parametrize("text", [SOURCE + "x: 1\n", SOURCE.replace('"1.0"', "1.0"), SOURCE + "key: [\n", "- a\n"])
def test_a_file_in_error_gives_no_spec_but_its_key_is_known(text: str) -> None:
    desired = load({MAILCHIMP: text})
    assert desired.specs == ()
    assert desired.broken == {(Kind.CONNECTION_SPEC, "mailchimp")}


def test_a_file_with_a_warning_gives_its_spec() -> None:
    desired = load({MAILCHIMP: SOURCE + "  createdBy: somebody\n"})
    assert [problem.severity for problem in desired.problems] == [Severity.WARNING]
    assert (len(desired.specs), desired.broken) == (1, frozenset())


def test_attributes_that_are_null_are_a_section_to_remove() -> None:
    assert load_source(SOURCE + "  attributes: null\n").body["attributes"] is None


@pytest.mark.parametrize("line", [f"ids: {{stagee: {ONE_ID}}}\n", "overlays: {stagee: {name: x}}\n"])
def test_a_target_that_is_not_there_is_an_error_because_a_lost_pin_becomes_a_create(line: str) -> None:
    desired = load({MAILCHIMP: SOURCE + line})
    assert desired.specs == ()
    assert [problem.hint for problem in desired.problems] == ["did you mean 'stage'?"]


def test_without_the_names_of_the_targets_none_is_missed() -> None:
    desired = load_desired(MemoryTree({MAILCHIMP: SOURCE + f"ids: {{gone: {ONE_ID}}}\n"}), "stage")
    assert (desired.problems, len(desired.specs)) == ((), 1)


def test_all_problems_of_a_file_are_told_in_its_order() -> None:
    text = f"kind: ConnectionSpec\nkye: x\nadopt: 5\nspec:\n  name: x\n  name: y\n  providerId: {PROVIDER}\n  version: 1.0\n"
    assert problems_of(text) == [
        ("unknown-key", 2, 1),
        ("bad-value", 3, 1),
        ("duplicate-key", 6, 3),
        ("version-not-text", 8, 3),
    ]


def test_a_problem_names_its_file_and_its_key() -> None:
    problem = only_problem(SOURCE + "key: mine\nignore: x\n")
    assert (problem.file, problem.key) == (f"specs/{MAILCHIMP}", "mine")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (SOURCE + "flowspecs: []\n", "did you mean 'flowSpecs'?"),
        (SOURCE.replace("kind: ConnectionSpec", "kind: connectionSpec"), "did you mean 'ConnectionSpec'?"),
        (SOURCE + f"ids: {{stagee: {ONE_ID}}}\n", "did you mean 'stage'?"),
        (SOURCE.replace('"1.0"', "1.0"), 'write it in quotes: version: "1.0"'),
    ],
)
def test_a_hint_says_the_next_step(text: str, hint: str) -> None:
    assert only_problem(text).hint == hint


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sources/connection-spec.yaml", "bad-key"),
        ("sources/Mail Chimp.yaml", "bad-key"),
        ("sources/-x-connectionSpec.json", "bad-key"),
    ],
)
def test_a_name_that_gives_no_key_is_told(path: str, code: str) -> None:
    problem = only_problem({path: ARTIFACT if path.endswith("json") else SOURCE})
    assert (problem.code, problem.line) == (code, 1)


def test_an_envelope_in_json_is_no_artifact() -> None:
    assert only_problem({"sources/x-connectionSpec.json": '{"kind": "ConnectionSpec",\n "spec": {}}'}).code == "not-an-artifact"


def test_an_artifact_is_a_mapping() -> None:
    assert only_problem({"sources/x-connectionSpec.json": "[1]"}).code == "wrong-type"


def test_an_artifact_that_is_no_json_has_the_place() -> None:
    problem = only_problem({"sources/x-connectionSpec.json": '{"name": "a",\n "name": "b", "providerId": "c"}'})
    assert (problem.code, problem.line, problem.column) == ("duplicate-key", 2, 2)


def test_a_body_that_grows_too_large_by_aliases_is_refused() -> None:
    text = SOURCE + "  a: &a '" + "x" * 2_000_000 + "'\n  b: [*a, *a]\n"
    assert only_problem(text).code == "too-large"


def test_places_of_the_body_are_found_when_asked_for() -> None:
    spec = load_source(FULL, "stage")
    assert spec.position() == (10, 1)
    assert spec.position("/providerId") == (13, 3)
    assert spec.position("/attributes/b/1") == (15, 29)
    assert spec.position("/attributes/zzz") == (9, 55)


def test_a_place_that_the_overlay_has_is_there() -> None:
    spec = load_source(FULL, "stage")
    assert spec.position("/name") == (9, 11)
    assert spec.position("/attributes/a") == (9, 68)


def test_a_file_that_has_changed_since_has_no_places() -> None:
    files = {MAILCHIMP: SOURCE}
    (spec,) = load(files).specs
    files[MAILCHIMP] = SOURCE + "# changed\n"
    assert spec.position("/name") is None
    del files[MAILCHIMP]
    assert spec.position("/name") is None
    assert spec.position() == (2, 1)
