"""The calls that are recorded, area by area."""

from __future__ import annotations

from tests.erl.answers import bytes, collections, expressions, names, texts

AREAS = {
    "re": expressions.calls,
    "filename": names.calls,
    "external": bytes.calls,
    "string": texts.calls,
    "collections": collections.calls,
}
