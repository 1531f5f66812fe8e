-- Every text that a model ever had in service, or was to have.
CREATE TABLE model_versions (
    model text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    text text NOT NULL,
    author text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    changes text NOT NULL,
    PRIMARY KEY (model, number)
);

-- When a version was asked to serve, and what came of it: nothing yet, a failure, or that it serves since then.
CREATE TABLE model_switches (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    author text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    asked bigint NOT NULL,
    ended bigint,
    failure text COLLATE "C"
);

-- The switch by which each model serves. What it holds of leads is kept under the model's and the switch's name.
CREATE TABLE models_in_service (
    model text COLLATE "C" PRIMARY KEY,
    switch bigint NOT NULL
);
