-- The holdings that changed of late, as they changed: all that a commit brought in one row, as bytes. What was there before,
-- row by row, goes to its table.
DELETE FROM holdings WHERE (model, lead) IN (SELECT model, lead FROM recent_holdings);
INSERT INTO holdings (model, lead, state, due, score, tier, grade, until, at)
SELECT model, lead, state, due, score, tier, grade, until, at FROM recent_holdings
WHERE state IS NOT NULL AND seq IN (SELECT max(seq) FROM recent_holdings GROUP BY model, lead);
DROP TABLE recent_holdings;

CREATE TABLE recent_holdings (
    seq INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
