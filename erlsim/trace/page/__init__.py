"""One run as one page: a file that needs no network, with everything that can be looked at and a player over it.

`document` puts it together, `deltas` says what each event changes, `words` what its kinds mean. Look and behaviour
are in `assets`: one script in parts, which share one scope.
"""

from __future__ import annotations

from erlsim.trace.page.document import embedded, page

__all__ = ["embedded", "page"]
