"""The digest of a plan is that of one JSON document, however it is computed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.canonical import canonical
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Json, encode, encode_sorted
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import format_pointer
from reconciler.planning.fingerprints import plan_digest
from reconciler.planning.plan import Action, ActionName, Options, PlanTarget
from tests.documents.test_comparison import VALUES

TARGET = PlanTarget("stage", "platform.adobe.io", "ACME@AdobeOrg", "dev")
TEXTS = st.sampled_from(["a", "\u00e9", "\ud800", "\U0001f600", '"', "\n"])
NEW = VALUES | TEXTS | st.dictionaries(TEXTS, VALUES | TEXTS, max_size=3)
TEXT_OF_NEW = st.dictionaries(st.sampled_from(["required", "\u00e9", "a"]), VALUES, max_size=3).map(
    lambda value: msgspec.Raw(encode(value))
)
CHANGES = st.builds(
    Change,
    st.sampled_from(["add", "replace"]),
    st.just("/sourceSpec"),
    st.just(MISSING) | NEW,
    NEW | TEXT_OF_NEW,
    st.sampled_from([("sourceSpec",), ("authSpec",), ("sourceSpec", "\u00e9")]),
)
ACTIONS = st.lists(
    st.builds(
        Action,
        kind=st.sampled_from(Kind),
        action=st.sampled_from(ActionName),
        changes=st.lists(CHANGES, max_size=3).map(tuple),
        key=st.none() | TEXTS,
        name=st.just("name"),
    ),
    max_size=3,
)


def of_the_document(actions: list[Action], keys: tuple[str, ...], skipped: list[Json]) -> str:
    def value(item: Json | Missing, change: Change) -> Json:
        return None if item is MISSING else canonical(item, (*change.place, *change.beyond))

    def changes(action: Action) -> list[Json]:
        found = [
            [each.op, format_pointer(each.place), list(each.beyond), value(each.old, each), value(each.new, each)]
            for each in action.changes
        ]
        return sorted(found, key=encode_sorted)

    content = {
        "host": TARGET.host,
        "org_id": TARGET.org_id,
        "sandbox": TARGET.sandbox,
        "options": {"keys": sorted(keys), "prune": False},
        "actions": [
            {
                "kind": each.kind,
                "key": each.key,
                "action": each.action,
                "id": each.id,
                "changes": changes(each),
                "fingerprint": each.fingerprint,
            }
            for each in actions
        ],
    } | ({"skipped": skipped} if skipped else {})
    return hashlib.sha256(encode_sorted(content)).hexdigest()


@given(ACTIONS, st.lists(TEXTS, max_size=2).map(tuple), st.lists(TEXTS, max_size=2))
def test_the_digest_is_that_of_the_whole_document(actions: list[Action], keys: tuple[str, ...], skipped: list[str]) -> None:
    options = replace(Options(), keys=keys)
    assert plan_digest(TARGET, options, iter(actions), skipped) == of_the_document(actions, keys, [*skipped])
