"""The calls that are recorded, area by area."""

from __future__ import annotations

from tests.erl.answers import bytes, collections, expressions, names, sources, texts

AREAS = {
    "re": expressions.calls,
    "filename": names.calls,
    "external": bytes.calls,
    "string": texts.calls,
    "collections": collections.calls,
    "sources": sources.calls,
}
