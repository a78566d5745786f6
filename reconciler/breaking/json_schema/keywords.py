"""The table of JSON Schema keywords, and how each affects the values that a schema accepts.

No change that could refuse a previously accepted value is safe, with one exception: an object that allows unknown properties may already
hold any value under a name that is now declared. Without this exception, adding a parameter would never be safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.breaking.effect import Effect, Level, quoted, turned
from reconciler.breaking.json_schema.containment import proven
from reconciler.breaking.json_schema.pair import Comparison, Contract, SchemaPair
from reconciler.breaking.json_schema.properties import added_properties, judge_names, known_properties
from reconciler.breaking.json_schema.references import ANYTHING, NOTHING, resolved
from reconciler.breaking.json_schema.shapes import fits
from reconciler.breaking.json_schema.unknown_keywords import FOR_PEOPLE, unknown_effects
from reconciler.breaking.json_schema.values import (
    judge_format,
    judge_least,
    judge_most,
    judge_pattern,
    judge_step,
    judge_type,
    judge_unique,
    judge_values,
    size_judge,
    types_of,
)
from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing, Place

Judge: TypeAlias = Callable[[SchemaPair], Iterable[Effect]]

_DEEPEST: Final = 40
"""Maximum depth of nested schemas that are compared."""


@dataclass(frozen=True, slots=True)
class KeywordRule:
    """A rule for keywords that are compared together, if one of them differs and each has a valid shape.

    `about` is the type that the keywords constrain; if the old schema did not accept values of that type, the rule is skipped.
    """

    keywords: tuple[str, ...]
    judge: Judge
    about: str | None = None


def schema_effects(
    body: Document, before: Json | Missing, after: Json | Missing, place: Place, contract: Contract
) -> Iterator[Effect]:
    """The effects of a parameter schema's change on those who hold values of it.

    `place` is the schema's place in `body`, the previous body. Parameters are an object, whether or not the schema declares it.
    """
    moved = before is MISSING or after is MISSING or not same(before, after, place)
    if not moved:
        return
    whole = Comparison(body, before, after, contract, moved)
    old, new = resolved(before, before), resolved(after, after)
    if old is None or new is None:
        yield SchemaPair(whole, ANYTHING, ANYTHING, place).unjudged()
        return
    objects: Document = {"type": "object"}
    after_that = new if "type" in old or "type" in new else objects | new
    pair = SchemaPair(whole, objects | old, after_that, place)
    yield from compare_schemas(pair)
    yield from unknown_effects(pair, _KNOWN)


def compare_schemas(pair: SchemaPair) -> Iterator[Effect]:
    """The effects of all differences between two schemas."""
    if pair.before is NOTHING or (not pair.after and pair.depth):
        yield pair.loosened("accepts the same values")
    elif pair.after is NOTHING:
        yield pair.effect(Level.BREAKING, "closed", f"{pair.subject} no longer accepts any value: {pair.harm('may hold one')}")
    elif pair.depth > _DEEPEST:
        yield pair.unjudged()
    elif (mark := (id(pair.before), id(pair.after), pair.in_branch)) not in pair.whole.seen:
        pair.whole.seen.add(mark)
        yield from proven(pair, list(_by_keyword(pair)))


def _by_keyword(pair: SchemaPair) -> Iterator[Effect]:
    held = types_of(pair.before)
    for rule in _RULES:
        changed = [keyword for keyword in rule.keywords if pair.differs(keyword)]
        if not changed:
            continue
        if not all(fits(keyword, schema) for keyword in rule.keywords for schema in (pair.before, pair.after)):
            yield pair.unjudged(changed[0])
        elif rule.about is not None and rule.about not in held:
            yield pair.loosened(f"never had a value that {changed[0]} applies to", changed[0])
        else:
            yield from rule.judge(pair)
    for keyword in (*pair.before, *(name for name in pair.after if name not in pair.before)):
        if keyword in FOR_PEOPLE and pair.differs(keyword):
            yield pair.effect(Level.SAFE, "text", f"only the description of {pair.subject} changes ({quoted(keyword)})", keyword)


def _below(pair: SchemaPair, before: Json | Missing, after: Json | Missing, label: str, *below: str) -> Iterator[Effect]:
    if pair.means_the_same(before, after, *below):
        return
    child = pair.child(before, after, label, *below)
    if child is not None:
        yield from compare_schemas(child)
    elif not pair.leads_nowhere(before, after):
        yield pair.unjudged(*below)


def _judge_properties(pair: SchemaPair) -> Iterator[Effect]:
    yield from judge_names(pair)
    for name, before, after in known_properties(pair):
        yield from _below(pair, before, after, pair.label_of(name), "properties", name)
    for name, others, after in added_properties(pair):
        if pair.in_branch or pair.before.get("patternProperties"):
            yield pair.unjudged("properties", name)
        elif others is not MISSING:
            yield from _below(pair, others, after, pair.label_of(name), "properties", name)
        elif name not in pair.after.get("required", ()):
            reason = f"{pair.named(pair.label_of(name))} is new and optional"
            yield pair.effect(Level.SAFE, "property-added", reason, "properties", name)
        elif name in pair.before.get("required", ()):
            yield _declared(pair, name, after)


def _declared(pair: SchemaPair, name: str, schema: Json | Missing) -> Effect:
    """A property that was required without a schema and is now declared. Safe if the new schema accepts every string."""
    child = pair.child({"type": "string"}, schema, pair.label_of(name), "properties", name)
    if child is None or any(effect.level is not Level.SAFE for effect in compare_schemas(child)):
        return pair.unjudged("properties", name)
    reason = f"{pair.named(pair.label_of(name))} was already required, and is now declared"
    return pair.effect(Level.SAFE, "property-added", reason, "properties", name)


def _judge_additional(pair: SchemaPair) -> Iterator[Effect]:
    before, after = (schema.get("additionalProperties", True) for schema in (pair.before, pair.after))
    if before is False:
        yield pair.loosened("accepts more properties", "additionalProperties")
    elif after is False:
        reason = f"{pair.subject} no longer accepts properties that it does not declare: {pair.harm('may hold some')}"
        yield pair.effect(Level.BREAKING, "closed", reason, "additionalProperties")
    else:
        yield from _below(pair, before, after, pair.label_of("*"), "additionalProperties")


def _judge_patterns(pair: SchemaPair) -> Iterator[Effect]:
    before, after = (schema.get("patternProperties", {}) for schema in (pair.before, pair.after))
    for name in before:
        if name in after:
            yield from _below(pair, before[name], after[name], pair.label_of(name), "patternProperties", name)
    if before.keys() != after.keys():
        yield pair.unjudged("patternProperties")


def _judge_items(pair: SchemaPair) -> Iterator[Effect]:
    before, after = (schema.get("items", MISSING) for schema in (pair.before, pair.after))
    if after is MISSING:
        yield pair.loosened("accepts any items", "items")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _below(pair, old, new, f"{pair.label}[{index}]", "items", str(index))
    elif isinstance(before, list) or isinstance(after, list):
        yield pair.unjudged("items")
    else:
        yield from _below(pair, before, after, f"{pair.label}[]", "items")


def _judge_all_of(pair: SchemaPair) -> Iterator[Effect]:
    """Safe if every new condition was there before; else conditions are compared in pairs."""
    before, after = (schema.get("allOf", []) for schema in (pair.before, pair.after))
    if all(any(pair.means_the_same(branch, other) for other in before) for branch in after):
        yield pair.loosened("has no new condition", "allOf")
    elif len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _below(replace(pair, in_branch=True), old, new, pair.label, "allOf", str(index))
    else:
        yield pair.unjudged("allOf")


def _judge_any_of(pair: SchemaPair) -> Iterator[Effect]:
    """What one branch no longer accepts, another may accept: nothing here is certain to break by itself."""
    before, after = pair.both("anyOf")
    if after is MISSING or (before is not MISSING and all(any(pair.means_the_same(old, new) for new in after) for old in before)):
        yield pair.loosened("has the same choices", "anyOf")
    elif before is not MISSING and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            for effect in _below(replace(pair, in_branch=True), old, new, pair.label, "anyOf", str(index)):
                yield replace(effect, level=Level.RISKY) if effect.level is Level.BREAKING else effect
    else:
        yield pair.unjudged("anyOf")


def _judge_condition(pair: SchemaPair) -> Iterator[Effect]:
    """If the condition is unchanged, each branch is compared as a schema."""
    if "if" not in pair.after:
        yield pair.loosened("no longer has a condition", "if")
    elif pair.differs("if"):
        yield pair.unjudged("if")
    else:
        for keyword in ("then", "else"):
            yield from _below(replace(pair, in_branch=True), *pair.both(keyword), pair.label, keyword)


def _judge_unknown(pair: SchemaPair) -> Iterator[Effect]:
    """Keywords without a rule. Removing one accepts more values, except for those in `_NEVER`."""
    for keyword in (*_UNLESS_GONE, *_NEVER):
        if pair.differs(keyword):
            is_gone = keyword in _UNLESS_GONE and keyword not in pair.after
            yield pair.loosened("has one rule fewer", keyword) if is_gone else pair.unjudged(keyword)


def _judge_dialect(pair: SchemaPair) -> Iterator[Effect]:
    """The dialect. Spaces (as in `http: //`) and a trailing `#` are ignored, because published schemas vary in them."""
    before, after = (_dialect(name) for name in pair.both("$schema"))
    if before != after and before is not None and after is not None:
        reason = f"{pair.subject} changes its dialect ({turned(*pair.both('$schema'))}): its rules may mean something else"
        yield pair.effect(Level.RISKY, "dialect", reason, "$schema")
    else:
        yield pair.effect(Level.SAFE, "text", f"{pair.subject} writes its dialect differently", "$schema")


def _dialect(name: Json | Missing) -> str | None:
    return name.replace(" ", "").rstrip("#") if isinstance(name, str) else None


_UNLESS_GONE: Final = (
    *("oneOf", "not", "propertyNames", "dependencies", "dependentRequired", "dependentSchemas", "contains", "additionalItems"),
    *("unevaluatedProperties", "unevaluatedItems"),
)
_NEVER: Final = ("minContains", "maxContains", "prefixItems")
_RULES: Final = (
    KeywordRule(("type",), judge_type),
    KeywordRule(("enum", "const"), judge_values),
    KeywordRule(("minLength",), size_judge("minLength", "the length", most=False), about="string"),
    KeywordRule(("maxLength",), size_judge("maxLength", "the length", most=True), about="string"),
    KeywordRule(("pattern",), judge_pattern, about="string"),
    KeywordRule(("format",), judge_format),
    KeywordRule(("minimum", "exclusiveMinimum"), judge_least, about="integer"),
    KeywordRule(("maximum", "exclusiveMaximum"), judge_most, about="integer"),
    KeywordRule(("multipleOf",), judge_step, about="integer"),
    KeywordRule(("properties", "required"), _judge_properties, about="object"),
    KeywordRule(("additionalProperties",), _judge_additional, about="object"),
    KeywordRule(("patternProperties",), _judge_patterns, about="object"),
    KeywordRule(("minProperties",), size_judge("minProperties", "the number of parts", most=False), about="object"),
    KeywordRule(("maxProperties",), size_judge("maxProperties", "the number of parts", most=True), about="object"),
    KeywordRule(("items",), _judge_items, about="array"),
    KeywordRule(("minItems",), size_judge("minItems", "the number of items", most=False), about="array"),
    KeywordRule(("maxItems",), size_judge("maxItems", "the number of items", most=True), about="array"),
    KeywordRule(("uniqueItems",), judge_unique, about="array"),
    KeywordRule(("allOf",), _judge_all_of),
    KeywordRule(("anyOf",), _judge_any_of),
    KeywordRule(("if", "then", "else"), _judge_condition),
    KeywordRule((*_UNLESS_GONE, *_NEVER), _judge_unknown),
    KeywordRule(("$schema",), _judge_dialect),
)
_JUDGED: Final = frozenset({"definitions", "$defs", "$id", *(keyword for rule in _RULES for keyword in rule.keywords)})
"""Keywords that constrain values. Definitions count where they are referenced."""
_KNOWN: Final = _JUDGED | {"$ref"}
