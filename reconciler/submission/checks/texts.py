"""The artifacts are complete, and say what the spec says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reconciler.errors import count
from reconciler.sdk.catalog import CATEGORIES, LABELS
from reconciler.sdk.sources import BATCH
from reconciler.submission.artifacts import ICON, TEXTS, Artifacts, file_of, stated
from reconciler.submission.check import Check, held, refused, warned
from reconciler.submission.icon import mistakes_of_icon
from reconciler.submission.material import Material
from reconciler.wording.guesses import did_you_mean

MOST_CHARACTERS: Final = {"label": 64, "description": 256}
"""Our own bounds: Adobe publishes none."""
MOST_ICON_BYTES: Final = 20_000
_MARKUP: Final = re.compile(r"<[A-Za-z/!]|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);|\]\(|\*\*|`|^#")
_STREAMING: Final = "streaming"
_AS_SVG: Final = "export it as plain SVG, with paths only, and a viewBox"


def artifacts_check(material: Material, artifacts: Artifacts) -> Check:
    """The four files are there; each text is one line without markup."""
    found = list(_missing(material, artifacts))
    if found:
        return refused("artifacts", "; ".join(found), _where(material))
    texts = ((name, text) for name, text in artifacts.texts.items() if text is not None and name in MOST_CHARACTERS)
    long = [f"the {name} has {len(text)} characters" for name, text in texts if len(text) > MOST_CHARACTERS[name]]
    if long:
        bounds = ", ".join(f"{name} {most}" for name, most in MOST_CHARACTERS.items())
        return warned("artifacts", "; ".join(long), f"shorten it; we recommend at most: {bounds} (Adobe publishes no limit)")
    return held("artifacts", "label, description, category and icon are there")


def _missing(material: Material, artifacts: Artifacts) -> Iterator[str]:
    for name in TEXTS:
        text = artifacts.texts[name]
        file = file_of(material.key, name)
        if name in artifacts.unreadable:
            yield f"{file} is not UTF-8"
        elif text is None:
            yield f"{file} is missing"
        elif not text.strip():
            yield f"the {name} is empty"
        elif len(text.splitlines()) > 1 or any(ord(character) < ord(" ") for character in text):
            yield f"the {name} has more than one line"
        elif text != text.strip():
            yield f"the {name} has white space around it"
        elif _MARKUP.search(text):
            yield f"the {name} has markup"
    if artifacts.icon is None:
        yield f"{file_of(material.key, ICON)} is missing"


def _where(material: Material) -> str:
    folder = (material.spec.file or "").rpartition("/")[0]
    return f"write the files to {folder}/, or `text` in uiAttributes for label and description"


def words_check(material: Material, artifacts: Artifacts) -> Check:
    """Label, description and category are those of `uiAttributes`, where it has words and not keys."""
    differing = []
    for name in TEXTS:
        said, text = stated(material, name), artifacts.texts[name]
        if said is not None and text is not None and said != text:
            differing.append(f"{file_of(material.key, name)} says {text[:60]!r}, and the spec {said[:60]!r}")
    if differing:
        return refused("words", "; ".join(differing), "write the same words in both, and apply the spec")
    return held("words", "the artifacts and the spec say the same")


def category_check(material: Material, artifacts: Artifacts) -> Check:
    """The category is one of Adobe's catalog, in camel case; `streaming` for a streaming source."""
    category = artifacts.category
    if category is None:
        file = file_of(material.key, "category")
        return refused("category", "there is no category", f"set uiAttributes.category.key, or write {file}")
    if material.is_streaming and category != _STREAMING:
        return refused("category", f"{category[:60]!r} is not the category of a streaming source", f"write {_STREAMING}")
    if not material.is_streaming and material.spec.spec_type == BATCH and category == _STREAMING:
        return refused("category", f"{_STREAMING!r} is the category of streaming sources", "choose the category of your product")
    if category not in CATEGORIES:
        return refused("category", f"{category[:60]!r} is not a category of the catalog", did_you_mean(category[:60], CATEGORIES))
    return held("category", f"{category} ({CATEGORIES[category]})")


def icon_check(material: Material, artifacts: Artifacts) -> Check:
    """The icon is an SVG that runs nothing and loads nothing."""
    file = file_of(material.key, ICON)
    if artifacts.icon is None:
        folder = (material.spec.file or "").rpartition("/")[0]
        return refused("icon", f"{file} is missing", f"save the icon of the source as {folder}/{file}: Adobe requires an SVG")
    mistakes = mistakes_of_icon(artifacts.icon)
    if mistakes:
        only_placeholder = all("placeholder" in mistake for mistake in mistakes)
        hint = "replace the file with the icon of the source" if only_placeholder else _AS_SVG
        return refused("icon", f"{file}: {'; '.join(mistakes)}", hint)
    size = len(artifacts.icon)
    if size > MOST_ICON_BYTES:
        return warned(
            "icon", f"{file} has {count(size, 'byte')}", f"an icon rarely needs more than {MOST_ICON_BYTES:,}; optimize it"
        )
    return held("icon", f"{file}: {count(size, 'byte')}, runs and loads nothing")


def keys_check(material: Material) -> Check:
    """After Adobe has answered, `uiAttributes` has its keys and no `text`."""
    texts = [name for name in LABELS if material.ui(name, "text") is not None]
    missing = [name for name in LABELS if material.ui(name, "key") is None]
    submitted = material.proof.submission is not None and material.proof.submission.submitted
    if not missing and not texts:
        return held("keys", "icon, label and description have keys")
    hint = f"reconciler submit {material.key} --keys {' '.join(f'{name}=KEY' for name in missing or texts)}"
    said = f"no key for {', '.join(missing)}" if missing else f"`text` beside the key of {', '.join(texts)}"
    if submitted:
        return refused("keys", f"{said}, although Adobe has answered (submission.submitted in proof.yaml)", hint)
    return warned("keys", f"{said}; Adobe assigns keys after the submission", f"then run: {hint}")


def beta_check(material: Material) -> Check:
    """A new source begins as beta."""
    if material.is_beta:
        return held("beta", "isBeta is true; the documentation has the badge Beta")
    return warned(
        "beta",
        "isBeta is not true: new sources are usually published as beta",
        "set uiAttributes.isBeta: true, or agree with Adobe",
    )
