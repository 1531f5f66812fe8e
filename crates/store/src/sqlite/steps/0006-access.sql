-- Who may do what. Of every secret only a hash is kept: the file alone lets nobody in.

-- Keys of programs.
CREATE TABLE keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    made INTEGER NOT NULL
) STRICT;

-- People. Who has no password yet has been invited.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT UNIQUE,
    role TEXT NOT NULL,
    password TEXT,
    disabled INTEGER NOT NULL,
    made INTEGER NOT NULL
) STRICT;

-- What lets a user in for a while: a link to set a password by, or a cookie.
CREATE TABLE passes (
    hash BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    user INTEGER NOT NULL,
    ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passes_by_user ON passes (user, kind);

-- Every change that somebody made, in the order in which they were made.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject);
