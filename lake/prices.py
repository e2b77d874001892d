"""What can be the price of a share, for whatever reads prices."""

# USD a share. US exchanges quote down to 0.0001 below a dollar (SEC rule 612). The dearest share, Berkshire Hathaway's
# class A, costs less than a million.
LOWEST_PRICE, HIGHEST_PRICE = 0.0001, 10_000_000.0
