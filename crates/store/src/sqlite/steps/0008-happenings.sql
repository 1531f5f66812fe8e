-- What happened to leads, in the order in which it was committed: which kind of thing, and where it is kept. Of a task, the
-- state that it came into. What is removed leaves its place used.
CREATE TABLE happenings (
    place INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT
) STRICT;

INSERT INTO happenings (kind, seq, state)
SELECT kind, seq, state FROM (
    SELECT 'tier' AS kind, seq, NULL AS state, at, 1 AS turn FROM tier_changes
    UNION ALL SELECT 'hand-off', seq, NULL, at, 2 FROM hand_offs
    UNION ALL SELECT 'task', id, state, opened, 3 FROM tasks
    UNION ALL SELECT 'alert', seq, NULL, at, 4 FROM alerts
) ORDER BY at, turn, seq;
