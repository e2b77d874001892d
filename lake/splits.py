"""What a price does on the day of a split: the ratios that splits have had, and how near to one a move is. Pure."""

SPLIT_RATIOS = (1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50)
# In logs. The market seldom moves more on the day of a split; and AAPL's 53.50 → 25.75 of 2000-09-29, on no split,
# is 0.038 from 2:1 at its close and 0.052 at its open.
NEAR_A_SPLIT = 0.03
