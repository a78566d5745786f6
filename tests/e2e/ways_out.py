"""Refusals and their ways out: for each, a situation that brings it about, and what somebody does who follows its hint to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from reconciler.documents.json_text import decode, encode
from reconciler.reports.apply.by_hand import flags_in
from tests.e2e import refused_situations as refused
from tests.e2e.workplace import BATCH, Workplace
from tests.e2e.workplace import NEEDS_GIT as SETTINGS

Follow = Callable[[Workplace, str], Sequence[str]]
"""Does in the files what a hint says, and gives the words that the next apply gets from it."""


@dataclass(frozen=True)
class Case:
    """One refusal. `words` are those of the apply that is refused; `says` is what its hint must say for `follow` to be what it says."""

    name: str
    code: str
    arrange: Callable[[Workplace], object]
    says: str
    follow: Follow
    words: Sequence[str] = field(default=())
    commits: bool = True
    """Whether what was done in the files is committed."""


def with_its_flag(_work: Workplace, hint: str) -> Sequence[str]:
    """What the hint's first flag allows."""
    words = ("--allow-dirty",) if "--allow-dirty" in hint else flags_in(hint)
    assert words, hint
    return words


def in_file(key: str) -> Follow:
    """The backticked line of the hint, written into the spec file of this key."""

    def follow(work: Workplace, hint: str) -> Sequence[str]:
        path = work.folder / f"specs/sources/{key}/connection-spec.yaml"
        envelope: dict[str, Any] = decode(path.read_bytes())
        for line in re.findall(r"`((?:adopt|formerly|ids|flowSpecs): [^`]+)`", hint):
            envelope |= YAML(typ="safe", pure=True).load(line)
        path.write_bytes(encode(envelope))
        return ()

    return follow


def remove_file(work: Workplace, _hint: str) -> Sequence[str]:
    (work.folder / "specs/sources/b/connection-spec.yaml").unlink()
    return ()


def more_retired(work: Workplace, hint: str) -> Sequence[str]:
    (line,) = re.findall(r"`(safety: [^`]+)`", hint)
    path = work.folder / "specs/reconciler.yaml"
    path.write_text(path.read_text() + line + "\n")
    return ()


