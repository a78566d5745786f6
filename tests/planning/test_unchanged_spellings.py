"""Live bodies spelt as no sane service would: what their text shows is never more than a comparison of the trees finds."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import encode
from reconciler.flowservice.specs import LiveSpec, spec_or_strange
from reconciler.planning.comparing.difference import comparable_live, compare
from reconciler.planning.comparing.ownership import marker_in, marker_of
from reconciler.planning.comparing.unchanged import is_unchanged
from tests.identity.spelling import as_json
from tests.planning.situations import connection, marker_for, spec_id

SECTIONS = ("sourceSpec", "attributes", "transformationSpecs", "a", "é")
LIVE_NAMES = (*SECTIONS, "transformationSpec", "transformationSpec", "transformationSpecDTOS", "name", "sourceConnectionSpecIds")
KEYS = ("x", "é", "name", "required", "contentPath", "path", '"', "\\")
EMPTY: tuple[Any, ...] = (None, [], {})
LEAVES: tuple[Any, ...] = (*EMPTY, *EMPTY, 0, False, True, "", 1, 1.0, -0.0, 10**22, "é", 'a"b', {"name": "a"})
ODD = ("1e400", '"\\ud800"', '{"q":1,"q":1}', "-0", "1" * 5000, "1.50", "1E2", "01", '"\\x"')
OURS = marker_for(connection()).to_json()


def value(rng: Random, levels: int = 3) -> Any:
    kind = rng.randrange(4 if levels else 1)
    if kind == 1:
        return {rng.choice(KEYS): value(rng, levels - 1) for _ in range(rng.randrange(4))}
    if kind == 2:
        return [value(rng, levels - 1) for _ in range(rng.randrange(3))]
    return rng.choice(LEAVES)


def spelt(rng: Random, written: Any) -> str:
    """A mapping may have its keys in another order, one of them twice, and another value or none that can be read."""
    if rng.randrange(60) == 0:
        return rng.choice((*ODD, as_json(rng, value(rng, 1))))
    if not isinstance(written, dict):
        return as_json(rng, written)
    items = [*written.items()]
    if rng.randrange(5) == 0:
        rng.shuffle(items)
    if items and rng.randrange(10) == 0:
        items.insert(rng.randrange(len(items)), (rng.choice(items)[0], value(rng, 1)))
    return "{" + ",".join(f"{as_json(rng, key)}:{spelt(rng, item)}" for key, item in items) + "}"


def in_live(rng: Random, written: dict[str, Any]) -> dict[str, Any]:
    """What a service may have of this body: without a section, with it emptied or renamed, or with another value."""
    kept = {name: item for name, item in written.items() if rng.randrange(6)}
    body = {rng.choice(LIVE_NAMES) if rng.randrange(6) == 0 else name: item for name, item in kept.items()}
    body |= {name: rng.choice(EMPTY) for name in [*body] if rng.randrange(15) == 0}
    if rng.randrange(2):
        body[rng.choice(LIVE_NAMES)] = value(rng)
    attributes = body.get("attributes") or {}
    if isinstance(attributes, dict) and rng.randrange(3):
        members = [*attributes.items()]
        members.insert(rng.choice((0, len(members), len(members))), ("reconciler", OURS))
        body["attributes"] = dict(members)
    return body | {"id": spec_id(1)}


@given(st.integers(0, 2**64))
def test_no_spelling_of_live_hides_a_change_or_a_marker(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - a draw of the test
    for _ in range(60):
        written = {name: value(rng) for name in rng.sample(SECTIONS, rng.randrange(4))}
        desired = connection()
        desired = replace(desired, body_json=encode({**desired.body, **written}))
        text = spelt(rng, in_live(rng, desired.body))
        spec = spec_or_strange(desired.kind, text.encode("utf-8", "surrogatepass"), 1)
        if isinstance(spec, LiveSpec):
            assert marker_in(spec) == marker_of(spec.body)
            if any(is_unchanged(spec, desired, None) for _target in range(2)):
                assert compare(comparable_live(spec.body), desired.body, (), {}).changes == ()
