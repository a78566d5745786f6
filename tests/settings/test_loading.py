"""`reconciler.yaml`, read strictly."""

from pathlib import Path

import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, SettingsError
from reconciler.settings.loading import MINIMAL, load_settings
from reconciler.settings.values import DEFAULT_SCOPES, Network, Safety, Tombstone

FULL = """\
version: 1
repository: acme/aep-sources
formerly: [acme/old-name]
default_target: local
targets:
  local:
    emulator: .reconciler/local.db
  stage:
    base_url: https://platform-stage.adobe.io/data/foundation/flowservice
    token_url: https://ims-na1.adobelogin.com/ims/token/v3
    org_id: 1234567890@AdobeOrg
    sandbox: dev
    scopes: [openid, AdobeID]
    ownership: none
safety:
  max_creates: 1
  max_updates: 2
  max_detaches: 3
network:
  concurrency: 8
  timeout: 500ms
  deadline: 1m
  retries: 0
  consistency_window: 0
  settle: 1.5
"""


@pytest.fixture
def specs_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    folder.mkdir()
    return folder


def write(specs_dir: Path, text: str | bytes) -> None:
    (specs_dir / "reconciler.yaml").write_bytes(text.encode() if isinstance(text, str) else text)


def problems_of(specs_dir: Path, text: str | bytes) -> tuple[Problem, ...]:
    write(specs_dir, text)
    with pytest.raises(SettingsError) as raised:
        load_settings(specs_dir)
    return raised.value.problems


def only_problem(specs_dir: Path, text: str) -> Problem:
    (problem,) = problems_of(specs_dir, text)
    return problem


def with_line(line: str) -> str:
    return f"{MINIMAL}{line}\n"


def test_everything_in_the_file_is_in_the_settings(specs_dir: Path) -> None:
    write(specs_dir, FULL)
    settings = load_settings(specs_dir)
    assert (settings.repository, settings.formerly, settings.default_target) == (
        "acme/aep-sources",
        ("acme/old-name",),
        "local",
    )
    assert settings.safety == Safety(1, 2, 3)
    assert settings.network == Network(8, 0.5, 60.0, 0, 0.0, 1.5)
    stage = settings.targets["stage"]
    assert (stage.base_url, stage.org_id, stage.sandbox) == (
        "https://platform-stage.adobe.io/data/foundation/flowservice",
        "1234567890@AdobeOrg",
        "dev",
    )
    assert (stage.scopes, stage.ownership, stage.emulator) == (("openid", "AdobeID"), "none", None)


def test_what_is_retired_has_a_key_or_an_id_and_a_reason(specs_dir: Path) -> None:
    write(
        specs_dir,
        with_line(
            "retired: [{key: a, reason: The vendor left.}, {id: 4F, reason: A twin., allow_in_use: true}, "
            "{key: a, kind: FlowSpec, reason: Unused.}]"
        ),
    )
    assert load_settings(specs_dir).retired == (
        Tombstone(Kind.CONNECTION_SPEC, "a", reason="The vendor left."),
        Tombstone(Kind.CONNECTION_SPEC, id="4F", reason="A twin.", allow_in_use=True),
        Tombstone(Kind.FLOW_SPEC, "a", reason="Unused."),
    )


def test_the_emulator_is_beside_the_specs_folder(specs_dir: Path) -> None:
    write(specs_dir, MINIMAL)
    assert load_settings(specs_dir).targets["local"].emulator == specs_dir.parent / ".reconciler/local.db"


