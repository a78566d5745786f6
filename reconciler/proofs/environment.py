"""Values of environment variables: only RECONCILER_PROOF_…, and only values that can be kept out of reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from reconciler.documents.shapes import Misfit
from reconciler.proofs.values import FromEnvironment
from reconciler.secret import Secret

SHORTEST: Final = 4
"""A shorter value occurs by chance in what is shown, so it cannot be found and hidden there."""
LONGEST: Final = 20_000
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[A-Z]")
_UNSENDABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def value_of(reference: FromEnvironment, environ: Mapping[str, str] | None) -> Secret:
    """The value that this variable has; without `environ`, the placeholder `${NAME}`. Raises Misfit, whose text has no value."""
    if environ is None:
        return Secret(f"${{{reference.name}}}")
    variable = reference.variable
    value = environ.get(variable, "")
    if not value:
        state = "is empty" if variable in environ else "is not set"
        raise Misfit(f"the environment variable {variable} {state}", setting_hint(variable))
    if any(unicodedata.category(character) in _UNSENDABLE for character in value):
        message = f"the value of {variable} has a line break or another control character, which cannot be sent"
        raise Misfit(
            message, f"set {variable} to the value alone: printf %s instead of echo, and no line break at the end of a secret"
        )
    if len(value) < SHORTEST:
        message = f"the value of {variable} has fewer than {SHORTEST} characters, so it cannot be kept out of reports"
        raise Misfit(message, "use a longer value; one that is not secret can be written in the proof file instead of {env: …}")
    if len(value) > LONGEST:
        raise Misfit(f"the value of {variable} has more than {LONGEST:,} characters", "set it to the value alone")
    return Secret(value)


def setting_hint(variable: str) -> str:
    """How to set this variable, in a terminal and in GitHub Actions."""
    return f"export {variable}=…; in GitHub Actions, under env: {variable}: ${{{{ secrets.{variable} }}}}"


def name_for(key: str, name: str) -> str:
    """A name for the variable of a property: `MAILCHIMP_MEMBERS_ACCESS_TOKEN` for accessToken of mailchimp-members."""
    words = [word.upper() for part in (key, name) for word in _WORD.findall(part)]
    return "_".join(words)[:100] or "VALUE"
