-- The leads that each model ever saw as members of an account. Whether they are at an instant follows from their states.
CREATE TABLE members (
    model text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    PRIMARY KEY (model, account, lead)
);
