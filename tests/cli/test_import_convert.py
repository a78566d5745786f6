"""`reconciler convert`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.fakes import CommandLine

ARTIFACT = '{\n  "name": "Orders",\n  "version": "1.0",\n  "limit": 12345678901234567890123\n}\n'


@pytest.fixture
def artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "orders-connectionSpec.json"
    file.write_text(ARTIFACT)
    return file


def test_an_artifact_becomes_a_spec_file_and_comes_back(reconciler: CommandLine, artifact: Path, tmp_path: Path) -> None:
    ran = reconciler("convert", artifact.name)
    assert "\nkind: ConnectionSpec\nkey: orders\n\nspec:\n  name: Orders\n" in ran.out
    (tmp_path / "orders.yaml").write_text(ran.out)
    assert reconciler("convert", "orders.yaml").out == ARTIFACT


def test_it_is_written_to_a_file_when_that_is_asked_for(reconciler: CommandLine, artifact: Path) -> None:
    ran = reconciler("convert", artifact.name, "--to", "yaml", "--out", "new.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "", "wrote new.yaml\n")
    there = artifact.read_bytes()
    refused = reconciler("convert", "new.yaml", "--out", "orders-connectionSpec.json")
    assert (refused.code, "use --force" in refused.err, artifact.read_bytes()) == (1, True, there)
    assert reconciler("convert", "new.yaml", "--force", "--out", "orders-connectionSpec.json").code == 0
    assert artifact.read_text() == ARTIFACT


def test_a_file_behind_a_link_to_itself_cannot_be_written(reconciler: CommandLine, artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    ran = reconciler("convert", artifact.name, "--out", "loop/new.yaml")
    assert (ran.code, "loop" in ran.err, "hint: " in ran.err) == (1, True, True)


def test_a_name_that_would_lose_the_key_is_refused(reconciler: CommandLine, artifact: Path) -> None:
    reconciler("convert", artifact.name, "--out", "new.yaml")
    ran = reconciler("convert", "new.yaml", "--out", "other-connectionSpec.json")
    assert (ran.code, "orders-connectionSpec.json" in ran.err) == (1, True)


def test_a_file_without_a_key_has_that_of_its_folder(
    reconciler: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "connection-spec.yaml").write_text("kind: ConnectionSpec\nspec: {name: Orders}\n")
    assert reconciler("convert", "orders/connection-spec.yaml", "--out", "orders-connectionSpec.json").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.json",),
        ("orders-connectionSpec.json", "--to", "json"),
        ("pinned.yaml",),
        ("pinned.yaml", "--to", "yaml"),
        ("broken.yaml",),
        ("orders-connectionSpec.json", "--out", "new.json"),
        ("good.yaml", "--out", "orders.yml"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_converted_is_told_with_a_hint(
    reconciler: CommandLine, artifact: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "pinned.yaml").write_text("kind: ConnectionSpec\nids: {stage: x}\nspec: {}\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    (tmp_path / "good.yaml").write_text("kind: ConnectionSpec\nkey: orders\nspec: {}\n")
    ran = reconciler("convert", *arguments)
    assert (ran.code, ran.out, "hint: " in ran.err) == (1, "", True)
    assert artifact.read_text() == ARTIFACT


def test_a_converted_file_names_its_schema_where_it_stands(reconciler: CommandLine, artifact: Path, tmp_path: Path) -> None:
    place = tmp_path / "specs/sources/orders"
    place.mkdir(parents=True)
    ran = reconciler("convert", artifact.name, "--out", "specs/sources/orders/connection-spec.yaml")
    line = (place / "connection-spec.yaml").read_text().splitlines()[0]
    assert line.startswith("# yaml-language-server: $schema=")
    assert (place / line.partition("$schema=")[2]).is_file()
    assert ran.err.splitlines()[0] == "wrote specs/sources/orders/connection-spec.yaml"
    assert "next:" not in ran.err


def test_on_standard_output_it_names_the_schema_for_the_usual_place(reconciler: CommandLine, artifact: Path) -> None:
    ran = reconciler("convert", artifact.name)
    assert ran.out.startswith("# yaml-language-server: $schema=../../.schemas/connection-spec.schema.json\n")
    assert not Path("specs/.schemas").exists()


def test_a_file_that_is_no_spec_file_of_the_folder_names_no_schema(reconciler: CommandLine, artifact: Path) -> None:
    assert reconciler("convert", artifact.name, "--out", "new.yaml").code == 0
    assert Path("new.yaml").read_text().startswith("kind: ConnectionSpec\n")


def test_the_artifact_that_a_spec_file_stands_for_now_is_to_be_removed(
    reconciler: CommandLine, artifact: Path, tmp_path: Path
) -> None:
    place = tmp_path / "specs/sources"
    place.mkdir(parents=True)
    (place / artifact.name).write_bytes(artifact.read_bytes())
    ran = reconciler("convert", f"specs/sources/{artifact.name}", "--out", "specs/sources/orders/connection-spec.yaml")
    assert ran.err.endswith(f"next: remove specs/sources/{artifact.name}: a key can have only one file\n")


def test_an_artifact_beside_its_spec_file_is_to_be_removed(reconciler: CommandLine, artifact: Path, tmp_path: Path) -> None:
    place = tmp_path / "specs/sources/orders"
    reconciler("convert", artifact.name, "--out", "new.yaml")
    place.mkdir(parents=True)
    (tmp_path / "new.yaml").rename(place / "connection-spec.yaml")
    ran = reconciler("convert", "specs/sources/orders/connection-spec.yaml", "--out", f"specs/sources/orders/{artifact.name}")
    assert ran.err.endswith(f"next: remove specs/sources/orders/{artifact.name}: a key can have only one file\n")
    assert (
        "next:" not in reconciler("convert", "specs/sources/orders/connection-spec.yaml", "--out", artifact.name, "--force").err
    )


def test_numbers_are_written_as_they_are_spelled(reconciler: CommandLine, artifact: Path) -> None:
    artifact.write_text('{\n  "a": -0,\n  "b": 1E5,\n  "c": 1.10\n}\n')
    assert reconciler("convert", artifact.name, "--out", "new.yaml").code == 0
    assert reconciler("convert", "new.yaml").out == artifact.read_text()


@pytest.mark.parametrize("setting", ["only: [stage]", "overlays: {stage: {name: Orders}}", "ids: {stage: abc}", "flowSpecs: []"])
def test_a_spec_file_with_more_than_an_artifact_can_hold_is_refused(
    reconciler: CommandLine, artifact: Path, tmp_path: Path, setting: str
) -> None:
    (tmp_path / "orders.yaml").write_text(f"kind: ConnectionSpec\nkey: orders\nspec: {{name: Orders}}\n{setting}\n")
    ran = reconciler("convert", "orders.yaml", "--force", "--out", artifact.name)
    name = setting.partition(":")[0]
    assert ran.code == 1
    assert ran.err == (
        f"error: orders.yaml has `{name}`, which an artifact cannot hold\nhint: keep it as YAML, or remove `{name}` first\n"
    )
    assert artifact.read_text() == ARTIFACT
