"""A first draft of a port: a prototype's Python as an Erlang or Elixir project.

`draft` reads the sources (nothing is imported), translates what has a translation that is right for certain, and leaves
the rest as marked holes with the Python text beside them. Files: `sources` (which modules there are), `reading` (Python
to `forms`), `kinds` (what is known of terms), `building` (all modules), `printing` and `projects` (text).
"""

from erlsim.porting.drafts.checking import check
from erlsim.porting.drafts.door import Draft, FunctionReport, draft

__all__ = ["Draft", "FunctionReport", "check", "draft"]
