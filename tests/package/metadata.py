"""The metadata of the distribution, as a build writes it."""

from __future__ import annotations

from email.message import Message
from email.parser import Parser

from hatchling.metadata.core import ProjectMetadata
from hatchling.metadata.spec import get_core_metadata_constructors
from hatchling.plugin.manager import PluginManager

from tests.package.paths import ROOT


def built_metadata() -> Message:
    """What METADATA in a wheel says; its payload is the description."""
    text = get_core_metadata_constructors()["2.4"](ProjectMetadata(str(ROOT), PluginManager()))
    return Parser().parsestr(text)
