"""The calls that are recorded, area by area."""

from __future__ import annotations

from tests.erl.answers import expressions, names

AREAS = {"re": expressions.calls, "filename": names.calls}
