"""A zoo of bad files: every problem of theirs has a file, a line, a column and the next step."""

import pytest

from reconciler.texts.locate import Positions, Syntax, locate
from reconciler.texts.reading import MAX_BYTES, MAX_MISTAKES
from tests.desired.trees import ARTIFACT, FLOW, MAILCHIMP, ONE_ID, PROVIDER, SOURCE, load

DEEP = "[" * 100_000
BOMB = "  a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"  {name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

SOURCES = {
    "nothing": "",
    "only a comment": "# spec\n",
    "a text": "hello\n",
    "a list": "- 1\n",
    "no kind": SOURCE.replace("kind: ConnectionSpec\n", ""),
    "a kind that is none": SOURCE.replace("ConnectionSpec", "ConectionSpec"),
    "a kind of another type": SOURCE.replace("ConnectionSpec", "[ConnectionSpec]"),
    "no spec": "kind: ConnectionSpec\n",
    "spec: null": "kind: ConnectionSpec\nspec:\n",
    "spec: text": "kind: ConnectionSpec\nspec: text\n",
    "a body without anything": "kind: ConnectionSpec\nspec: {}\n",
    "name of a number": SOURCE.replace("MailChimp Members", "12"),
    "name of nothing": SOURCE.replace("MailChimp Members", ""),
    "name of a list": SOURCE.replace("MailChimp Members", "[a]"),
    "name of blanks": SOURCE.replace("MailChimp Members", "'  '"),
    "version of a number": SOURCE.replace('"1.0"', "1.0"),
    "version of a huge number": SOURCE.replace('"1.0"', "1" * 4000),
    "version of a list": SOURCE.replace('"1.0"', "[1]"),
    "type of a mapping": SOURCE.replace("generic-rest", "{}"),
    "adopt": SOURCE + "adopt: maybe so\n",
    "adopt of a number": SOURCE + "adopt: 7\n",
    "ids of junk": SOURCE + "ids: {stage: junk}\n",
    "ids of null": SOURCE + "ids: {stage: }\n",
    "ids of a list": SOURCE + "ids: [a]\n",
    "ids for nobody": SOURCE + f"ids: {{nosuch: {ONE_ID}}}\n",
    "ignore without a slash": SOURCE + "ignore: [no-slash]\n",
    "ignore with a tilde": SOURCE + "ignore: ['/a~2']\n",
    "ignore all": SOURCE + "ignore: ['']\n",
    "ignore a text": SOURCE + "ignore: /name\n",
    "key out of the folder": SOURCE + "key: '../x'\n",
    "key like an id": SOURCE + f"key: {ONE_ID}\n",
    "key: null is a folder's name, but 5 is none": SOURCE + "key: 5\n",
    "flowSpecs of a text": SOURCE + "flowSpecs: text\n",
    "flowSpecs of a long text": SOURCE + "flowSpecs: " + "x" * 500 + "\n",
    "flowSpecs of blanks": SOURCE + "flowSpecs: [' ']\n",
    "overlays of a list": SOURCE + "overlays: {stage: [1]}\n",
    "overlays for nobody": SOURCE + "overlays: {nosuch: {name: x}}\n",
    "overlay without a name": SOURCE + "overlays: {stage: {name: null}}\n",
    "an unknown key": SOURCE + "flowSpec: []\n",
    "a key like none that is known": SOURCE + "zzzzzzzz: 1\n",
    "formerly itself": SOURCE + "formerly: [mailchimp]\n",
    "formerly a mapping": SOURCE + "formerly: {a: b}\n",
    "attributes of a text": SOURCE + "  attributes: text\n",
    "a marker": SOURCE + "  attributes: {reconciler: {x: 1}}\n",
    "a server's field": SOURCE + "  id: abc\n  createdBy: x\n",
    "a key twice": SOURCE + "  type: a\n",
    "two documents": SOURCE + "---\na: 1\n",
    "a tab": SOURCE + "  x:\n\t- 1\n",
    "an object of Python's": SOURCE + "  x: !!python/object:os.system a\n",
    "a mapping of Python's": SOURCE + "  x: !!python/object {a: 1}\n",
    "a tag of one's own": SOURCE + "  x: !foo a\n",
    "a tag that lies": SOURCE + "  x: !!int a\n",
    "a merge key": SOURCE + "  x: &a {b: 1}\n  y:\n    <<: *a\n",
    "not a number": SOURCE + "  x: .nan\n",
    "infinity": SOURCE + "  x: -.inf\n",
    "an integer without end": SOURCE + "  x: 1" + "0" * 5_000 + "\n",
    "a float without end": SOURCE + "  x: 1e400\n",
    "levels": SOURCE + f"  x: {DEEP}\n",
    "levels of mappings": SOURCE + "  x: " + "{a: " * 5_000 + "\n",
    "a bomb": SOURCE + BOMB,
    "another YAML": "%YAML 1.1\n---\n" + SOURCE,
    "Latin": SOURCE.encode() + b"  x: caf\xe9\n",
    "UTF-16": SOURCE.encode("utf-16"),
    "too large": SOURCE + "  x: " + "a" * MAX_BYTES + "\n",
    "NUL": SOURCE + '  x: "a\0b"\n',
    "an escape": SOURCE + "  x: a\x1b[31mb\n",
    "a line break that is none": SOURCE + "  x: a\x85b\n",
    "half a pair": SOURCE + '  x: "\\ud800"\n',
    "an open bracket": SOURCE + "  x: [1,2\n",
    "an alias of nothing": SOURCE + "  x: *nope\n",
    "an alias of itself": SOURCE + "  x: &a [*a]\n",
    "a key of a list": SOURCE + "  ? [a, b]\n  : 1\n",
}
FLOW_SPECS = {
    "flowSpecs in a flow spec": FLOW + "flowSpecs: []\n",
    "a reference to nothing": FLOW + "  sourceConnectionSpecIds: [{ref: mailchump}]\n",
    "a list that is none": FLOW + "  sourceConnectionSpecIds: all\n",
    "a list of numbers": FLOW + "  targetConnectionSpecIds: [1, null, [], {ref: [a]}, {}, '']\n",
    "a reference elsewhere": FLOW + "  other: {ref: mailchimp}\n",
    "nothing at all": "[]",
}
ARTIFACTS = {
    "a key twice": '{"name":"a","name":"b","providerId":"p"}',
    "NaN": '{"name":"a","providerId":"p","x":NaN}',
    "a comma too many": '{"name":"a","providerId":"p",}',
    "levels": '{"name":"a","providerId":"p","x":' + DEEP,
    "version of a number": '{"name":"a","providerId":"p","version":1.0}',
    "two": '{"name":"a","providerId":"p"}{}',
    "nothing": "",
    "a list": "[]",
    "Latin": b'{"name":"caf\xe9"}',
    "a comment": '{"name":"a", // c\n "providerId":"p"}',
    "a huge number": '{"name":"a","providerId":"p","x":1e999}',
    "half a pair": '{"name":"a","providerId":"p","x":"\\ud800"}',
    "an envelope": '{"kind": "ConnectionSpec", "spec": {}}',
    "no name": "{}",
}
ELSEWHERE = {
    "sources/Mail Chimp.yaml": SOURCE,
    "sources/connection-spec.yaml": SOURCE,
    "sources/-x-connectionSpec.json": ARTIFACT,
    "sources/other.json": ARTIFACT,
    "other.yaml": SOURCE,
    "sources/copy.yaml": SOURCE + "key: MAILCHIMP\n",
    "sources/heir.yaml": SOURCE + "formerly: [mailchimp]\n",
}
ZOO = [
    *(pytest.param({MAILCHIMP: text}, id=f"source: {name}") for name, text in SOURCES.items()),
    *(pytest.param({MAILCHIMP: SOURCE, "flow-specs/f.yaml": text}, id=f"flow spec: {name}") for name, text in FLOW_SPECS.items()),
    *(pytest.param({"sources/x-connectionSpec.json": text}, id=f"artifact: {name}") for name, text in ARTIFACTS.items()),
    *(pytest.param({MAILCHIMP: SOURCE, path: text}, id=path) for path, text in ELSEWHERE.items()),
]


@pytest.mark.parametrize("files", ZOO)
def test_every_problem_has_its_place_and_the_next_step(files: dict[str, str | bytes]) -> None:
    problems = load(files).problems
    assert problems
    for problem in problems:
        assert problem.file in {f"specs/{path}" for path in files}
        assert (problem.line or 0) >= 1
        assert (problem.column or 0) >= 1
        assert problem.hint
        assert len(problem.message) + len(problem.hint) < 600


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (SOURCE + "ignore: [sourceSpec/attributes]\n", "did you mean '/sourceSpec/attributes'?"),
        (SOURCE + "flowSpecs: RestStorageToAEP\n", "write it as a list: [RestStorageToAEP]"),
        (SOURCE + "adopt: maybe so\n", "write true, false, or the repository that owns the spec now: owner/name"),
        (SOURCE + "  x: !!python/object:os.system a\n", "remove the tag, or quote the string"),
        ("kind: ConnectionSpec\nspec:\n", "write its keys under it, indented"),
    ],
)
def test_the_next_step_is_the_one_that_helps(text: str, hint: str) -> None:
    assert [problem.hint for problem in load({MAILCHIMP: text}).problems] == [hint]


