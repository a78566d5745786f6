"""Whether anything was ever committed in some folders: whether a repository is new, or was emptied."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from reconciler.desired.git.checkout import NoCheckout, find_checkout
from reconciler.desired.git.command import Git
from reconciler.desired.git.refs import Refs, shallow_commits


def is_new(folder: Path, names: Collection[str]) -> bool:
    """Whether the folder has none of these subfolders, and no commit of the branch ever had one.

    Without a repository or a commit, only the folder counts. A history that is cut off or cannot be read shows nothing, so it is False.
    """
    if any((folder / name).exists() for name in names):
        return False
    try:
        checkout = find_checkout(folder)
    except NoCheckout:
        return True
    refs = Refs(checkout)
    if refs.unreadable is not None:
        return False
    head = refs.head()
    if head is None:
        return True
    if shallow_commits(checkout) is not None:
        return False
    inner = [f"{checkout.prefix}{name}" for name in names]
    answer = Git.at(folder).ask("log", "-1", "--format=%H", head, "--", *inner)
    return answer.ok and not answer.text
