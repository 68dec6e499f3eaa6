"""`kynhan-relay`: the operator's commands, what they say, and the log of a process."""
