-- Every text that a model ever had in service, or was to have.
CREATE TABLE model_versions (
    model TEXT NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (model, number)
) STRICT, WITHOUT ROWID;

-- When a version was asked to serve, and what came of it: nothing yet, a failure, or that it serves since then.
CREATE TABLE model_switches (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    asked INTEGER NOT NULL,
    ended INTEGER,
    failure TEXT
) STRICT;

-- The switch by which each model serves. What it holds of leads is kept under the model's and the switch's name.
CREATE TABLE models_in_service (
    model TEXT PRIMARY KEY,
    switch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
