"""What a director does, rule by rule: its checks, its plans, its answers, its reports."""
