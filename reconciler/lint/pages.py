"""The documentation of a rule for the terminal, for code scanning, and for docs/rules.md, generated from the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.lint.registry import RULES, SUBJECTS
from reconciler.lint.rule import Rule
from reconciler.sources.codes.table import FINDINGS
from reconciler.sources.codes.table import SUBJECTS as FINDING_SUBJECTS
from reconciler.sources.codes.text import FindingText

PAGE: Final = "docs/rules.md"

_HEAD: Final = """\
# Rules

<!-- Made from the rules by `make rules`. -->

`reconciler validate` checks every spec file against these rules, for each target, without a network. Each finding has its place, what
is wrong, and what to write instead; `explain CODE` prints one of the sections below, and `validate --fix` fixes findings
that have only one correct fix (`--fix --dry-run` shows the changes). An error makes `validate` exit with 1. It is also an error of every
plan that creates or changes the spec, and apply refuses that plan (exit 3): a spec cannot be deleted once created. In an update, a
finding that is already live in the same place is a warning. `safety.rules: warn` in `reconciler.yaml` turns all of them into warnings.
A string that looks like a secret is never shown in a plan, a diff or a comment.

An *error* cannot work or exposes a secret, a *warning* is probably a mistake, and an *info* is good to know. Bodies that Adobe has
published have no errors. To change the severity of a rule, set it in `reconciler.yaml`:

```yaml
rules:
  text-for-key: off        # off, info, warning or error
  host-https: error
```

To ignore one finding, add a comment at the end of its line, or alone on the line above, with the reason:

```yaml
# reconciler: ignore[explore-spec] our preview needs another column
exploreSpec:
```

A comment that ignores nothing is reported, too. JSON files have no comments; use `rules:` for them.
"""


_TRIALS: Final = """\
## Findings of try

`reconciler try` reports what these requests and answers show. An error makes it exit with 4. `explain CODE` prints one of
the sections below. Codes that are numbers are those of Flow Service for the same mistake.
"""


def rules_page() -> str:
    """The content of docs/rules.md."""
    parts = [_HEAD, *(_table(subject, rules) for subject, rules in SUBJECTS.items())]
    parts += [_section(rule) for rules in SUBJECTS.values() for rule in rules]
    parts += [_TRIALS, *(_findings_table(subject, texts) for subject, texts in FINDING_SUBJECTS.items())]
    parts += [_finding_section(text) for text in FINDINGS.values() if text.code not in RULES]
    return "\n".join(parts)


def rule_markdown(rule: Rule) -> str:
    """The documentation of a rule in Markdown, without its heading."""
    return "\n".join(_markdown(rule))


def rule_text(rule: Rule) -> str:
    """The documentation of a rule for the terminal."""
    fixable = "yes, with validate --fix" if rule.fixable else "no"
    lines = [
        f"{rule.code} ({rule.severity}): {rule.title}",
        "",
        f"why: {rule.why}",
        f"instead: {rule.instead}",
        f"fixable: {fixable}",
        "",
    ]
    for word, example in (("wrong", rule.bad), ("right", rule.good)):
        lines += [f"{word}:", *(f"  {line}" for line in example.splitlines()), ""]
    return "\n".join(lines)


def _table(subject: str, rules: tuple[Rule, ...]) -> str:
    rows = [
        f"| [{rule.code}](#{rule.code}) | {rule.severity} | {'yes' if rule.fixable else ''} | {rule.title} |" for rule in rules
    ]
    return "\n".join([f"**{subject}**", "", "| rule | severity | fixable | summary |", "| --- | --- | --- | --- |", *rows, ""])


def _findings_table(subject: str, texts: tuple[FindingText, ...]) -> str:
    rows = [f"| [{text.code}](#{text.code}) | {text.severity} | {text.title} |" for text in texts]
    return "\n".join([f"**{subject}**", "", "| code | severity | summary |", "| --- | --- | --- |", *rows, ""])


def _finding_section(text: FindingText) -> str:
    return f"## {text.code}\n\n{text.title}. *{text.severity}*\n\n{text.why}\n\n**Instead:** {text.instead}\n"


def _section(rule: Rule) -> str:
    return f"## {rule.code}\n\n{rule_markdown(rule)}"


def _markdown(rule: Rule) -> Iterator[str]:
    fixable = " · fixable with `validate --fix`" if rule.fixable else ""
    yield from (f"{rule.title}. *{rule.severity}*{fixable}", "", rule.why, "", f"**Instead:** {rule.instead}", "")
    for word, example in (("wrong", rule.bad), ("right", rule.good)):
        yield from ("```yaml", f"# {word}", *example.splitlines(), "```", "")
