"""proof.yaml: what it may say, and where a mistake is."""

from datetime import UTC, datetime

import pytest

from reconciler.proofs.values import Amount, ExpectedWindow, FromEnvironment, Mapped, Streaming
from tests.proofs.files import GOOD, KEY, SECRET, read, shown

WHOLE = f"""\
{GOOD}key: {KEY}
expect:
  records: 237
  pages: {{min: 2}}
  unique: id
  fields: [id, email]
  windows:
    - {{from: "2024-01-05T00:00:00Z", to: 2024-01-06, records: {{min: 1, max: 3}}}}
assume: {{offset.no-end: until-short}}
target: {{schema: {{id: "https://ns.adobe.com/x"}}, dataset: auto, mapping: [{{source: a, destination: b}}]}}
flow: {{schedule: true}}
cleanup: {{keep: [schema, dataset]}}
targets: [dev, stage]
"""


def test_every_key_is_read() -> None:
    result = read(WHOLE)
    assert result.problems == ()
    proof = result.proof
    assert proof is not None
    assert proof.auth.params == {"domain": "us6", "password": FromEnvironment("ACME_PASSWORD")}
    window = ExpectedWindow(datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 1, 6, tzinfo=UTC), Amount(1, 3))
    assert proof.expect.windows == (window,)
    assert (proof.expect.records, proof.expect.pages) == (Amount(237, 237), Amount(2))
    assert (proof.expect.unique, proof.expect.fields) == ("id", ("id", "email"))
    assert proof.target.mapping == (Mapped("a", "b"),)
    assert (proof.flow.schedule, proof.cleanup.keep, proof.targets) == (True, ("schema", "dataset"), ("dev", "stage"))
    assert proof.assume == {"offset.no-end": "until-short"}


def test_a_streaming_source_has_a_section_of_its_own() -> None:
    proof = read("kind: Proof\nstreaming: {mechanism: hmac, secret: {env: HMAC}, encoding: hex, wait: 90s}\n").proof
    assert proof is not None
    assert proof.streaming == Streaming("hmac", FromEnvironment("HMAC"), "hex", 90.0)


@pytest.mark.parametrize("text", ["", "# kind: Proof\n", "---\n# nothing\n", "\n\n", None])
def test_a_file_of_comments_is_not_filled_in_yet(text: str | None) -> None:
    result = read(text)
    assert (result.proof, result.problems) == (None, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("auth: {name: Basic}\n", "1:1 missing-key `kind` is missing"),
        ("kind: Prof\n", "1:1 bad-value `kind` must be 'Proof'"),
        ("- 1\n", "1:1 wrong-type this file holds a list; a proof must be a mapping"),
        (GOOD + "key: other\n", "8:1 bad-key this is the proof of 'other', in the folder of 'acme-orders'"),
        (GOOD + "expect: {records: -1}\n", "8:10 bad-value `expect.records`: this is not between 0 and 1,000,000,000"),
        (GOOD + "expect: {records: {min: 3, max: 2}}\n", "8:10 bad-value `expect.records`: min is greater than max"),
        (GOOD + "expect: {unique: ''}\n", "8:10 bad-value `expect.unique`: this is empty"),
        (
            GOOD + "expect: {windows: [{from: 2024-01-05, to: 2024-01-05}]}\n",
            "8:20 bad-value `expect.windows.0`: `from` is not before `to`",
        ),
        (
            GOOD + 'expect: {windows: [{from: "2024-01-05T00:00:00", to: 2024-01-06}]}\n',
            "8:21 bad-value `expect.windows.0.from`: '2024-01-05T00:00:00' is not a time in UTC",
        ),
        (
            GOOD + "expect: {windows: [{from: 2024-02-30, to: 2024-03-06}]}\n",
            "8:21 bad-value `expect.windows.0.from`: '2024-02-30' is not in the calendar",
        ),
        (GOOD + "assume: {offset.noend: never}\n", "8:10 unknown-key unknown assumption 'offset.noend'"),
        (GOOD + "assume: {offset.no-end: nevr}\n", "8:10 bad-value `assume.offset.no-end` cannot be 'nevr'"),
        (GOOD + "target: {schema: atuo}\n", "8:10 bad-value `target.schema` must be auto, or {id: …}"),
        (GOOD + "cleanup: {keep: [flow]}\n", "8:18 bad-value `cleanup.keep.0` must be one of 'schema' or 'dataset'"),
        (
            GOOD + "streaming: {mechanism: none, wait: 2h}\n",
            "8:30 bad-value `streaming.wait`: '2h' is not a duration of up to an hour",
        ),
        (GOOD + "source: {}\n", "8:1 duplicate-key this key is already in the mapping"),
    ],
)
def test_each_mistake_has_its_line_and_column(text: str | None, said: str) -> None:
    assert said in shown(read(text).problems)
    assert all(problem.hint for problem in read(text).problems)


