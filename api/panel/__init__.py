"""The chosen tickers over the chosen sessions as arrays, and what an answer says of them."""
