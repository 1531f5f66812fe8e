-- The experiments that are carried out, and since when. The terms say which models leads are dealt out to.
CREATE TABLE experiments (
    id text COLLATE "C" PRIMARY KEY,
    terms text COLLATE "C" NOT NULL,
    since bigint NOT NULL
);
