"""Refusals and their ways out: for each, a situation that brings it about, and what somebody does who follows its hint to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from ruamel.yaml import YAML

from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour
from reconciler.emulator.model import Author, Place
from reconciler.reports.apply.by_hand import flags_in
from tests.e2e.workplace import BATCH, ORG, REST, SANDBOX, Workplace
from tests.e2e.workplace import NEEDS_GIT as SETTINGS

Follow = Callable[[Workplace, str], Sequence[str]]
"""Does in the files what a hint says, and gives the words that the next apply gets from it."""
OURS = Author("somebody@techacct.adobe.com", "our-client")
UNKNOWN = "0123456789abcdef0123456789abcdef01234567"


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


def body(name: str, **sections: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "generic-rest",
        "providerId": REST,
        "version": "1.0",
        "sourceSpec": {"attributes": {"x": 1}},
        **sections,
    }


def two_new(work: Workplace) -> None:
    work.settings(SETTINGS + "safety: {max_creates: 1, max_updates: 1}\n")
    work.source("a")
    work.source("b")
    work.commit()


def two_changed(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.commit()
    work.apply()
    work.settings(SETTINGS + "safety: {max_updates: 1}\n")
    for key in ("a", "b"):
        work.source(key, sourceSpec={"attributes": {"x": 2}})
    work.commit()


def orphaned(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.commit()
    work.apply()
    (work.folder / "specs/sources/b/connection-spec.yaml").unlink()
    work.commit()


def in_use(work: Workplace) -> None:
    orphaned(work)
    wish = {"org": ORG, "sandbox": SANDBOX, "connection_spec": work.the("b")["id"]}
    httpx.post(f"{work.url}/_emulator/dataflows", json=wish, trust_env=False).raise_for_status()


def retired(work: Workplace, keys: int = 1, settings: str = "") -> None:
    """So many specs that are live, have no file any more, and are listed under `retired:`."""
    names = [f"old-{number}" for number in range(keys)]
    for key in ("a", *names):
        work.source(key)
    work.commit()
    work.apply()
    for key in names:
        (work.folder / f"specs/sources/{key}/connection-spec.yaml").unlink()
    entries = ", ".join(f"{{key: {key}, reason: no longer needed}}" for key in names)
    work.settings(f"{SETTINGS}{settings}retired: [{entries}]\n")
    work.commit()


def more_retired(work: Workplace, hint: str) -> Sequence[str]:
    (line,) = re.findall(r"`(safety: [^`]+)`", hint)
    path = work.folder / "specs/reconciler.yaml"
    path.write_text(path.read_text() + line + "\n")
    return ()


def twice_marked(work: Workplace) -> None:
    """Two objects with one key's marker, written by a version that put no id into it."""
    work.source("a")
    commit = work.commit()
    marker: dict[str, Any] = {
        "repository": "acme/aep-sources",
        "sandbox": SANDBOX,
        "key": "a",
        "commit": commit,
        "digests": {},
        "settled": {},
    }
    for _ in range(2):
        work.post(body("a", attributes={"reconciler": marker}))


