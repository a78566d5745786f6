"""`python -m tests.docs.site FOLDER` checks a built site, and ends with 1 where something is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.docs.site import browser
from tests.docs.site.checks import pages, problems

if __name__ == "__main__":
    site = Path(sys.argv[1])
    found = [*problems(site), *browser.problems(site, pages(site))]
    sys.stderr.writelines(f"{line}\n" for line in found)
    sys.stdout.write(f"{site}: {len(pages(site))} pages, {len(found)} problems\n")
    sys.exit(1 if found else 0)
