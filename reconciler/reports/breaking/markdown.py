"""Breaking changes between two versions of the spec files, as Markdown."""

from __future__ import annotations

from reconciler.breaking.effect import Level
from reconciler.reports.breaking.text import WITHOUT_LIVE, verdict
from reconciler.reports.plan.effects import judged_files
from reconciler.reports.plan.effects_markdown import TITLE, spec_item
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.sinks.markdown import Blocks, FileLinks, code, names_words, no_links, section, specs_left_out
from reconciler.revisions.file_effects import FileEffects


def render_breaking_markdown(found: FileEffects, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """The breaking changes, in at most `limit` bytes (2,000 or more). What does not fit is counted and named."""
    names = found.targets or ((found.target,) if found.target else ())
    target = f" for {names_words(names)}" if names else ""
    body = Blocks(limit, f"### {TITLE}{target} since {code(found.base)}")
    body.add(f"**{verdict(found)}** · {WITHOUT_LIVE}")
    body.add(problems_section("Problems", found.problems, links, body.room * 2 // 5))
    specs = judged_files(found)
    breaking = [spec for spec in specs if spec.level is Level.BREAKING]
    room, note = body.room * 2 // 3, specs_left_out()
    body.add(section("Breaking", breaking, lambda spec: spec_item(spec, links, Level.BREAKING), note, room))
    risky = [spec for spec in specs if spec.having(Level.RISKY)]
    body.add(section("Risky", risky, lambda spec: spec_item(spec, links, Level.RISKY), note, body.room))
    return body.render()
