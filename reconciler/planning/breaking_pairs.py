"""Two versions of one JSON Schema, walked together: what the rules about its keywords are handed.

The question is always the same: is every value that the schema from before takes, taken by the one from after? Draft-07 is meant, as in
every `spec` that Adobe publishes; `$ref` is followed inside the same schema only, and nothing is ever fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json, encode
from reconciler.documents.places import MISSING, Missing, Place, pointer_to
from reconciler.documents.pointer import parse_pointer
from reconciler.planning.breaking_effect import Effect, Level, quoted

ANYTHING: Final[Document] = {}
"""The schema that takes every value, as `true` does; where there is none, every value is taken, too."""
NOTHING: Final[Document] = {"not": {}}
"""The schema that takes no value, as `false` does."""
_REFERENCES: Final = 20
"""References to references that are followed."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What a schema is about, who holds values of it, and what helps whoever breaks it. Nothing weighs more than `ceiling`."""

    subject: str
    holders: str
    hint: str
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
        return quoted(self.label) if self.label else self.whole.contract.subject

    @property
    def holders(self) -> str:
        return self.whole.contract.holders

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
        where = f" in {below[0]}" if below else ""
        reason = f"{self.subject} has other rules now{where}, and whether what {self.holders} hold fits them cannot be told"
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


def resolved(schema: Json | Missing, root: Json) -> Document | None:
    """The schema as an object, behind its references; None for what is none, or cannot be found here."""
    for _ in range(_REFERENCES):
        if schema is MISSING or schema is True:
            return ANYTHING
        if schema is False:
            return NOTHING
        if not isinstance(schema, dict):
            return None
        if "$ref" not in schema:
            return schema
        schema = _at(root, schema["$ref"])
    return None


def _at(root: Json, reference: Json) -> Json:
    """What a local reference points to; None, which is no schema, for any other, or one that leads nowhere."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    try:
        segments = parse_pointer(reference[1:])
    except ValueError:
        return None
    for segment in segments:
        if isinstance(root, list):
            root = next((item for index, item in enumerate(root) if str(index) == segment), None)
        else:
            root = root.get(segment) if isinstance(root, dict) else None
    return root
