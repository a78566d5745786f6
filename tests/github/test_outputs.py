from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.github.outputs import MAX_SUMMARY, room_in_summary, write_outputs, write_summary


def test_outputs_are_added_to_those_of_the_step(tmp_path: Path) -> None:
    file = tmp_path / "output"
    file.write_text("a=1\n")
    write_outputs({"GITHUB_OUTPUT": str(file)}, {"mode": "live"})
    assert file.read_text() == "a=1\nmode=live\n"


def test_a_value_of_several_lines_is_no_output(tmp_path: Path) -> None:
    write_outputs({"GITHUB_OUTPUT": str(tmp_path / "output")}, {"mode": "live\nadmin=true"})
    assert (tmp_path / "output").read_text() == ""


def test_what_is_in_the_summary_already_takes_from_its_room(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    assert room_in_summary(environ) == MAX_SUMMARY
    write_summary(environ, "x" * 1_000)
    assert room_in_summary(environ) == MAX_SUMMARY - 1_000


def test_a_disk_without_room_is_told_with_what_helps() -> None:
    with pytest.raises(UsageError, match="GITHUB_STEP_SUMMARY: No space left on device") as raised:
        write_summary({"GITHUB_STEP_SUMMARY": "/dev/full"}, "x")
    assert "free disk space" in (raised.value.hint or "")


@pytest.mark.parametrize("environ", [{}, {"GITHUB_STEP_SUMMARY": "/nowhere/at/all"}])
def test_outside_of_a_step_there_is_no_summary(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="GITHUB_STEP_SUMMARY"):
        write_summary(environ, "x")