def test_what_the_file_leaves_out_has_its_default(specs_dir: Path) -> None:
    write(specs_dir, MINIMAL)
    settings = load_settings(specs_dir)
    assert (settings.safety, settings.network) == (Safety(20, 20, 0), Network(4, 30.0, 60.0, 6, 10.0, 6.0))
    assert settings.targets["local"].scopes == DEFAULT_SCOPES


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("30s", 30.0), ("1m", 60.0), ("500ms", 0.5), ("1.5s", 1.5), ("1h", 3600.0), ("7", 7.0), ("0.25", 0.25)],
)
def test_a_duration_is_a_text_with_a_unit_or_seconds(specs_dir: Path, written: str, seconds: float) -> None:
    write(specs_dir, with_line(f"network: {{timeout: {written}, deadline: 1h}}"))
    assert load_settings(specs_dir).network.timeout == seconds


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("network: {timeout: 30 bananas}", "bad-value", "duration"),
        ("network: {timeout: -1}", "bad-value", "must be > 0"),
        ("network: {timeout: -1s}", "bad-value", "duration"),
        ("network: {timeout: 61m}", "bad-value", "≤ 1h"),
        ("network: {deadline: 2h}", "bad-value", "≤ 1h"),
        ("network: {timeout: 1" + "0" * 400 + "}", "bad-value", "≤ 1h"),
        ("network: {timeout: " + "9" * 400 + "s}", "bad-value", "≤ 1h"),
        ("network: {timeout: -1" + "0" * 400 + "}", "bad-value", "must be > 0"),
        ("network: {settle: -0.5}", "bad-value", "between 0 and 10m"),
        ("network: {consistency_window: 11m}", "bad-value", "between 0 and 10m"),
        ("network: {timeout: 0}", "bad-value", "must be > 0"),
        ("network: {timeout: true}", "bad-value", "duration"),
        ("network: {timeout: }", "bad-value", "null"),
        ("network: {concurrency: 0}", "bad-value", "0 is not between 1 and 64"),
        ("network: {concurrency: '4'}", "wrong-type", "an integer"),
        ("network: {concurrency: true}", "wrong-type", "an integer"),
        ("network: {retry: 1}", "unknown-key", "retry"),
        ("network: {concurrency: 65}", "bad-value", "between"),
        ("network: {retries: 101}", "bad-value", "between"),
        ("safety: {max_creates: -1}", "bad-value", "-1 is not between 0 and 1,000,000"),
        ("safety: {max_creates: 1" + "0" * 400 + "}", "bad-value", "this is not between"),
        ("safety: {max_creates: 2.0}", "wrong-type", "an integer"),
        ("network: {timeout: 10s, deadline: 5s}", "bad-value", "(5s) must not be shorter than `timeout` (10s)"),
        ("network: {timeout: 2m}", "bad-value", "(60s by default) must not be shorter"),
        ("safety:", "wrong-type", "null"),
        ("formerly: acme/x", "wrong-type", "a list"),
        ("formerly: [nobody]", "bad-value", "not a valid repository"),
        ("formerly: [acme/aep-sources]", "former-owner", "current name"),
        ("defaults: 1", "unknown-key", "defaults"),
        ("retired: [{key: a}]", "missing-key", "reason"),
        ("retired: [{reason: x}]", "bad-value", "a key or the id"),
        ("retired: [{key: a, id: b, reason: x}]", "bad-value", "either a key or the id"),
        ("retired: [{key: a, reason: ' '}]", "bad-value", "empty"),
        ("retired: [{key: '', reason: x}]", "bad-value", "empty"),
        ("retired: [{key: a, resaon: x, reason: x}]", "unknown-key", "resaon"),
        ("retired: [{key: a, kind: Source, reason: x}]", "bad-value", "ConnectionSpec"),
        ("retired: [{key: a, reason: x}, {key: a, reason: y}]", "duplicate-key", "'a' is listed twice in `retired`"),
        ("retired: {a: x}", "wrong-type", "a list"),
        ("proof: {max_age: 0d}", "bad-value", "'0d' is not a number of days"),
        ("proof: {max_age: 24h}", "bad-value", "'24h' is not a number of days"),
        ("proof: {max_age: 90}", "wrong-type", "a string"),
        ("safety: {unproved: never}", "bad-value", "'warn'"),
        ("safety: {max_retired: -1}", "bad-value", "-1 is not between"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(specs_dir: Path, line: str, code: str, words: str) -> None:
    problem = only_problem(specs_dir, with_line(line))
    assert (problem.code, problem.line) == (code, MINIMAL.count("\n") + 1)
    assert words in problem.message
    assert problem.column
    assert problem.hint
    assert len(problem.message) < 300
    assert problem.file == (specs_dir / "reconciler.yaml").as_posix()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("base_url", "https://adobe.io.evil.com", "adobe.io.evil.com"),
        ("base_url", "http://localhost:8080", "https"),
        ("token_url", "https://evil-adobelogin.com/ims", "evil-adobelogin.com"),
        ("org_id", "'me'", "organization"),
        ("org_id", '"a@b\\r\\nx-evil: 1"', "organization"),
        ("sandbox", "Prod", "lower-case"),
        ("scopes", "[]", "scopes"),
        ("scopes", "['a b']", "scope"),
        ("ownership", "me", "marker"),
        ("emulator", "/etc/x.db", "under"),
        ("emulator", "../x.db", "under"),
        ("emulator", "''", "under"),
    ],
)
def test_a_target_that_does_not_fit_is_told_in_its_line(specs_dir: Path, key: str, value: str, words: str) -> None:
    problem = only_problem(specs_dir, f"version: 1\nrepository: acme/x\ntargets:\n  stage:\n    {key}: {value}\n")
    assert problem.line == 5
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("targets: {a: {}}\n", ["missing-key", "missing-key"]),
        ("version: 2\nrepository: acme/x\ntargets: {a: {}}\n", ["bad-value"]),
        ("version: true\nrepository: acme/x\ntargets: {a: {}}\n", ["bad-value"]),
        ("version: 1\nrepository: acme\ntargets: {a: {}}\n", ["bad-value"]),
        ("version: 1\nrepository: acme/x\ntargets: {}\n", ["bad-value"]),
        ("version: 1\nrepository: acme/x\ntargets: {a: }\n", ["wrong-type"]),
        ("version: 1\nrepository: acme/x\ntargets: {'a b': {}}\n", ["bad-value"]),
        ("version: 1\nrepository: acme/x\ntargets: {a-b: {}, a_b: {}}\n", ["target-name"]),
        ("version: 1\nrepository: acme/x\ndefault_target: stag\ntargets: {stage: {}}\n", ["unknown-target"]),
        (
            "version: 1\nrepository: acme/x\ntargets: {a: {emulator: x.db, base_url: 'https://platform.adobe.io/data/foundation/flowservice'}}\n",
            ["emulator-url"],
        ),
        ("version: 1\nrepository: acme/x\ntargets: {a: {provider: true}}\n", ["provider-target"]),
        ("version: 1\nrepository: acme/x\ntargets: {a: {emulator: x.db, provider: 1}}\n", ["wrong-type"]),
        ("- version: 1\n", ["wrong-type"]),
        ("version: 1\nversion: 1\nrepository: acme\nrepo: 1\ntargets: {a: {}}\n", ["duplicate-key", "bad-value", "unknown-key"]),
        ("version: [\n", ["syntax"]),
        ("", ["empty"]),
    ],
)
def test_all_problems_of_the_file_are_told(specs_dir: Path, text: str, codes: list[str]) -> None:
    assert [problem.code for problem in problems_of(specs_dir, text)] == codes


