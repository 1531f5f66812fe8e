-- What was answered to changes that clients call by a key, for a while. Keys, and what was asked for, are hashes.
CREATE TABLE answers (
    key BLOB PRIMARY KEY,
    asked BLOB NOT NULL,
    at INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    status INTEGER,
    kind TEXT,
    body TEXT
) STRICT;
CREATE INDEX answers_by_time ON answers (at);
