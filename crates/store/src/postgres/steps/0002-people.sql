-- Whose events. What `events` and `attributes` call a profile or an owner is the id that a call named.

-- Every id, with the lead that it belongs to. Follows from `links` and `apart`.
CREATE TABLE ids (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    is_user boolean NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX ids_by_lead ON ids (lead, kind, id);

-- What says that two ids may be one lead: of each kind the first that said so.
CREATE TABLE links (
    from_kind text COLLATE "C" NOT NULL,
    from_id text COLLATE "C" NOT NULL,
    to_kind text COLLATE "C" NOT NULL,
    to_id text COLLATE "C" NOT NULL,
    link text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    PRIMARY KEY (from_kind, from_id, link, to_kind, to_id)
);
CREATE INDEX links_by_end ON links (to_kind, to_id, link);

-- Ids that somebody has set apart by hand; each pair stands here both ways.
CREATE TABLE apart (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    other_kind text COLLATE "C" NOT NULL,
    other_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id, other_kind, other_id)
);
