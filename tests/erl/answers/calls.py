"""The calls that are recorded, area by area."""

from __future__ import annotations

from tests.erl.answers import bytes, expressions, names

AREAS = {"re": expressions.calls, "filename": names.calls, "external": bytes.calls}
