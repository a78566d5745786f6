"""Regular expressions of ids and names, to be matched against whole strings. File readers and schemas use them."""

from __future__ import annotations

from typing import Final

UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""A UUID of the service."""
KEY: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
"""The key of a spec file, unless it is a UUID."""
OWNER: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+"
"""A repository, `owner/name`, as in ownership markers."""
ORG_ID: Final = r"[A-Za-z0-9._-]+@[A-Za-z0-9._-]+"
SANDBOX: Final = r"[a-z0-9][a-z0-9-]{0,255}"
VARIABLE_NAME: Final = r"[A-Za-z][A-Za-z0-9_]{0,63}"
"""The name of a variable of a target, in `vars` and in `{var: NAME}`."""
SCOPE: Final = r"[A-Za-z0-9._:/-]+"
