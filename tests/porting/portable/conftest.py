"""Programs in files: what watches a run shows their lines."""

from __future__ import annotations

import importlib.util

import pytest


@pytest.fixture
def loaded(tmp_path):
    """Writes a program into a file, and gives its module."""

    def load(text, name="portable_program"):
        file = tmp_path / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
