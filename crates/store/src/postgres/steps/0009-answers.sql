-- What was answered to changes that clients call by a key, for a while. Keys, and what was asked for, are hashes.
CREATE TABLE answers (
    number bigint GENERATED ALWAYS AS IDENTITY,
    key bytea PRIMARY KEY,
    asked bytea NOT NULL,
    at bigint NOT NULL,
    settled boolean NOT NULL DEFAULT false,
    status bigint,
    kind text COLLATE "C",
    body text COLLATE "C"
);
CREATE INDEX answers_by_time ON answers (at);
