"""Nothing secret is in what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.lint.secrets.texts import secret_texts
from reconciler.lint.secrets.token_forms import token_in
from reconciler.proofs.values import PREFIX
from reconciler.submission.check import Check, held, refused, warned
from reconciler.submission.material import Material


def secrets_check(material: Material, files: Mapping[str, bytes], finds: Callable[[str], str | None]) -> Check:
    """No file has the value of a variable of the proof file, or a literal that looks like a token.

    `finds` names the variable whose value a text contains. Values that are not set here cannot be searched for.
    """
    literal = secret_texts(material.body)
    for path, data in sorted(files.items()):
        text = data.decode("utf-8", "replace")
        name = finds(text)
        if name is not None:
            return refused(
                "secrets", f"{path} would contain the value of {PREFIX}{name}", "remove it from the spec or the proof files"
            )
        token = token_in(text)
        if token is not None:
            return refused(
                "secrets", f"{path} would contain {token}", "remove it, and revoke it: it is in a file of this repository"
            )
        if any(secret in text for secret in literal):
            return refused(
                "secrets", f"{path} would contain a value that looks like a secret", "reconciler validate shows where it is"
            )
    if material.unset:
        names = ", ".join(PREFIX + name for name in material.unset)
        said = f"nothing looks like a token, but the values of {names} are not set here, so they were not searched for"
        return warned("secrets", said, "set them as for reconciler try, and run submit again")
    return held("secrets", "no value of the proof file's variables, and nothing that looks like a token")
