-- The experiments that are carried out, and since when. The terms say which models leads are dealt out to.
CREATE TABLE experiments (
    id TEXT PRIMARY KEY,
    terms TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
