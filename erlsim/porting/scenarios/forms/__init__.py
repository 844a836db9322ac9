"""How scenarios are written: as what one would type in Erlang's shell (`reading`, `writing`), and as JSON (`tree`)."""

from erlsim.porting.scenarios.forms.reading import read
from erlsim.porting.scenarios.forms.tree import from_json, to_json
from erlsim.porting.scenarios.forms.writing import in_erlang, step_text, text

__all__ = ["from_json", "in_erlang", "read", "step_text", "text", "to_json"]
