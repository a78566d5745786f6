"""All files of a tree: which are read, and what they say about each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.load import load_desired
from reconciler.documents.kinds import Kind
from reconciler.errors import Severity
from tests.desired.trees import (
    ARTIFACT,
    FLOW,
    MAILCHIMP,
    ONE_ID,
    OTHER_ID,
    PROVIDER,
    SOURCE,
    MemoryTree,
    load,
    only_error,
    only_problem,
)


def named(name: str, **envelope: str) -> str:
    return SOURCE.replace("MailChimp Members", name) + "".join(f"{key}: {value}\n" for key, value in envelope.items())


def test_specs_are_sorted_by_kind_and_key() -> None:
    desired = load(
        {"flow-specs/a.yaml": FLOW, "sources/z.yaml": SOURCE, "sources/b.yaml": SOURCE, "sources/y-connectionSpec.json": ARTIFACT}
    )
    assert [(spec.kind, spec.key) for spec in desired.specs] == [
        (Kind.CONNECTION_SPEC, "b"),
        (Kind.CONNECTION_SPEC, "y"),
        (Kind.CONNECTION_SPEC, "z"),
        (Kind.FLOW_SPEC, "a"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "reconciler.yaml",
        "sources/mailchimp/README.md",
        "sources/mailchimp/mailchimp-icon.svg",
        "sources/mailchimp/mailchimp-category.txt",
        "sources/.hidden.yaml",
        "sources/.git/x.yaml",
        "sources/x.yaml~",
        "sources/#x.yaml#",
        ".pre-commit-config.yaml",
    ],
)
def test_files_that_are_none_of_ours_are_ignored(path: str) -> None:
    desired = load({path: "no spec", MAILCHIMP: SOURCE})
    assert (len(desired.specs), desired.problems) == (1, ())


@pytest.mark.parametrize("path", ["mailchimp.yaml", "source/mailchimp.yml", "x/mailchimp-connectionSpec.json"])
def test_a_spec_in_a_folder_that_is_not_read_is_told(path: str) -> None:
    problem = only_problem({path: SOURCE, MAILCHIMP: SOURCE})
    assert (problem.severity, problem.code, problem.file) == (Severity.WARNING, "not-read", f"specs/{path}")


@pytest.mark.parametrize("path", ["sources/mailchimp.json", "flow-specs/mailchimp-connectionSpec.json"])
def test_json_that_is_no_artifact_is_refused(path: str) -> None:
    assert only_error({path: ARTIFACT, MAILCHIMP: SOURCE}).code == "not-an-artifact"


@pytest.mark.parametrize("files", [{}, {"sources/README.md": ""}, {"x.yaml": SOURCE}])
def test_a_folder_without_a_spec_is_refused(files: dict[str, str]) -> None:
    problem = only_error(files)
    assert (problem.code, problem.file) == ("no-specs", "specs")
    assert "--prune" in (problem.hint or "")


class Shut(MemoryTree):
    """Spec files of which those of connection specs cannot be read."""

    def read(self, path: str) -> bytes:
        return MemoryTree({}).read(path) if path.startswith("sources/") else super().read(path)


def test_a_file_that_cannot_be_read_is_told() -> None:
    desired = load_desired(Shut({MAILCHIMP: SOURCE}), "stage", "my specs")
    assert [(problem.code, problem.file) for problem in desired.problems] == [("unreadable", f"my specs/{MAILCHIMP}")]


def test_the_spec_of_a_file_that_cannot_be_read_is_broken_and_not_missing() -> None:
    flow = FLOW + "  sourceConnectionSpecIds: [{ref: mailchimp}]\n"
    desired = load_desired(Shut({MAILCHIMP: SOURCE, "flow-specs/mine.yaml": flow}), "stage")
    assert [problem.code for problem in desired.problems] == ["unreadable"]
    assert desired.broken == {(Kind.CONNECTION_SPEC, "mailchimp")}
    assert desired.paths[Kind.CONNECTION_SPEC, "mailchimp"] == MAILCHIMP


def test_a_file_that_cannot_be_read_and_whose_name_is_no_key_has_none() -> None:
    desired = load_desired(Shut({"sources/connection-spec.yaml": SOURCE, "sources/a b.yaml": SOURCE}), "stage")
    assert [problem.code for problem in desired.problems] == ["unreadable"] * 2
    assert desired.broken == frozenset()


def test_a_name_that_is_no_text_is_shown_escaped() -> None:
    problem = only_problem({"sources/\udcff.yaml": SOURCE})
    assert problem.file == "specs/sources/\\xff.yaml"


def test_two_files_with_one_key_are_both_named() -> None:
    problem = only_error({"sources/a.yaml": named("A", key="mine"), "sources/b.yaml": named("B", key="mine")})
    assert (problem.code, problem.file, problem.line) == ("duplicate-spec", "specs/sources/b.yaml", 7)
    assert "specs/sources/a.yaml" in problem.message


def test_keys_that_differ_by_case_alone_are_one() -> None:
    problem = only_error({"sources/a/Mine.yaml": named("A"), "sources/b/mine.yaml": named("B")})
    assert problem.code == "duplicate-spec"


def test_a_key_is_unique_by_kind() -> None:
    assert load({"sources/mine.yaml": SOURCE, "flow-specs/mine.yaml": FLOW}).problems == ()


def test_of_two_files_with_one_key_the_first_gives_the_spec() -> None:
    desired = load({"sources/a.yaml": named("A", key="mine"), "sources/b.yaml": named("B", key="mine")})
    assert [spec.name for spec in desired.specs] == ["A"]
    assert desired.broken == frozenset()


def test_a_key_in_use_is_nobodys_former_one() -> None:
    problem = only_error({"sources/a.yaml": named("A"), "sources/b.yaml": named("B", formerly="[x, a]")})
    assert (problem.code, problem.file, problem.line, problem.column) == ("former-key", "specs/sources/b.yaml", 7, 15)
    assert "'a' is now the key of specs/sources/a.yaml" in problem.message


def test_a_former_key_has_one_heir() -> None:
    problem = only_error({"sources/a.yaml": named("A", formerly="[x]"), "sources/b.yaml": named("B", formerly="[x]")})
    assert (problem.code, problem.file) == ("former-key", "specs/sources/b.yaml")


def test_two_files_pinned_to_one_object_are_refused() -> None:
    problem = only_error(
        {
            "sources/a.yaml": named("A", ids=f"{{prod: {ONE_ID}}}"),
            "sources/b.yaml": named("B", ids=f"{{stage: {ONE_ID}, prod: {ONE_ID.upper()}}}"),
            "sources/c.yaml": named("C", ids=f"{{prod: {OTHER_ID}}}"),
        }
    )
    assert (problem.code, problem.file, problem.line) == ("duplicate-pin", "specs/sources/b.yaml", 7)
    assert "specs/sources/a.yaml" in problem.message


def flow_with(*keys: str) -> str:
    return FLOW + "  sourceConnectionSpecIds:\n" + "".join(f"    - {{ref: {key}}}\n" for key in keys)


def test_a_reference_to_nothing_has_the_nearest_key_as_hint() -> None:
    problem = only_error({MAILCHIMP: SOURCE, "flow-specs/mine.yaml": flow_with("mailchimp", "mailchmp")})
    assert (problem.code, problem.line, problem.column) == ("unknown-reference", 7, 7)
    assert problem.hint == "did you mean 'mailchimp'?"


def test_a_reference_to_a_former_key_is_told_the_new_one() -> None:
    problem = only_error({MAILCHIMP: named("A", formerly="[old]"), "flow-specs/mine.yaml": flow_with("old")})
    assert problem.hint == "it is now mailchimp"


def test_a_reference_to_a_flow_spec_is_one_to_nothing() -> None:
    assert only_error({MAILCHIMP: SOURCE, "flow-specs/mine.yaml": flow_with("mine")}).code == "unknown-reference"


def test_a_reference_to_a_file_in_error_is_not_told_as_well() -> None:
    assert only_error({MAILCHIMP: SOURCE + "x: 1\n", "flow-specs/mine.yaml": flow_with("mailchimp")}).code == "unknown-key"


def test_every_reference_to_nothing_has_its_own_place() -> None:
    desired = load({MAILCHIMP: SOURCE, "flow-specs/mine.yaml": flow_with("nobody", "nobody")})
    assert [problem.line for problem in desired.problems] == [6, 7]


@pytest.mark.parametrize("path", [MAILCHIMP, "flow-specs/mine.yaml"])
def test_a_reference_elsewhere_is_refused(path: str) -> None:
    text = (SOURCE if path == MAILCHIMP else FLOW) + "  attributes:\n    list: [1, {ref: other}]\n"
    problem = only_error({"sources/other.yaml": SOURCE, path: text})
    assert (problem.code, problem.file) == ("misplaced-reference", f"specs/{path}")
    assert "/attributes/list/1" in problem.message


def test_a_reference_in_a_connection_specs_own_list_is_elsewhere() -> None:
    text = SOURCE + "  sourceConnectionSpecIds: [{ref: mailchimp}]\n"
    assert only_error({MAILCHIMP: text}).code == "misplaced-reference"


def test_what_nearly_is_a_reference_is_a_warning() -> None:
    problem = only_problem({MAILCHIMP: SOURCE + "  x: {ref: mailchmp}\n"})
    assert (problem.severity, problem.code) == (Severity.WARNING, "misplaced-reference")


def test_a_value_of_its_own_that_is_called_ref_is_fine() -> None:
    assert load({MAILCHIMP: SOURCE + "  queryParams: {ref: main}\n  properties: {ref: {ref: 1}}\n"}).problems == ()


def test_problems_are_sorted_by_file_and_line() -> None:
    broken = "kind: ConnectionSpec\nx: 1\ny: 1\nspec: {}\n"
    places = [(problem.file, problem.line) for problem in load({"sources/b.yaml": broken, "sources/a.yaml": broken}).problems]
    assert places == sorted(places, key=lambda place: (place[0] or "", place[1] or 0))
    assert len(places) == 8


def test_a_spec_means_the_same_in_yaml_and_as_artifact() -> None:
    yaml = load({"sources/a.yaml": f"kind: ConnectionSpec\nspec: {ARTIFACT}\n"}).specs[0]
    json = load({"sources/a-connectionSpec.json": ARTIFACT}).specs[0]
    assert (yaml.body_json, yaml.key, yaml.flow_specs) == (json.body_json, json.key, json.flow_specs)


@given(st.permutations(["sources/a.yaml", "sources/b.yaml", "flow-specs/c.yaml", "sources/d-connectionSpec.json"]))
def test_the_order_of_files_does_not_matter(paths: list[str]) -> None:
    files = {path: ARTIFACT if path.endswith("json") else SOURCE for path in paths}
    assert load(files) == load(dict(sorted(files.items())))


lines = [
    "kind: ConnectionSpec",
    "kind: FlowSpec",
    "spec:",
    "  name: x",
    f"  providerId: {PROVIDER}",
    "key: a",
    "ids: {stage: x}",
    "\t",
]
lines += [
    "formerly: [b]",
    "  sourceConnectionSpecIds: [{ref: a}]",
    "overlays: {stage: {name: y}}",
    "adopt: true",
    "x: [",
    "x: &a 1",
    "y: *a",
]
scraps = st.lists(st.sampled_from(lines), max_size=20).map("\n".join)


@given(scraps | st.binary(max_size=60), scraps)
def test_any_bytes_load_or_are_refused_with_a_place(one: str | bytes, other: str) -> None:
    desired = load({"sources/a.yaml": one, "flow-specs/b.yaml": other, "sources/c-connectionSpec.json": one})
    for problem in desired.problems:
        assert problem.file
        assert problem.line
        assert problem.column
    assert len(desired.specs) + sum(problem.is_error for problem in desired.problems) >= 1
