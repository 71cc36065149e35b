-- A consumer of the ledger's events, as another system would be: an inbox, and what it has applied.
${inbox_v1}

CREATE TABLE applied (
    place     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position  bigint NOT NULL,
    body      text   NOT NULL
);
GRANT SELECT, INSERT ON applied TO ${runtime};
