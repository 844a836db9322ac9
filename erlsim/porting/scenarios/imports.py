"""Where a prototype's modules come from: imports, from folders that are on Python's path for as long as they last."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from erlsim.errors import ErlsimError

# Not a prototype's, though they may lie beside it.
TESTS = ("test", "conftest")


def imported(path: str, name: str) -> ModuleType:
    """The module at a dotted path, where `name` is; `ErlsimError` if there is none."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as exc:
        raise ErlsimError(f"{name} is to be in {path}, which cannot be imported: {exc}") from exc


def file_module(path: Path) -> ModuleType:
    """A file as a module: one and the same however often it is asked for."""
    known = sys.modules.get(str(path))
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ErlsimError(f"{str(path)!r} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[str(path)] = module
    return module


@contextmanager
def on_path(folders: Sequence[Path]) -> Iterator[None]:
    """Let imports find what is in some folders, and no namesakes from elsewhere that were imported before."""
    for folder in folders:
        _forget_namesakes(folder)
    before = list(sys.path)
    sys.path[:0] = [str(each) for each in folders]
    try:
        yield
    finally:
        sys.path[:] = before


def _forget_namesakes(folder: Path) -> None:
    """Prototypes in different folders may have modules of one name."""
    for each in sorted(folder.glob("*")):
        is_ours = each.suffix == ".py" or (each / "__init__.py").is_file()
        there = sys.modules.get(each.stem) if is_ours and not each.stem.startswith(TESTS) else None
        file = getattr(there, "__file__", None)
        if file is not None and folder not in Path(file).resolve().parents:
            for name in [name for name in sys.modules if name.partition(".")[0] == each.stem]:
                del sys.modules[name]
