"""Regular expressions: PCRE's, as OTP has them, by Python's.

`re_` is the module `re`; `translating` makes a Python expression of one of PCRE's, `classes` knows what is in its
classes of characters.
"""

from erlsim.erl.library.regex import re_

__all__ = ["re_"]
