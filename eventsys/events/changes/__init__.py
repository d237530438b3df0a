"""What an event's time and place were before they changed, so that a letter can say what is new."""