def test_mistakes_of_every_part_are_reported_together() -> None:
    text = GOOD + "expect: {records: -1}\nassume: {offset.noend: x, run.max-requests: 3, offset.no-end: nevr}\nnope: 1\n"
    assert [said.partition(" ")[0] for said in shown(read(text).problems)] == ["8:10", "9:27", "9:10", "9:48", "10:1"]


def test_auth_and_source_do_not_go_with_streaming() -> None:
    assert shown(read(GOOD + "streaming: {mechanism: oauth}\n").problems) == [
        "2:1 bad-value `auth` is not used by a streaming source, which `streaming` describes",
        "7:1 bad-value `source` is not used by a streaming source, which `streaming` describes",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"{{env: {SECRET}}}", "`auth.params.password.env` is not the name of a variable: it may have A-Z, 0-9 and _"),
        (f"{{env: [{SECRET}]}}", "`auth.params.password.env` is not the name of a variable: it may have A-Z, 0-9 and _"),
        (f"{{env: X, {SECRET}: 1}}", "`auth.params.password` has other keys next to `env`"),
        (f'"{SECRET} {{env: X}}"', "`auth.params.password` has {env: …} as a part of its value"),
        (f"[{{env: X}}, {SECRET}]", "`auth.params.password` has {env: …} as a part of its value"),
        (f"{{a: {{env: X}}, b: {SECRET}}}", "`auth.params.password` has {env: …} as a part of its value"),
        ("{env: RECONCILER_PROOF_X}", "`auth.params.password.env` begins with RECONCILER_PROOF_, which is added to every name"),
    ],
)
def test_a_variable_is_the_whole_value_and_a_mistake_does_not_show_it(value: str, said: str) -> None:
    result = read(GOOD.replace("{env: ACME_PASSWORD}", value))
    assert [problem.message for problem in result.problems] == [said]
    assert SECRET not in f"{result.problems}{result}"


def test_a_secret_of_streaming_is_a_variable() -> None:
    result = read(f"kind: Proof\nstreaming: {{mechanism: hmac, secret: {SECRET}}}\n")
    assert [problem.message for problem in result.problems] == ["`streaming.secret` must be the name of a variable"]
    assert SECRET not in str(result.problems)


def test_the_proof_of_a_renamed_spec_is_found_by_its_former_key() -> None:
    result = read(f"{GOOD}key: old-orders\n", former=("older", "old-orders"), folder="old-orders")
    assert (result.file, result.problems) == ("specs/proofs/old-orders/proof.yaml", ())
    assert result.proof is not None


@pytest.mark.parametrize(
    "value",
    [
        f"*{SECRET}",
        f"!{SECRET} x",
        f"!!{SECRET} x",
        f"!!int {SECRET}",
        f"!<{SECRET}> x",
        f"{{{SECRET}: 1, {SECRET}: 2}}",
        f"@{SECRET}",
        f'"{SECRET}',
        f"'{SECRET}' {SECRET}",
        f"{SECRET}: {SECRET}",
        f"{{env: {SECRET}",
        f"|{SECRET}",
        f"\n%{SECRET}",
    ],
)
def test_a_syntax_error_does_not_show_what_is_written(value: str) -> None:
    result = read(GOOD.replace("{env: ACME_PASSWORD}", value))
    assert result.problems
    assert SECRET not in f"{result.problems}{result}"
