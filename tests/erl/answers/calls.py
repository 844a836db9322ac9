"""The calls that are recorded, area by area."""

from __future__ import annotations

from tests.erl.answers import expressions

AREAS = {"re": expressions.calls}
