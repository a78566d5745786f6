"""Keywords outside JSON Schema. The service may read them at run time, so a change of one is never safe.

For example, `restAttributes.headerParamName` of a `KeyBased` key names the header in which every existing connection sends its key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.breaking.effect import Effect, Level, quoted, turned
from reconciler.breaking.json_schema.pair import SchemaPair
from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import Segments
from reconciler.sdk.authentication import REST_ATTRIBUTES

FOR_PEOPLE: Final = frozenset(
    {
        *("title", "description", "examples", "example", "default", "label", "links", "uiAttributes"),
        *("$comment", "readOnly", "writeOnly", "deprecated"),
    }
)
"""Keywords used only by forms, with no effect at run time. Changes of a default are handled elsewhere."""
_TRY: Final = "test it with a connection and a flow in a development sandbox first, or add a new auth spec or parameter instead"


def unknown_effects(pair: SchemaPair, known: frozenset[str]) -> Iterator[Effect]:
    """An effect for each changed keyword that is not in `known`, in parts of the schema that existed before."""
    from reconciler.lint.body.schema_walk import schemas_in  # noqa: PLC0415 - only a change needs the rules

    whole = pair.whole
    before, after = ({place: part for place, part, _ in schemas_in(schema, ())} for schema in (whole.before, whole.after))
    for place, part in before.items():
        if place in after:
            yield from _of_part(pair, place, part, after[place], known)


def _of_part(pair: SchemaPair, place: Segments, before: Document, after: Document, known: frozenset[str]) -> Iterator[Effect]:
    for keyword in dict.fromkeys((*before, *after)):
        if keyword in known or keyword in FOR_PEOPLE:
            continue
        was, is_now = before.get(keyword, MISSING), after.get(keyword, MISSING)
        if was is MISSING or is_now is MISSING or not same(was, is_now, (*pair.place, *place, keyword)):
            yield _effect(pair, place, keyword, was, is_now)


def _effect(pair: SchemaPair, place: Segments, keyword: str, was: Json | Missing, is_now: Json | Missing) -> Effect:
    label = ".".join(place[index + 1] for index, name in enumerate(place[:-1]) if name == "properties" and index % 2 == 0)
    subject = pair.named(label) if label else pair.subject
    change = f"{quoted(keyword)}: {turned(was, is_now)}"
    if keyword == REST_ATTRIBUTES:
        reason = f"{subject} is sent to the source differently ({change}): {pair.harm('send it that way from their next run on')}"
    else:
        reason = f"{quoted(keyword)} of {subject} changes ({change}): it is unknown whether the service reads it at run time"
    effect = pair.effect(Level.RISKY, "sent-as" if keyword == REST_ATTRIBUTES else "behaviour", reason, *place, keyword)
    return Effect(effect.level, effect.code, effect.path, effect.reason, _TRY, effect.place)
