"""What evidence says beyond the rules: a schema that is only written otherwise is harmless, and an example shows what breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from reconciler.breaking.effect import Effect, Level, shown
from reconciler.breaking.json_schema.containment import Refusal, names_in, refusals, takes_all, written_out
from reconciler.breaking.json_schema.pair import SchemaPair
from reconciler.documents.json_text import Json
from reconciler.documents.places import Place

_OF_VALUES: Final = frozenset(
    {
        *("retyped", "typed", "enum-added", "enum-narrowed", "bounds", "pattern", "closed", "unjudged"),
        *("newly-required", "required-default", "property-moved"),
    }
)
"""Effects that come of values being refused, and of nothing else."""
_TRIED: Final = _OF_VALUES - {"required-default"}
"""Those that a refused value makes certain: a default may stand in for what is lacking, whatever a validator says."""
_PROOFS: Final = 20
"""Schemas of one comparison for which a proof is sought."""
_MESSAGE: Final = 100
"""Characters of what a validator says."""


def proven(pair: SchemaPair, effects: list[Effect]) -> Iterable[Effect]:
    """The effects, harmless where it is proven that every value of this schema is taken as before."""
    if not any(_may_refuse(effect) for effect in effects) or len(pair.whole.proofs) >= _PROOFS:
        return effects
    before, after = _written_out(pair)
    taken = before is not None and after is not None and takes_all(before, after, new_names=_new_names(pair, before, after))
    pair.whole.proofs.append(taken)
    return [_rewritten(pair, effect) if taken and _may_refuse(effect) else effect for effect in effects]


def with_examples(pair: SchemaPair, effects: list[Effect]) -> Iterator[Effect]:
    """The effects of a whole schema, breaking where a value was found that was taken and is refused.

    A refusal that no rule has foreseen is an effect of its own.
    """
    uncertain = any(_is_uncertain(effect) for effect in effects)
    before, after = _written_out(pair) if uncertain and pair.whole.contract.ceiling is Level.BREAKING else (None, None)
    found = refusals(before, after) if before is not None and after is not None else []
    for effect in effects:
        refusal = next((refusal for refusal in found if _is_at(refusal, effect, pair)), None)
        yield _shown_by(pair, effect, refusal) if refusal and _is_uncertain(effect) else effect
    weighty = [effect for effect in effects if effect.level is not Level.SAFE]
    for refusal in found:
        if not any(_is_at(refusal, effect, pair) for effect in weighty):
            yield _shown_by(pair, pair.unjudged(), refusal)
            return


def _may_refuse(effect: Effect) -> bool:
    return effect.level is not Level.SAFE and effect.code in _OF_VALUES


def _is_uncertain(effect: Effect) -> bool:
    return effect.level is Level.RISKY and effect.code in _TRIED


def _written_out(pair: SchemaPair) -> tuple[Json | None, Json | None]:
    return written_out(pair.before, pair.whole.before), written_out(pair.after, pair.whole.after)


def _new_names(pair: SchemaPair, before: Json, after: Json) -> frozenset[str]:
    """Names that only the schema from after has; in a branch the schemas beside it may have them."""
    return frozenset() if pair.in_branch else names_in(after) - names_in(before)


def _rewritten(pair: SchemaPair, effect: Effect) -> Effect:
    reason = f"{pair.subject} is written otherwise, and takes every value that it took"
    return replace(effect, level=Level.SAFE, code="rewritten", reason=reason, hint=None)


def _is_at(refusal: Refusal, effect: Effect, pair: SchemaPair) -> bool:
    """Whether the effect is about what refuses the value: the same keyword, or one around it or in it."""
    place, path = (_as_condition(names) for names in (effect.place[len(pair.place) :], refusal.path))
    return path[: len(place)] == place or place[: len(path)] == path


def _as_condition(names: Place) -> Place:
    """The names, with `if` for what stands behind it: another condition chooses another of the two."""
    return tuple("if" if name in ("then", "else") else name for name in names)


def _shown_by(pair: SchemaPair, effect: Effect, refusal: Refusal) -> Effect:
    """The effect, certain now: with an example of what is refused."""
    said = refusal.message if len(refusal.message) <= _MESSAGE else f"{refusal.message[:_MESSAGE]}…"
    example = f"{shown(refusal.value)} for one ({said})"
    if effect.code != "unjudged":
        return replace(effect, level=Level.BREAKING, reason=f"{effect.reason}; it refuses {example}")
    keyword = effect.place[len(pair.place) :]
    where = f" ({keyword[-1]})" if keyword else ""
    reason = f"{pair.subject} refuses what it took{where}, {example}: {pair.harm('may hold the like')}"
    return replace(effect, level=Level.BREAKING, code="refused", reason=reason)
