"""Calls of OTP's functions and what a real Erlang answers: recorded (`record`), and compared here (`ours`)."""
