"""The logger: what is logged where, and how to say so. Mirrors `logger`.

The log functions are plain and run to their end in the caller's process: primary level, primary
filters, then each handler's level, filters and `log(event, config)`. What passes the primary filters
is kept in the simulation's `reports`. `backend` has the state and the way of an event,
`config` the changes to the configuration, `api` the rest; texts are made by `logger_formatter` and `reports`.

DIVERGES(otp): there is no logger process, so the functions that configure never wait; and a Python
`str` is taken for a text where OTP wants a string.
"""

from __future__ import annotations

from erlsim.otp.logger.api import (
    alert,
    allow,
    compare_levels,
    critical,
    debug,
    emergency,
    error,
    get_process_metadata,
    info,
    log,
    macro_log,
    notice,
    set_process_metadata,
    timestamp,
    unset_process_metadata,
    update_process_metadata,
    warning,
)
from erlsim.otp.logger.config import (
    add_handler,
    add_handler_filter,
    add_primary_filter,
    get_config,
    get_handler_config,
    get_handler_ids,
    get_module_level,
    get_primary_config,
    remove_handler,
    remove_handler_filter,
    remove_primary_filter,
    set_application_level,
    set_handler_config,
    set_module_level,
    set_primary_config,
    unset_application_level,
    unset_module_level,
    update_formatter_config,
    update_handler_config,
    update_primary_config,
)
from erlsim.otp.reports.log_text import format_otp_report, format_report

__erlang_module__ = "logger"

__all__ = [
    "add_handler",
    "add_handler_filter",
    "add_primary_filter",
    "alert",
    "allow",
    "compare_levels",
    "critical",
    "debug",
    "emergency",
    "error",
    "format_otp_report",
    "format_report",
    "get_config",
    "get_handler_config",
    "get_handler_ids",
    "get_module_level",
    "get_primary_config",
    "get_process_metadata",
    "info",
    "log",
    "macro_log",
    "notice",
    "remove_handler",
    "remove_handler_filter",
    "remove_primary_filter",
    "set_application_level",
    "set_handler_config",
    "set_module_level",
    "set_primary_config",
    "set_process_metadata",
    "timestamp",
    "unset_application_level",
    "unset_module_level",
    "unset_process_metadata",
    "update_formatter_config",
    "update_handler_config",
    "update_primary_config",
    "update_process_metadata",
    "warning",
]