def test_an_unknown_key_has_its_nearest_as_hint(specs_dir: Path) -> None:
    assert only_problem(specs_dir, with_line("safty: {}")).hint == "did you mean 'safety'?"


def test_a_target_that_is_not_there_has_its_nearest_as_hint(specs_dir: Path) -> None:
    text = "version: 1\nrepository: acme/x\ndefault_target: stag\ntargets: {stage: {}}\n"
    assert only_problem(specs_dir, text).hint == "did you mean 'stage'?"


def test_without_a_file_the_hint_is_a_minimal_one(specs_dir: Path) -> None:
    with pytest.raises(SettingsError, match="file not found") as raised:
        load_settings(specs_dir)
    assert MINIMAL in (raised.value.hint or "")


def test_a_file_in_the_place_of_the_folder_is_named(specs_dir: Path) -> None:
    (specs_dir / "file").write_text("")
    with pytest.raises(SettingsError, match="file is not a folder") as raised:
        load_settings(specs_dir / "file")
    assert raised.value.hint == "pass the specs folder with --specs"


def test_the_minimal_file_works(specs_dir: Path) -> None:
    write(specs_dir, MINIMAL)
    assert load_settings(specs_dir).target(None, {}).name == "local"


def test_a_file_with_the_other_suffix_is_to_be_renamed(specs_dir: Path) -> None:
    (specs_dir / "reconciler.yml").write_text(MINIMAL)
    with pytest.raises(SettingsError) as raised:
        load_settings(specs_dir)
    assert "rename" in (raised.value.hint or "")


