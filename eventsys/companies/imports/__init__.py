"""Files of companies: read line by line, judged before anything changes, then taken in all at once or not at all."""
