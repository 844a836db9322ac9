"""Events as the formatter of an OTP 25.2.3 printed them: `make oracle` asks it again."""
