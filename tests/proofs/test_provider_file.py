from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.errors import SettingsError
from reconciler.proofs.provider_file import read_provider, stub_of
from reconciler.texts.reading import MAX_BYTES

PATH = "proofs/acme/provider.yaml"
RECORDS = "proofs/acme/records.jsonl"
FILE = b"kind: Provider\npath: /items\nrecords: {file: records.jsonl}\n"


def said(provider: bytes, records: bytes | None = b"") -> list[tuple[str | None, int | None, int | None, str]]:
    files = {PATH: provider} | ({} if records is None else {RECORDS: records})
    read = read_provider(GivenFiles(files), PATH)
    assert (read.provider is None) == bool(read.problems)
    return [(problem.file, problem.line, problem.column, problem.message) for problem in read.problems]


def test_the_records_are_the_lines_of_a_file_beside_it() -> None:
    read = read_provider(GivenFiles({PATH: FILE, RECORDS: b'\xef\xbb\xbf{"id": 1}\r\n\n["any"]\n"value"'}), PATH)
    assert list(read.rows) == [{"id": 1}, ["any"], "value"]


def test_each_mistake_has_its_position() -> None:
    assert said(b"kind: Provider\npath: items\nrecords:\n  count: -1\n  each: {id: '{m}'}\n") == [
        (f"specs/{PATH}", 2, 1, "`path`: 'items' does not start with '/'"),
        (f"specs/{PATH}", 4, 3, "`records.count`: -1 is not between 0 and 100,000,000"),
        (f"specs/{PATH}", 5, 10, "`records.each.id`: {m} is not a valid placeholder"),
    ]


def test_a_line_that_is_not_json_is_reported_with_its_number() -> None:
    problems = said(FILE, b'{"id": 1}\n{"id": }\n' + b"[" * 100_000)
    assert [problem[:3] for problem in problems] == [(f"specs/{RECORDS}", 2, 1), (f"specs/{RECORDS}", 3, 1)]


def test_only_the_first_hundred_mistakes_are_reported() -> None:
    assert len(said(FILE, b"x\n" * 1000)) == 100
    assert (
        len(said(b"kind: Provider\npath: /\nrecords: {count: 1, each: 1}\n" + b"".join(b"k%d: 1\n" % n for n in range(1000))))
        == 100
    )


@pytest.mark.parametrize(
    ("provider", "records", "message"),
    [
        (b"[1]", b"", "this file holds a list; a provider must be a mapping"),
        (b"kind: Provider\nkind: Provider\n", b"", "duplicate key 'kind' in this mapping"),
        (FILE, None, "cannot use 'records.jsonl': there is no such file"),
        (FILE, b"1" * (MAX_BYTES + 1), f"the file has more than {MAX_BYTES:,} bytes, which is the limit"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_problem(provider: bytes, records: bytes | None, message: str) -> None:
    ((_, line, _, found),) = said(provider, records)
    assert line
    assert found == message


def test_a_missing_provider_file_is_a_problem() -> None:
    (problem,) = read_provider(GivenFiles({}), PATH).problems
    assert (problem.file, problem.code) == (f"specs/{PATH}", "unreadable")


def test_records_behind_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('"s3cret"\n')
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "records.jsonl").symlink_to(tmp_path / "secret")
    (folder / "provider.yaml").write_bytes(FILE)
    with pytest.raises(SettingsError, match="cannot use the provider file") as caught:
        stub_of(folder / "provider.yaml")
    assert caught.value.problems[0].line == 3
    assert "this link points outside" in caught.value.problems[0].message
