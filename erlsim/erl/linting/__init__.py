"""What is wrong with a module that can be read: erl_lint's errors and its most useful warnings, in its words.

`variables` follows variables through clauses, `functions` asks who calls whom, `records` what is in them; each tells a
`Findings`. What is left to the compiler is what only it can say.
"""

from erlsim.erl.linting.findings import Finding, Findings
from erlsim.erl.linting.modules import lint

__all__ = ["Finding", "Findings", "lint"]
