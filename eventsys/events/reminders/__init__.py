"""Letters that go by the clock: before the event, "Kommer du?", thanks, and a line to those who did not come."""
