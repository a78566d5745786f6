"""What is to be read about a rule: in the terminal, in code scanning, and in docs/rules.md, all made from the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.lint.registry import SUBJECTS
from reconciler.lint.rule import Rule

PAGE: Final = "docs/rules.md"

_HEAD: Final = """\
# Rules

<!-- Made from the rules by `make rules`. -->

`reconciler validate` holds every spec file against these rules, for each target, without a network. What a rule finds is told with
its place, what is wrong, and what to write instead; `validate --explain CODE` prints one of the sections below, and `validate --fix`
mends what has one right answer (`--fix --dry-run` shows the changes). An error makes
`validate` exit with 1. It is also a problem of every plan that would create the spec, or change it, and refuses that apply (exit 3): a
spec cannot be deleted once created. Of an update, a fault that live has already in the same place is a warning. `safety.rules: warn` in
`reconciler.yaml` makes warnings of them all. A text that looks like a secret is never shown in a plan, a diff or a comment.

A rule is an *error* where what it finds cannot work, or lets out a secret; a *warning* where it is probably not what was meant; *info*
where it is good to know. Bodies that Adobe has published give no error. Where a rule does not fit, switch it in `reconciler.yaml`:

```yaml
rules:
  text-for-key: off        # off, info, warning or error
  host-https: error
```

or ignore one finding by a comment at the end of its line, or alone on the line above, with the reason:

```yaml
# reconciler: ignore[explore-spec] our preview needs another column
exploreSpec:
```

A comment that ignores nothing is told, too. JSON files have no comments; for them there is `rules:`.
"""


def rules_page() -> str:
    """The whole of docs/rules.md."""
    parts = [_HEAD, *(_table(subject, rules) for subject, rules in SUBJECTS.items())]
    parts += [_section(rule) for rules in SUBJECTS.values() for rule in rules]
    return "\n".join(parts)


def rule_markdown(rule: Rule) -> str:
    """A rule's page, without its heading."""
    return "\n".join(_markdown(rule))


def rule_text(rule: Rule) -> str:
    """A rule's page for the terminal."""
    mended = "yes, by validate --fix" if rule.fixable else "no"
    lines = [
        f"{rule.code} ({rule.severity}): {rule.title}",
        "",
        f"why: {rule.why}",
        f"instead: {rule.instead}",
        f"mended: {mended}",
        "",
    ]
    for word, example in (("wrong", rule.bad), ("right", rule.good)):
        lines += [f"{word}:", *(f"  {line}" for line in example.splitlines()), ""]
    return "\n".join(lines)


def _table(subject: str, rules: tuple[Rule, ...]) -> str:
    rows = [
        f"| [{rule.code}](#{rule.code}) | {rule.severity} | {'yes' if rule.fixable else ''} | {rule.title} |" for rule in rules
    ]
    return "\n".join([f"**{subject}**", "", "| rule | severity | mended | holds |", "| --- | --- | --- | --- |", *rows, ""])


def _section(rule: Rule) -> str:
    return f"## {rule.code}\n\n{rule_markdown(rule)}"


def _markdown(rule: Rule) -> Iterator[str]:
    mended = " · mended by `validate --fix`" if rule.fixable else ""
    yield from (f"{rule.title}. *{rule.severity}*{mended}", "", rule.why, "", f"**Instead:** {rule.instead}", "")
    for word, example in (("wrong", rule.bad), ("right", rule.good)):
        yield from ("```yaml", f"# {word}", *example.splitlines(), "```", "")
