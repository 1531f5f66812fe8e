-- The leads that each model ever saw as members of an account. Whether they are at an instant follows from their states.
CREATE TABLE members (
    model TEXT NOT NULL,
    account TEXT NOT NULL,
    lead TEXT NOT NULL,
    PRIMARY KEY (model, account, lead)
) STRICT, WITHOUT ROWID;
