"""The folder of a proof, and what may be read in it."""

import pytest

from reconciler.desired.tree import GivenFiles, Unreadable
from reconciler.proofs.folder import CASSETTE, PROOF, folder_of

TREE = GivenFiles(
    {"proofs/b/proof.yaml": b"b", "proofs/b/deep/x.jsonl": b"x", "proofs/c/proof.yaml": b"c", "sources/a/proof.yaml": b""}
)


@pytest.mark.parametrize(
    ("key", "former", "name"),
    [("b", (), "b"), ("a", ("b", "c"), "b"), ("a", ("c", "b"), "c"), ("c", ("b",), "c"), ("a", (), "a"), ("a", ("x",), "a")],
)
def test_it_is_the_first_of_the_key_and_the_former_keys_that_has_a_file(key: str, former: tuple[str, ...], name: str) -> None:
    folder = folder_of(TREE, key, former)
    assert (folder.name, folder.path(CASSETTE)) == (name, f"proofs/{name}/cassette.jsonl")


def test_its_files_are_relative_to_it() -> None:
    folder = folder_of(TREE, "b")
    assert folder.files == {"proof.yaml", "deep/x.jsonl"}
    assert (folder.read(PROOF), folder.read("deep/x.jsonl"), folder.read(CASSETTE)) == (b"b", b"x", None)


@pytest.mark.parametrize("name", ["../c/proof.yaml", "/etc/passwd", "", ".", "deep"])
def test_nothing_outside_of_it_is_read(name: str) -> None:
    assert folder_of(TREE, "b").read(name) is None


@pytest.mark.parametrize(("file", "most"), [("proof.yaml", 256_000), ("cassette.jsonl", 1_000_000), ("orders.jsonl", 1_000_000)])
def test_a_file_has_at_most_so_many_bytes(file: str, most: int) -> None:
    assert len(folder_of(GivenFiles({f"proofs/a/{file}": b"x" * most}), "a").read(file) or b"") == most
    with pytest.raises(Unreadable) as refused:
        folder_of(GivenFiles({f"proofs/a/{file}": b"x" * (most + 1)}), "a").read(file)
    assert (refused.value.problem.code, f"{most:,}" in refused.value.problem.message) == ("too-large", True)


def test_paths_that_are_known_are_not_listed_again() -> None:
    assert folder_of(GivenFiles({}), "a", (), ["proofs/a/proof.yaml"]).files == {"proof.yaml"}