def test_a_text_that_breaks_off_is_not_told_to_lack_what_stands_behind_the_break() -> None:
    text = f'{{"name": "a",\n // why\n "providerId": "{PROVIDER}"}}'
    assert [problem.code for problem in load({"sources/x-connectionSpec.json": text}).problems] == ["syntax"]


def test_references_to_nothing_are_told_up_to_a_hundred_and_the_file_is_searched_once_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searches: list[Syntax] = []

    def counted(data: bytes, syntax: Syntax) -> Positions:
        searches.append(syntax)
        return locate(data, syntax)

    monkeypatch.setattr("reconciler.desired.file_source.locate", counted)
    entries = ", ".join(f"{{ref: nothing-{number}}}" for number in range(2_000))
    problems = load({MAILCHIMP: SOURCE, "flow-specs/f.yaml": FLOW + f"  sourceConnectionSpecIds: [{entries}]\n"}).problems
    assert {problem.code for problem in problems} == {"unknown-reference"}
    assert (len(problems), len(searches)) == (MAX_MISTAKES, 1)


def test_stray_references_that_resemble_nothing_are_values_of_their_own() -> None:
    entries = ", ".join(f"{{ref: zzzz{number}}}" for number in range(2_000))
    assert load({MAILCHIMP: SOURCE + f"  x: [{entries}]\n"}).problems == ()


