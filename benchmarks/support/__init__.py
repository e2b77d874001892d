"""What benchmarks, tools and tests share: sample lakes and markets, a local server, Chromium, a log of queries."""