def pin_one(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", envelope={"ids": {"stage": work.live()["a"][0]["id"]}})
    return ()


def pinned_to_others(work: Workplace) -> None:
    of_others(work)
    work.source("a", envelope={"ids": {"stage": work.the("a")["id"]}})
    work.commit()


def without_marker(work: Workplace) -> None:
    """Made by our client, and then written over by somebody who left no marker in it."""
    work.source("a")
    work.commit()
    work.apply()
    work.edit("a", attributes={"category": "crm"})


def namesake(work: Workplace) -> None:
    work.post(body("a"))
    work.source("a")
    work.commit()


def two_namesakes(work: Workplace) -> None:
    work.post(body("a"))
    namesake(work)


def unreadable(work: Workplace) -> None:
    """An entry of the list has the name, and nothing by which it could be read."""
    work.emulator.service.behave(Behaviour(bad_elements=("no_id",)))
    work.settings(SETTINGS + "rules: {not-an-id: off}\n")  # its provider is none that Adobe has
    work.source("a", name="Odd, without an id", providerId="odd")
    work.commit()


def moved(work: Workplace) -> None:
    work.source("b")
    work.commit()
    work.apply()
    (work.folder / "specs/sources/b/connection-spec.yaml").unlink()
    work.source("a", name="b")
    work.commit()


def renamed(work: Workplace) -> None:
    work.source("b")
    work.commit()
    work.apply()
    (work.folder / "specs/sources/b/connection-spec.yaml").unlink()
    work.source("a")
    work.commit()


def of_others(work: Workplace) -> None:
    marker: dict[str, Any] = {
        "repository": "acme/other",
        "sandbox": SANDBOX,
        "key": "a",
        "commit": None,
        "digests": {},
        "settled": {},
    }
    work.post(body("a", attributes={"reconciler": marker}))
    work.source("a")
    work.commit()


def pinned_to_what_is_another(work: Workplace) -> None:
    spec_id = work.post(body("Another", sourceSpec={"attributes": {"y": 5}}, exploreSpec={"name": "x"}))
    work.source("a", envelope={"ids": {"stage": spec_id}})
    work.commit()


def pinned_to_nothing(work: Workplace) -> None:
    work.source("a", envelope={"ids": {"stage": "f6c0de0c-0a42-4cd9-9139-8768bf2f1b55"}})
    work.commit()


def without_pin(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a")
    return ()


def attached_to_nothing(work: Workplace) -> None:
    work.source("a", envelope={"flowSpecs": ["RestStorageToAPE"]})
    work.commit()


def attached_to_two(work: Workplace) -> None:
    flow = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    copy = {name: flow[name] for name in ("name", "providerId", "version")}
    work.emulator.service.create_spec("flowSpecs", Place(ORG, SANDBOX), copy, OURS)
    work.source("a")
    work.commit()


def by_flow_id(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", envelope={"flowSpecs": [BATCH]})
    return ()


def one_name(work: Workplace) -> None:
    work.source("a", name="x")
    work.source("b", name="X ")
    work.commit()


def own_names(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("b", name="y")
    return ()


def one_object(work: Workplace) -> None:
    spec_id = work.post(body("a"))
    for key in ("a", "b"):
        work.source(key, name="a", envelope={"ids": {"stage": spec_id}, "adopt": True})
    work.commit()


def behind(work: Workplace) -> None:
    work.source("a")
    old = work.commit()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.commit()
    work.apply()
    work.git("checkout", "-q", "--detach", old)


def merged(work: Workplace, _hint: str) -> Sequence[str]:
    work.git("checkout", "-q", "main")
    return ()


def forgotten_commit(work: Workplace) -> None:
    orphaned(work)
    row = work.the("b")
    marker = row["attributes"]["reconciler"] | {"commit": UNKNOWN}
    work.edit("b", author=OURS, attributes=row["attributes"] | {"reconciler": marker})


def breaking(work: Workplace) -> None:
    work.source("a", authSpec=[{"name": "Basic", "type": "BasicAuthentication", "spec": {"type": "object", "properties": {}}}])
    work.commit()
    work.apply()
    work.source("a", authSpec=[{"name": "Other", "type": "BasicAuthentication", "spec": {"type": "object", "properties": {}}}])
    work.commit()


def uncommitted(work: Workplace) -> None:
    work.commit()
    work.source("a")


def do_nothing(_work: Workplace, _hint: str) -> Sequence[str]:
    """The test commits what there is."""
    return ()


def applied_elsewhere(work: Workplace) -> None:
    """Applied from a commit that no longer is anywhere, and changed since."""
    work.source("a")
    work.commit()
    work.apply()
    row = work.the("a")
    marker = row["attributes"]["reconciler"] | {"commit": UNKNOWN, "digests": {"name": "0" * 16}}
    work.edit("a", author=OURS, attributes=row["attributes"] | {"reconciler": marker})
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.commit()


def retired_and_kept(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.settings(SETTINGS + "retired: [{key: b, reason: no longer needed}]\n")
    work.commit()


def of_an_unknown_pagination(work: Workplace) -> None:
    work.source("a", sourceSpec={"attributes": {"paginationParams": {"type": "CURSOR"}}})
    work.commit()


def weigh_less(work: Workplace, hint: str) -> Sequence[str]:
    """The line of the hint for reconciler.yaml, written into it."""
    (line,) = re.findall(r"`(rules: [^`]+)`", hint)
    work.settings(f"{SETTINGS}{line}\n")
    return ()


def correct_the_pagination(work: Workplace, _hint: str) -> Sequence[str]:
    work.source("a", sourceSpec={"attributes": {"paginationParams": {"type": "NONE"}}})
    return ()


def untried(work: Workplace) -> None:
    work.settings(SETTINGS + "safety: {untried: refuse}\n")
    work.source("a")
    work.commit()


def unproved(work: Workplace) -> None:
    work.settings(SETTINGS + "safety: {unproved: refuse, untried: allow}\n")
    work.source("a")
    work.commit()


def warn_of_it(work: Workplace, hint: str) -> Sequence[str]:
    """The line of the hint for reconciler.yaml, written into it."""
    (level,) = re.findall(r"`safety\.(un\w+: \w+)`", hint)
    work.settings(f"{SETTINGS}safety: {{{level}}}\n")
    return ()


CASES = (
    Case(
        "a rule that does not fit", "pagination-type", of_an_unknown_pagination, "`rules: {pagination-type: warning}`", weigh_less
    ),
    Case("a mistake is corrected", "pagination-type", of_an_unknown_pagination, "use one of: ", correct_the_pagination),
    Case("too many creates, lifted", "too-many-creates", two_new, "pass `--max-creates 2`", with_its_flag),
    Case("too many updates, lifted", "too-many-updates", two_changed, "pass `--max-updates 2`", with_its_flag),
    Case("too many detaches, lifted", "too-many-detaches", orphaned, "pass `--max-detaches 1`", with_its_flag, ("--prune",)),
    Case("a namesake is adopted", "namesake", namesake, "write `adopt: true`", in_file("a")),
    Case("one of two namesakes is adopted and pinned", "namesake", two_namesakes, "`ids: {stage: ", in_file("a")),
    Case("a moved file says what it was", "namesake", moved, "write `formerly: [b]`", in_file("a")),
    Case("a renamed file says what it was", "orphan-or-rename", renamed, "write `formerly: [b]`", in_file("a")),
    Case("a new spec beside an orphan is allowed", "orphan-or-rename", renamed, "`--allow-create a`", with_its_flag),
    Case("another owner's spec is taken over", "namesake", of_others, "`adopt: acme/other`", in_file("a")),
    Case("a pinned unmanaged spec is taken over", "pinned-unmanaged", pinned_to_what_is_another, "`adopt: true`", in_file("a")),
    Case("a wrong id is corrected", "pinned-id-not-found", pinned_to_nothing, "check the id", without_pin),
    Case("a flow spec that is not there", "flow-spec-not-found", attached_to_nothing, "`flowSpecs: []`", in_file("a")),
    Case("one of two flow specs of a name", "flow-spec-ambiguous", attached_to_two, "use its id in", by_flow_id),
    Case("two files of one name", "same-name", one_name, "give each its own `name`", own_names),
    Case("two files of one object", "one-object-two-files", one_object, "keep one of the files", remove_file),
    Case("a checkout that is behind is brought forward", "ahead", behind, "merge or rebase", merged),
    Case("a deliberate rollback", "ahead", behind, "`--allow-rewind`", with_its_flag),
    Case(
        "a detach on the word of a lost commit",
        "detach-unknown-commit",
        forgotten_commit,
        "`--allow-rewind`",
        with_its_flag,
        ("--prune", "--max-detaches", "1"),
    ),
    Case("what breaks its users is allowed", "breaking", breaking, "`--allow-breaking`", with_its_flag),
    Case(
        "a detach of what is in use",
        "detach-in-use",
        in_use,
        "`--allow-in-use`",
        with_its_flag,
        ("--prune", "--max-detaches", "1"),
    ),
    Case("too many are retired at once", "too-many-retired", lambda work: retired(work, 6), "max_retired: 6", more_retired),
    Case("one of two objects of a key is pinned", "two-candidates", twice_marked, "pin the right one in this file", pin_one),
    Case("a pinned spec of another owner", "foreign-marker", pinned_to_others, "`adopt: acme/other`", in_file("a")),
    Case("a new spec beside an unreadable one", "unreadable-namesake", unreadable, "`--allow-create a`", with_its_flag),
    Case("a spec whose marker is gone", "marker-gone", without_marker, "`adopt: true`", in_file("a")),
    Case("what is not committed is committed", "uncommitted", uncommitted, "commit first", do_nothing),
    Case("what is not committed is allowed", "uncommitted", uncommitted, "--allow-dirty", with_its_flag, commits=False),
    Case("a commit that is nowhere is overwritten", "unknown-commit", applied_elsewhere, "`--allow-rewind`", with_its_flag),
    Case("what was not tried is allowed", "untried", untried, "`--allow-untried`", with_its_flag),
    Case("what is not proved is allowed", "unproved", unproved, "`--allow-unproved`", with_its_flag),
    Case("what is not proved is a warning", "unproved", unproved, "`safety.unproved: warn`", warn_of_it),
    Case("what was not tried is a warning", "untried", untried, "`safety.untried: warn`", warn_of_it),
    Case("a retired key with a file", "retired-key", retired_and_kept, "remove the file", remove_file),
)
