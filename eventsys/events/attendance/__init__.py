"""Who came: no-shows, exports, papers for the day and figures afterwards."""
