"""docs/site/hooks.py, which MkDocs loads by its path, as a module."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Final

from tests.docs.console import PROJECT


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_site_hooks", PROJECT / "docs" / "site" / "hooks.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


hooks: Final = _loaded()
