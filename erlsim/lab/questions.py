"""What is asked of the laboratory and cannot be answered."""

from erlsim.errors import ErlsimError


class WrongQuestion(ErlsimError):
    """The arguments do not fit one another or the tree; the message shows the one that is wrong, and what there is."""
