"""Keeps from a process what others installed, as if it were not there."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


def hide(name: str) -> None:
    """Let imports of a module fail from now on, and cost about what they cost where it is not installed."""

    class FindsOthers(PathFinder):
        @classmethod
        def find_spec(
            cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            # What nobody has is looked for in the same places.
            return super().find_spec(f"no_{name}" if fullname == name else fullname, path, target)

    sys.modules.pop(name, None)
    sys.meta_path = [FindsOthers if finder is PathFinder else finder for finder in sys.meta_path]
