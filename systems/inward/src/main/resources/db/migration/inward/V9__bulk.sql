-- Something done with many payments or dead letters at once, and whom a payment is assigned to.

-- Previewed first; started by the person who did, or never. Rows stay as the record of who did what.
CREATE TABLE bulk (
  id         uuid        PRIMARY KEY,
  kind       text        NOT NULL,
  note       text        NOT NULL,
  assignee   text,
  by         text        NOT NULL,
  at         timestamptz NOT NULL,
  started_at timestamptz,
  done_at    timestamptz,
  CHECK ((kind = 'ASSIGN') = (assignee IS NOT NULL)),
  CHECK (done_at IS NULL OR started_at IS NOT NULL)
);
CREATE INDEX bulk_at ON bulk (at DESC, id);
CREATE INDEX bulk_open ON bulk (started_at) WHERE started_at IS NOT NULL AND done_at IS NULL;

-- A payment or a dead letter, and what became of it. One that was begun and not ended is begun again a minute later:
-- each kind of work does nothing a second time.
CREATE TABLE bulk_item (
  bulk_id  uuid     NOT NULL REFERENCES bulk,
  position smallint NOT NULL,
  target   uuid     NOT NULL,
  state    text     NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'SKIPPED', 'FAILED')),
  outcome  text     NOT NULL,
  -- The payment that a dead letter became.
  payment  uuid,
  attempts smallint NOT NULL DEFAULT 0,
  at       timestamptz,
  PRIMARY KEY (bulk_id, position),
  UNIQUE (bulk_id, target)
);

-- Who is to look at a payment; the last assignment holds, all of them stand in the bulks.
CREATE TABLE review (
  payment_id uuid        PRIMARY KEY REFERENCES payment,
  assignee   text        NOT NULL,
  note       text        NOT NULL,
  by         text        NOT NULL,
  at         timestamptz NOT NULL
);
CREATE INDEX review_assignee ON review (assignee);

GRANT SELECT, INSERT ON bulk TO ${runtime};
GRANT UPDATE (started_at, done_at) ON bulk TO ${runtime};
GRANT SELECT, INSERT ON bulk_item TO ${runtime};
GRANT UPDATE (state, outcome, payment, attempts, at) ON bulk_item TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON review TO ${runtime};
