"""The core install is pure Python, so that it runs wherever Python runs, in a browser too."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]


def needed(name, found):
    """`name` and all that it needs without extras, by name."""
    if name in found:
        return found
    found[name] = distribution(name)
    for line in found[name].requires or []:
        if "extra ==" not in line and "sys_platform" not in line and "platform_system" not in line:
            needed(re.match(r"[\w.-]+", line)[0].lower(), found)
    return found


def dependencies():
    """The distributions that the core install brings along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {}
    for line in project["dependencies"]:
        needed(re.match(r"[\w.-]+", line)[0].lower(), found)
    return found


def test_no_dependency_of_the_core_install_is_compiled():
    for name, dist in dependencies().items():
        wheel = dist.read_text("WHEEL") or ""
        assert "Root-Is-Purelib: true" in wheel, name
        assert not [file for file in dist.files or [] if file.suffix in {".so", ".pyd", ".dylib"}], name


def test_the_packages_themselves_are_python_files_only():
    for package in ("erlsim", "director", "gen_tracker"):
        odd = [
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / package).rglob("*")
            if path.suffix in {".so", ".pyd", ".c", ".pyx", ".dylib"}
        ]
        assert odd == []


def test_the_core_install_needs_few_packages():
    assert set(dependencies()) == {
        "simpy",
        "sortedcontainers",
        "rich",
        "click",
        "markdown-it-py",
        "mdurl",
        "pygments",
    }
