"""Breaking changes between two versions of the spec files, as text."""

from __future__ import annotations

from typing import Final

from reconciler.breaking.effect import Level
from reconciler.errors import count
from reconciler.reports.plan.effects import JudgedSpec, judged_files
from reconciler.reports.plan.text import show_effects
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import place_words, spec_words, target_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.revisions.file_effects import FileEffects

WITHOUT_LIVE: Final = "spec files only: live specs and their use were not checked; plan checks the live specs"
ALLOWED: Final = "breaking changes are allowed here (safety.breaking)"


def render_breaking_text(found: FileEffects, *, verbose: bool = False, color: bool = False) -> str:
    """The effects of each spec; safe ones are counted, and shown only if verbose."""
    text = Text(color=color)
    text.line(Part(target_words(found.target, found.targets), Style.STRONG), f" · since {found.base}")
    text.line(WITHOUT_LIVE)
    text.line(Part(verdict(found), Style.STRONG))
    for spec in judged_files(found):
        if verbose or spec.level is not Level.SAFE:
            text.blank()
            _show(text, spec, verbose=verbose)
    add_problems(text, found.problems)
    return text.render()


def verdict(found: FileEffects) -> str:
    """How many specs are breaking, risky and safe."""
    words = ((Level.BREAKING, "breaks", "break"), (Level.RISKY, "is risky", "are risky"), (Level.SAFE, "is safe", "are safe"))
    said = [
        f"{count(number, 'spec')} {one if number == 1 else many}"
        for level, one, many in words
        if (number := len({(spec.kind, spec.key) for spec in found.at(level)}))
    ]
    allowed = f"; {ALLOWED}" if found.allowed and found.at(Level.BREAKING) else ""
    nothing = "nothing that uses these specs is affected"
    if any(problem.is_error for problem in found.problems):
        nothing = "no breaking change found, but the check is incomplete"
    return (", ".join(said) or nothing) + allowed


def _show(text: Text, spec: JudgedSpec, *, verbose: bool) -> None:
    place = place_words(spec.file, spec.line)
    text.line(Part(spec_words(spec.kind, spec.key, spec.name), Style.STRONG), f"  {place}" if place else "")
    if spec.targets:
        text.line(Part(f"in {', '.join(spec.targets)}", Style.QUIET), indent=2)
    effects = spec.effects if verbose else tuple(effect for effect in spec.effects if effect.level is not Level.SAFE)
    show_effects(text, effects, verbose=verbose)
    for hint in spec.hints:
        text.line(Part(f"hint: {hint}", Style.QUIET), indent=2)
