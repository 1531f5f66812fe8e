-- Whose events. What `events`, `leads` and `attributes` call a lead is its profile: the id that a call named.

-- Every id, with the lead that it belongs to. Follows from `links` and `apart`.
CREATE TABLE ids (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    lead TEXT NOT NULL,
    is_user INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ids_by_lead ON ids (lead, kind, id);

-- What says that two ids may be one lead: of each kind the first that said so.
CREATE TABLE links (
    from_kind TEXT NOT NULL,
    from_id TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_id TEXT NOT NULL,
    link TEXT NOT NULL,
    time INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (from_kind, from_id, link, to_kind, to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_end ON links (to_kind, to_id, link);

-- Ids that somebody has set apart by hand; each pair stands here both ways.
CREATE TABLE apart (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    other_kind TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (kind, id, other_kind, other_id)
) STRICT, WITHOUT ROWID;
