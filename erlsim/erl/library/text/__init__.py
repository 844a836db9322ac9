"""Text: characters, the clusters that they form, encodings."""

from erlsim.erl.library.text import old_string, string_, unicode

__all__ = ["old_string", "string_", "unicode"]