def pin_one(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", envelope={"ids": {"stage": work.live()["a"][0]["id"]}})
    return ()


def without_pin(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a")
    return ()


def by_flow_id(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", envelope={"flowSpecs": [BATCH]})
    return ()


def own_names(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("b", name="y")
    return ()


def merged(work: Workplace, _hint: str) -> Sequence[str]:
    work.git("checkout", "-q", "main")
    return ()


def do_nothing(_work: Workplace, _hint: str) -> Sequence[str]:
    """The test commits what there is."""
    return ()


def weigh_less(work: Workplace, hint: str) -> Sequence[str]:
    """The line of the hint for reconciler.yaml, written into it."""
    (line,) = re.findall(r"`(rules: [^`]+)`", hint)
    work.settings(f"{SETTINGS}{line}\n")
    return ()


def correct_the_pagination(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", sourceSpec={"attributes": {"paginationParams": {"type": "NONE"}}})
    return ()


def warn_of_it(work: Workplace, hint: str) -> Sequence[str]:
    """The line of the hint for reconciler.yaml, written into it."""
    (level,) = re.findall(r"`safety\.(un\w+: \w+)`", hint)
    work.settings(f"{SETTINGS}safety: {{{level}}}\n")
    return ()


CASES = (
    Case(
        "a rule that does not fit",
        "pagination-type",
        refused.of_an_unknown_pagination,
        "`rules: {pagination-type: warning}`",
        weigh_less,
    ),
    Case("a mistake is corrected", "pagination-type", refused.of_an_unknown_pagination, "use one of: ", correct_the_pagination),
    Case("too many creates, lifted", "too-many-creates", refused.two_new, "pass `--max-creates 2`", with_its_flag),
    Case("too many updates, lifted", "too-many-updates", refused.two_changed, "pass `--max-updates 2`", with_its_flag),
    Case(
        "too many detaches, lifted", "too-many-detaches", refused.orphaned, "pass `--max-detaches 1`", with_its_flag, ("--prune",)
    ),
    Case("a namesake is adopted", "namesake", refused.namesake, "write `adopt: true`", in_file("a")),
    Case("one of two namesakes is adopted and pinned", "namesake", refused.two_namesakes, "`ids: {stage: ", in_file("a")),
    Case("a moved file says what it was", "namesake", refused.moved, "write `formerly: [b]`", in_file("a")),
    Case("a renamed file says what it was", "orphan-or-rename", refused.renamed, "write `formerly: [b]`", in_file("a")),
    Case("a new spec beside an orphan is allowed", "orphan-or-rename", refused.renamed, "`--allow-create a`", with_its_flag),
    Case("another owner's spec is taken over", "namesake", refused.of_others, "`adopt: acme/other`", in_file("a")),
    Case(
        "a pinned unmanaged spec is taken over",
        "pinned-unmanaged",
        refused.pinned_to_what_is_another,
        "`adopt: true`",
        in_file("a"),
    ),
    Case("a wrong id is corrected", "pinned-id-not-found", refused.pinned_to_nothing, "check the id", without_pin),
    Case("a flow spec that is not there", "flow-spec-not-found", refused.attached_to_nothing, "`flowSpecs: []`", in_file("a")),
    Case("one of two flow specs of a name", "flow-spec-ambiguous", refused.attached_to_two, "use its id in", by_flow_id),
    Case("two files of one name", "same-name", refused.one_name, "give each its own `name`", own_names),
    Case("two files of one object", "one-object-two-files", refused.one_object, "keep one of the files", remove_file),
    Case("a checkout that is behind is brought forward", "ahead", refused.behind, "merge or rebase", merged),
    Case("a deliberate rollback", "ahead", refused.behind, "`--allow-rewind`", with_its_flag),
    Case(
        "a detach on the word of a lost commit",
        "detach-unknown-commit",
        refused.forgotten_commit,
        "`--allow-rewind`",
        with_its_flag,
        ("--prune", "--max-detaches", "1"),
    ),
    Case("what breaks its users is allowed", "breaking", refused.breaking, "`--allow-breaking`", with_its_flag),
    Case(
        "a detach of what is in use",
        "detach-in-use",
        refused.in_use,
        "`--allow-in-use`",
        with_its_flag,
        ("--prune", "--max-detaches", "1"),
    ),
    Case(
        "too many are retired at once", "too-many-retired", lambda work: refused.retired(work, 6), "max_retired: 6", more_retired
    ),
    Case(
        "one of two objects of a key is pinned", "two-candidates", refused.twice_marked, "pin the right one in this file", pin_one
    ),
    Case("a pinned spec of another owner", "foreign-marker", refused.pinned_to_others, "`adopt: acme/other`", in_file("a")),
    Case("a new spec beside an unreadable one", "unreadable-namesake", refused.unreadable, "`--allow-create a`", with_its_flag),
    Case("a spec whose marker is gone", "marker-gone", refused.without_marker, "`adopt: true`", in_file("a")),
    Case("what is not committed is committed", "uncommitted", refused.uncommitted, "commit first", do_nothing),
    Case("what is not committed is allowed", "uncommitted", refused.uncommitted, "--allow-dirty", with_its_flag, commits=False),
    Case(
        "a commit that is nowhere is overwritten", "unknown-commit", refused.applied_elsewhere, "`--allow-rewind`", with_its_flag
    ),
    Case("what was not tried is allowed", "untried", refused.untried, "`--allow-untried`", with_its_flag),
    Case("what is not proved is allowed", "unproved", refused.unproved, "`--allow-unproved`", with_its_flag),
    Case("what is not proved is a warning", "unproved", refused.unproved, "`safety.unproved: warn`", warn_of_it),
    Case("what was not tried is a warning", "untried", refused.untried, "`safety.untried: warn`", warn_of_it),
    Case("a retired key with a file", "retired-key", refused.retired_and_kept, "remove the file", remove_file),
)