def test_a_link_out_of_the_folder_is_refused(specs_dir: Path) -> None:
    outside = specs_dir.parent / "outside.yaml"
    outside.write_text(MINIMAL)
    (specs_dir / "reconciler.yaml").symlink_to(outside)
    with pytest.raises(SettingsError, match="points outside"):
        load_settings(specs_dir)


def test_a_folder_is_no_file(specs_dir: Path) -> None:
    (specs_dir / "reconciler.yaml").mkdir()
    with pytest.raises(SettingsError, match="not a file"):
        load_settings(specs_dir)


def test_a_file_that_cannot_be_read_says_why(specs_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(specs_dir, MINIMAL)

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reconciler.settings.loading.read_most", refuse)
    with pytest.raises(SettingsError, match="Permission denied"):
        load_settings(specs_dir)


def test_a_link_to_itself_is_refused(specs_dir: Path) -> None:
    (specs_dir / "reconciler.yaml").symlink_to("reconciler.yaml")
    with pytest.raises(SettingsError, match="form a loop"):
        load_settings(specs_dir)


def test_of_a_huge_file_no_more_is_read_than_is_judged(specs_dir: Path) -> None:
    with (specs_dir / "reconciler.yaml").open("wb") as file:
        file.truncate(1 << 40)  # a hole, which takes no room on the disk
    with pytest.raises(SettingsError) as raised:
        load_settings(specs_dir)
    assert [problem.code for problem in raised.value.problems] == ["too-large"]


def test_a_deadline_alone_is_a_limit_and_no_contradiction(specs_dir: Path) -> None:
    write(specs_dir, with_line("network: {deadline: 8s}"))
    assert load_settings(specs_dir).network.deadline == 8.0


TARGETS = "version: 1\nrepository: acme/x\ntargets:\n  a:\n    "


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("base_url: https://evil.example/x", "RECONCILER_<TARGET>_BASE_URL"),
        ("base_url: http://platform.adobe.io/x", "RECONCILER_<TARGET>_BASE_URL"),
        ("token_url: https://ims-na1.adobelogin.com:8443/ims/token/v3", "RECONCILER_<TARGET>_TOKEN_URL"),
        ("base_url: platform.adobe.io", "https://"),
        ("base_url: https://platform.adobe.io/a b", "https://"),
        ("base_url: https://me@platform.adobe.io/", "https://"),
        ("sandbox: DEV", "did you mean 'dev'? write the name of the sandbox"),
        ("sandbox: My Sandbox", "prod"),
        ("org_id: adobe", "@AdobeOrg"),
        ("scopes: []", "at least one"),
        ("scopes: openid", "[openid]"),
        ("scopes: ['a b']", "[openid, AdobeID]"),
        ("ownership: maker", "'marker' or 'none'"),
        ("emulator: /etc/passwd", ".reconciler/local.db"),
        ("sandbocks: dev", "sandbox"),
        ("sandbox: 5", "quotes"),
    ],
)
def test_each_problem_of_a_target_has_its_place_and_the_next_step(specs_dir: Path, line: str, hint: str) -> None:
    problem = problems_of(specs_dir, TARGETS + line + "\n")[0]
    assert (problem.line, problem.file) == (5, (specs_dir / "reconciler.yaml").as_posix())
    assert problem.column
    assert hint in (problem.hint or "")


def test_what_is_missing_is_shown_as_it_could_be_written(specs_dir: Path) -> None:
    problems = problems_of(specs_dir, "targets: {a: {}}\n")
    assert [problem.hint for problem in problems] == ["write version: 1", "write repository: acme/aep-sources"]


def test_the_age_of_a_proof_is_in_days(specs_dir: Path) -> None:
    write(specs_dir, with_line("proof: {max_age: 90d}"))
    assert load_settings(specs_dir).proof.max_age == 90 * 86_400
    write(specs_dir, MINIMAL)
    assert load_settings(specs_dir).proof.max_age is None