def test_a_wide_list_in_the_depth_is_walked_without_its_paths() -> None:
    text = SOURCE + "  x: " + "[" * 190 + "1, " * 50_000 + "{ref: mailchimp}" + "]" * 190 + "\n"
    (problem,) = load({MAILCHIMP: text}).problems
    assert (problem.code, problem.line) == ("misplaced-reference", 7)


MANY = range(MAX_MISTAKES * 3)


@pytest.mark.parametrize(
    "line",
    [
        "formerly: [" + "-a, " * len(MANY) + "]",
        "ids: {" + ", ".join(f"t{number}: {ONE_ID}" for number in MANY) + "}",
        "".join(f"key{number}: 1\n" for number in MANY),
        "  x: [" + "{ref: mailchimp}, " * len(MANY) + "]",
    ],
)
def test_who_has_a_hundred_problems_of_one_sort_knows_enough(line: str) -> None:
    assert len(load({MAILCHIMP: f"{SOURCE}{line}\n"}).problems) == MAX_MISTAKES


def test_entries_that_name_no_spec_are_told_up_to_a_hundred() -> None:
    text = FLOW + "  sourceConnectionSpecIds: [" + "[], " * len(MANY) + "]\n"
    assert len(load({"flow-specs/f.yaml": text}).problems) == MAX_MISTAKES
