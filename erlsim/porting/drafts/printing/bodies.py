"""What stands in a body, in either language: expressions, the comments before them, and holes."""

from __future__ import annotations

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.forms import Form
from erlsim.porting.drafts.printing.layout import HARD, Doc, cat, join


class Bodies:
    """Writes statements; `sign` begins a comment."""

    sign = ""

    def expression(self, form: Form, level: int = 0) -> Doc:
        """An expression, in parentheses if it binds less than `level`."""
        raise NotImplementedError

    def not_ported(self, hole: f.Hole) -> str:
        """The call that fails where something is not ported."""
        raise NotImplementedError

    def statement(self, form: Form) -> Doc:
        """An expression in a body, with what is said about it."""
        if isinstance(form, f.Commented):
            return cat(self._comment(form.lines), HARD, self.statement(form.form))
        if isinstance(form, f.Hole):
            lines = [f"NOT PORTED ({form.place}): {form.reason}", *(f"    {line}" for line in form.text)]
            return cat(self._comment(lines), HARD, self.not_ported(form))
        return self.expression(form)

    def _comment(self, lines: list[str] | tuple[str, ...]) -> Doc:
        return join(HARD, [f"{self.sign} {line}".rstrip() for line in lines])
