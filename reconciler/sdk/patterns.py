"""Regular expressions of ids and names, to be matched whole: for the readers of files and for the schemas alike."""

from __future__ import annotations

from typing import Final

UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""An id of the service."""
KEY: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
"""A key of a spec file, if it is not a UUID."""
OWNER: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+"
"""A repository, `owner/name`, as ownership markers have it."""
ORG_ID: Final = r"[A-Za-z0-9._-]+@[A-Za-z0-9._-]+"
SANDBOX: Final = r"[a-z0-9][a-z0-9-]{0,255}"
SCOPE: Final = r"[A-Za-z0-9._:/-]+"
