"""Reports as text: pure functions of what was logged, without a process around them.

Files: `dates`, `limits` (how deep terms are printed), `log_text` (any report, one `Tag: Data` a line), `exceptions`
(how a failure reads), `crash` (crash reports), `sasl` (SASL's layout of a whole event).
"""

from __future__ import annotations

from erlsim.otp.reports.exceptions import Printer, format_exception
from erlsim.otp.reports.log_text import format_otp_report, format_report, printable

__all__ = ["Printer", "format_exception", "format_otp_report", "format_report", "printable"]
