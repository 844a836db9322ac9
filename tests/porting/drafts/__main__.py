"""`python -m tests.porting.drafts`: write the reviewed ports, and the pages that show them, anew.

Read what has changed before you commit it.
"""

from __future__ import annotations

import shutil

from tests.porting.drafts.pages import PAGES, page
from tests.porting.drafts.programs import GOLDEN, LANGUAGES, SOURCES, ported


def main() -> None:
    """Write every port."""
    for name in SOURCES:
        for to in LANGUAGES:
            folder = GOLDEN / name / to
            shutil.rmtree(folder, ignore_errors=True)
            found = ported(name, to)
            found.write(folder)
            print(f"{name}, {to}: {found.sentence()}")
    for path in PAGES:
        path.write_text(page(path), encoding="utf-8")


if __name__ == "__main__":
    main()
