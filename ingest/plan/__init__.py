"""Which requests to make now, within the day's budget."""
