"""The files that Adobe asks for: label, description, category, icon, and the body of the spec."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import encode_readable
from reconciler.submission.material import Material

TEXTS: Final = ("label", "description", "category")
ICON: Final = "icon"
_SLUG: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def file_of(key: str, artifact: str) -> str:
    """The name of the file of an artifact."""
    return f"{key}-{artifact}.{'svg' if artifact == ICON else 'txt'}"


def files_of(key: str) -> tuple[str, ...]:
    """The names of the files that people may write, next to the spec file."""
    return tuple(file_of(key, artifact) for artifact in (*TEXTS, ICON))


def kebab(name: str) -> str:
    """The name in lower case, its words joined by hyphens: `marketing-automation` for `marketingAutomation`."""
    return "-".join(word.lower() for word in _SLUG.findall(name)) or "source"


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The texts by artifact, without their line break (None: there is none, neither as a file nor in the spec), and the icon.

    `unreadable` are the artifacts whose file is not UTF-8.
    """

    label: str | None
    description: str | None
    category: str | None
    icon: bytes | None = field(repr=False)
    spec: bytes = field(repr=False)
    unreadable: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str | None]:
        return {"label": self.label, "description": self.description, "category": self.category}

    def files(self, key: str) -> dict[str, bytes]:
        """The files by path, as far as there is something to write."""
        folder = f"Sources/{key}/Artifacts"
        found = {f"{folder}/{file_of(key, name)}": f"{text}\n".encode() for name, text in self.texts.items() if text is not None}
        if self.icon is not None:
            found[f"{folder}/{file_of(key, ICON)}"] = self.icon
        return found | {f"{folder}/{key}-connectionSpec.json": self.spec}


def artifacts_of(material: Material) -> Artifacts:
    """The artifacts: what people wrote next to the spec file, else the words in `uiAttributes`."""
    texts: dict[str, str | None] = {}
    unreadable: list[str] = []
    for artifact in TEXTS:
        data = material.files.get(file_of(material.key, artifact))
        try:
            texts[artifact] = (
                stated(material, artifact) if data is None else data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
            )
        except UnicodeDecodeError:
            texts[artifact] = None
            unreadable.append(artifact)
    body = {section: value for section, value in material.body.items() if value is not None}  # a null is for the live spec
    spec = encode_readable(body).encode() + b"\n"
    return Artifacts(
        texts["label"],
        texts["description"],
        texts["category"],
        material.files.get(file_of(material.key, ICON)),
        spec,
        tuple(unreadable),
    )


def stated(material: Material, artifact: str) -> str | None:
    """The words of an artifact in the spec: the `text` of label and description, the `key` of the category."""
    found = material.ui(artifact, "key" if artifact == "category" else "text")
    return found if isinstance(found, str) else None
