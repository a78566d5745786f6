from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import SettingsError
from reconciler.proofs.provider_file import stub_of
from tests.providers.reading import body, get

FILE = "kind: Provider\npath: /items\nrecords: {file: records.jsonl}\n"


def said(folder: Path, provider: str | None = FILE, records: bytes | None = b"") -> list[tuple[str, int | None, str]]:
    if provider is not None:
        (folder / "provider.yaml").write_text(provider)
    if records is not None:
        (folder / "records.jsonl").write_bytes(records)
    with pytest.raises(SettingsError, match=r"cannot use the provider file .*provider\.yaml$") as caught:
        stub_of(folder / "provider.yaml")
    assert caught.value.hint
    return [(Path(problem.file or "").name, problem.line, problem.message) for problem in caught.value.problems]


def test_the_records_are_the_lines_of_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "provider.yaml").write_text(FILE)
    (tmp_path / "records.jsonl").write_bytes(b'\xef\xbb\xbf{"id": 1}\r\n\n{"id": 2}')
    assert body(get(stub_of(tmp_path / "provider.yaml"))) == [{"id": 1}, {"id": 2}]


def test_each_mistake_has_its_position(tmp_path: Path) -> None:
    text = "kind: Provider\npath: items\nrecords:\n  count: -1\n  each: {id: '{m}'}\n"
    assert said(tmp_path, text) == [
        ("provider.yaml", 2, "`path`: 'items' does not start with '/'"),
        ("provider.yaml", 4, "`records.count`: -1 is not between 0 and 100,000,000"),
        ("provider.yaml", 5, "`records.each.id`: {m} is not a valid placeholder"),
    ]


def test_a_line_that_is_not_an_object_is_reported_with_its_number(tmp_path: Path) -> None:
    problems = said(tmp_path, records=b'{"id": 1}\n{"id": }\n' + b"[" * 100_000 + b"\n1\n")
    assert [problem[:2] for problem in problems] == [("records.jsonl", 2), ("records.jsonl", 3), ("records.jsonl", 4)]


@pytest.mark.parametrize(
    ("provider", "records", "expected"),
    [
        ("[1]", b"", ("provider.yaml", 1, "this file holds a list; a provider must be a mapping")),
        ("", b"", ("provider.yaml", 1, "the file is empty")),
        ("kind: Provider\nkind: Provider\n", b"", ("provider.yaml", 2, "this key is already in the mapping")),
        (FILE, None, ("provider.yaml", 3, "`records.file`: there is no 'records.jsonl' in the folder of this file")),
        (None, b"", ("provider.yaml", 1, "cannot read this file: No such file or directory")),
    ],
)
def test_a_file_that_cannot_be_used_is_one_problem(
    tmp_path: Path, provider: str | None, records: bytes | None, expected: tuple[str, int, str]
) -> None:
    assert said(tmp_path, provider, records) == [expected]


def test_records_behind_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('{"a": "s3cret"}\n')
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "records.jsonl").symlink_to(tmp_path / "secret")
    ((file, _, message),) = said(folder, records=None)
    assert (file, message) == ("records.jsonl", "this link points outside the specs folder")


def test_records_in_a_folder_above_are_refused(tmp_path: Path) -> None:
    ((_, line, message),) = said(tmp_path, FILE.replace("records.jsonl", "../records.jsonl"))
    assert (line, message) == (3, "`records.file`: '../records.jsonl' is not a file beside this one")
