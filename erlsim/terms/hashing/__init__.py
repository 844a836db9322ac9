"""The BEAM's hashes of terms, and the order that the internal one gives to the rows of a large map."""

from __future__ import annotations

from erlsim.terms.hashing.internal import internal_hash
from erlsim.terms.hashing.large_maps import large_map_rows
from erlsim.terms.hashing.mixing import immediate
from erlsim.terms.hashing.portable import phash, phash2

__all__ = ["immediate", "internal_hash", "large_map_rows", "phash", "phash2"]
