-- Who may do what. Of every secret only a hash is kept: the database alone lets nobody in.

-- Keys of programs.
CREATE TABLE keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    hint text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    made bigint NOT NULL
);

-- People. Who has no password yet has been invited.
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text COLLATE "C" UNIQUE,
    role text COLLATE "C" NOT NULL,
    password text COLLATE "C",
    disabled boolean NOT NULL,
    made bigint NOT NULL
);

-- What lets a user in for a while: a link to set a password by, or a cookie.
CREATE TABLE passes (
    hash bytea PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    holder bigint NOT NULL,
    ends bigint NOT NULL
);
CREATE INDEX passes_by_user ON passes (holder, kind);

-- Every change that somebody made, in the order in which they were made.
CREATE TABLE audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    who text COLLATE "C" NOT NULL,
    what text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    before text COLLATE "C",
    after text COLLATE "C"
);
CREATE INDEX audit_by_subject ON audit (subject);
