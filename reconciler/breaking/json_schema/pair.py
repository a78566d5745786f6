"""Two versions of one JSON Schema, walked together, as the keyword rules receive them.

The question is always whether the new schema accepts every value that the old one accepts. The dialect is draft-07, as in every `spec` that
Adobe publishes. `$ref` is followed only inside the same schema, and nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reconciler.breaking.effect import Effect, Level, quoted
from reconciler.breaking.json_schema.references import resolved
from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json, encode
from reconciler.documents.places import MISSING, Missing, Place, pointer_to


@dataclass(frozen=True, slots=True)
class Contract:
    """The role of a schema: its subject, who holds values of it, and a hint. No effect is more severe than `ceiling`.

    `subject` is a noun in the singular, `part` the noun for one of its properties; `shows` is a clause about how holders notice a break.
    """

    subject: str
    holders: str
    hint: str
    part: str = "property"
    shows: str = "they may be rejected"
    ceiling: Level = Level.BREAKING


@dataclass(frozen=True, slots=True)
class Comparison:
    """Values that are constant during a comparison: the previous body, both whole schemas, and the proofs tried.

    `moved` is set if the whole schemas differ, so that an unchanged reference may point to a changed schema.
    """

    body: Document
    before: Json
    after: Json
    contract: Contract
    moved: bool
    seen: set[tuple[int, int, bool]] = field(default_factory=set)
    proofs: list[str] = field(default_factory=list)
    """The result of each containment proof tried."""


@dataclass(frozen=True, slots=True)
class SchemaPair:
    """One schema before and after, both objects, with references resolved. `label` is its path in messages: `address.city`.

    `in_branch` is set inside a branch of `allOf` and the like, where sibling schemas constrain the same values.
    """

    whole: Comparison
    before: Document
    after: Document
    place: Place
    label: str = ""
    depth: int = 0
    in_branch: bool = False

    @property
    def subject(self) -> str:
        """What the schema describes, for a message."""
        return self.named(self.label) if self.label else self.whole.contract.subject

    @property
    def holders(self) -> str:
        return self.whole.contract.holders

    def named(self, label: str) -> str:
        """The property with this label, for a message."""
        return f"{self.whole.contract.part} {quoted(label)}"

    def harm(self, words: str) -> str:
        """Who is affected, because they hold or lack something, and how they notice."""
        return f"{self.holders} {words}, and {self.whole.contract.shows}"

    def both(self, keyword: str) -> tuple[Json | Missing, Json | Missing]:
        """The previous and the new value of this keyword."""
        return self.before.get(keyword, MISSING), self.after.get(keyword, MISSING)

    def differs(self, keyword: str) -> bool:
        """Whether the value of this keyword differs, or may differ through a reference."""
        before, after = self.both(keyword)
        return not self.means_the_same(before, after, keyword)

    def means_the_same(self, before: Json | Missing, after: Json | Missing, *below: str) -> bool:
        """Whether two values below this schema are certain to be equivalent."""
        if before is MISSING or after is MISSING:
            return before is after
        return same(before, after, (*self.place, *below)) and not (self.whole.moved and b'"$ref"' in encode(before))

    def effect(self, level: Level, code: str, reason: str, *below: str) -> Effect:
        """An effect at this schema, or below it."""
        contract = self.whole.contract
        place = (*self.place, *below)
        weight = contract.ceiling if level is Level.BREAKING else level
        hint = None if level is Level.SAFE else contract.hint
        return Effect(weight, code, pointer_to(self.whole.body, place), reason, hint, place)

    def loosened(self, words: str, *below: str) -> Effect:
        """The safe effect of a change that accepts every value accepted before."""
        return self.effect(Level.SAFE, "loosened", f"{self.subject} {words}", *below)

    def unjudged(self, *below: str) -> Effect:
        """The risky effect of a change that cannot be shown to be safe."""
        where = f" ({below[0]})" if below else ""
        reason = f"the rules of {self.subject} change{where}: it is unknown whether they accept what {self.holders} hold"
        return self.effect(Level.RISKY, "unjudged", reason, *below)

    def child(self, before: Json | Missing, after: Json | Missing, label: str, *below: str) -> SchemaPair | None:
        """The pair of two schemas below this one; None if one is not a schema, or its reference cannot be resolved."""
        first, second = resolved(before, self.whole.before), resolved(after, self.whole.after)
        if first is None or second is None:
            return None
        return replace(self, before=first, after=second, place=(*self.place, *below), label=label, depth=self.depth + 1)

    def leads_nowhere(self, before: Json | Missing, after: Json | Missing) -> bool:
        """Whether both are the same reference and it cannot be resolved, such as one to another file."""
        found = (resolved(before, self.whole.before), resolved(after, self.whole.after))
        return found == (None, None) and before is not MISSING and after is not MISSING and same(before, after)

    def label_of(self, name: str) -> str:
        """The label of a property of this schema."""
        return f"{self.label}.{name}" if self.label else name
