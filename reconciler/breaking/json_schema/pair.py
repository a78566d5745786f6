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
    """What a schema is about, who holds values of it, and what helps whoever breaks it. Nothing weighs more than `ceiling`.

    `subject` is a noun in the singular, `part` one for what a property of it is; `shows` says in a clause how its holders notice.
    """

    subject: str
    holders: str
    hint: str
    part: str = "property"
    shows: str = "they may be rejected"
    ceiling: Level = Level.BREAKING


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is the same all the way down: the body from before, both whole schemas, and what was looked at already.

    `moved` says that the two whole schemas differ, so that a reference that reads the same may lead to something else.
    """

    body: Document
    before: Json
    after: Json
    contract: Contract
    moved: bool
    seen: set[tuple[int, int, bool]] = field(default_factory=set)
    proofs: list[str] = field(default_factory=list)
    """The answer of each attempt to prove that nothing, or something, is refused."""


@dataclass(frozen=True, slots=True)
class SchemaPair:
    """One schema before and after, both objects, with references followed. `label` names what it is about: `address.city`.

    `in_branch` says that it is, or is part of, a branch of `allOf` and the like: schemas beside it speak of the same values.
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
        """What the schema is about, in a sentence."""
        return self.named(self.label) if self.label else self.whole.contract.subject

    @property
    def holders(self) -> str:
        return self.whole.contract.holders

    def named(self, label: str) -> str:
        """The property with this label, in a sentence."""
        return f"{self.whole.contract.part} {quoted(label)}"

    def harm(self, words: str) -> str:
        """Who is hit, because they hold or lack something, and how they notice."""
        return f"{self.holders} {words}, and {self.whole.contract.shows}"

    def both(self, keyword: str) -> tuple[Json | Missing, Json | Missing]:
        """What this keyword says before and after."""
        return self.before.get(keyword, MISSING), self.after.get(keyword, MISSING)

    def differs(self, keyword: str) -> bool:
        """Whether this keyword says, or by a reference may say, something else now."""
        before, after = self.both(keyword)
        return not self.means_the_same(before, after, keyword)

    def means_the_same(self, before: Json | Missing, after: Json | Missing, *below: str) -> bool:
        """Whether two values that stand below this schema are certain to say the same."""
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
        """What takes everything that it took."""
        return self.effect(Level.SAFE, "loosened", f"{self.subject} {words}", *below)

    def unjudged(self, *below: str) -> Effect:
        """What is not the same, and cannot be told to be harmless."""
        where = f" ({below[0]})" if below else ""
        reason = f"the rules of {self.subject} change{where}: it is unknown whether they accept what {self.holders} hold"
        return self.effect(Level.RISKY, "unjudged", reason, *below)

    def child(self, before: Json | Missing, after: Json | Missing, label: str, *below: str) -> SchemaPair | None:
        """The pair of two schemas below this one; None where one of them is no schema, or refers to where nothing can be found."""
        first, second = resolved(before, self.whole.before), resolved(after, self.whole.after)
        if first is None or second is None:
            return None
        return replace(self, before=first, after=second, place=(*self.place, *below), label=label, depth=self.depth + 1)

    def leads_nowhere(self, before: Json | Missing, after: Json | Missing) -> bool:
        """Whether this is one and the same reference, and cannot be followed before or after: to another file, say."""
        found = (resolved(before, self.whole.before), resolved(after, self.whole.after))
        return found == (None, None) and before is not MISSING and after is not MISSING and same(before, after)

    def label_of(self, name: str) -> str:
        """The label of a property that belongs to this schema."""
        return f"{self.label}.{name}" if self.label else name
