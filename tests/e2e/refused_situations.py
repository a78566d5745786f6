"""Situations in which an apply is refused, each brought about in a workplace."""

from __future__ import annotations

from typing import Any

import httpx

from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour
from reconciler.emulator.model import Author, Place
from tests.e2e.workplace import NEEDS_GIT as SETTINGS
from tests.e2e.workplace import ORG, REST, SANDBOX, Workplace

OURS = Author("somebody@techacct.adobe.com", "our-client")
UNKNOWN = "0123456789abcdef0123456789abcdef01234567"


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


def attached_to_nothing(work: Workplace) -> None:
    work.source("a", envelope={"flowSpecs": ["RestStorageToAPE"]})
    work.commit()


def attached_to_two(work: Workplace) -> None:
    flow = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    copy = {name: flow[name] for name in ("name", "providerId", "version")}
    work.emulator.service.create_spec("flowSpecs", Place(ORG, SANDBOX), copy, OURS)
    work.source("a")
    work.commit()


def one_name(work: Workplace) -> None:
    work.source("a", name="x")
    work.source("b", name="X ")
    work.commit()


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


def untried(work: Workplace) -> None:
    work.settings(SETTINGS + "safety: {untried: refuse}\n")
    work.source("a")
    work.commit()


def unproved(work: Workplace) -> None:
    work.settings(SETTINGS + "safety: {unproved: refuse, untried: allow}\n")
    work.source("a")
    work.commit()
