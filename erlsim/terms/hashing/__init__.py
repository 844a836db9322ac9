"""The BEAM's internal hash of terms, and the order that it gives to the rows of a large map."""

from __future__ import annotations

from erlsim.terms.hashing.internal import internal_hash
from erlsim.terms.hashing.large_maps import large_map_rows
from erlsim.terms.hashing.mixing import immediate

__all__ = ["immediate", "internal_hash", "large_map_rows"]
