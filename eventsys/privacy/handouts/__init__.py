"""Public records handed out: a set, its columns masked one by one, and the log of what was given."""
