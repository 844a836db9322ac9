"""What is looked for: each file is a kind of thing that does not port, and is asked about statements or expressions.

`walking` asks them, with what is known of the names at that place.
"""

from __future__ import annotations

from erlsim.porting.portable.looks import changes, closures, constructs, positions, values

__all__ = ["changes", "closures", "constructs", "positions", "values"]
