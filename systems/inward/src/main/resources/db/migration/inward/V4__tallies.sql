-- What dashboards and reports count, so that they need not read the payments: a few hundred rows for each ten seconds
-- and for each hour, however many payments there were.

-- How many of a kind were received within a span, and how long they took together. A span is written whole or not at
-- all, and written again when something in it changed: the same payments always give the same rows.
CREATE TABLE tally (
  -- Length of the span: 10 or 3600.
  seconds   smallint    NOT NULL CHECK (seconds IN (10, 3600)),
  at        timestamptz NOT NULL,
  -- What is counted (see store.Tallier) and which: the kind 'status' with the key 'COMPLETED'.
  kind      text        NOT NULL,
  key       text        NOT NULL,
  -- For what takes time the number of the bin of api.Timing; 0 for the rest.
  bin       smallint    NOT NULL,
  count     bigint      NOT NULL,
  total_us  bigint      NOT NULL,
  PRIMARY KEY (seconds, at, kind, key, bin)
);

-- Up to where payments are counted; null before the first was.
CREATE TABLE tally_state (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  until timestamptz
);
INSERT INTO tally_state DEFAULT VALUES;

-- Spans that are looked at again: what was received in them may not have been answered, or not even been stored.
CREATE TABLE tally_again (
  at        timestamptz PRIMARY KEY,
  looked_at timestamptz NOT NULL,
  -- What was seen: payments, of these answered, of these with nothing to follow.
  payments  bigint NOT NULL,
  answered  bigint NOT NULL,
  done      bigint NOT NULL
);

-- Searching by these reads few rows of many.
CREATE INDEX payment_uetr ON payment (uetr);
CREATE INDEX payment_message_id ON payment (message_id);
CREATE INDEX payment_reason ON payment (reason_code, received_at DESC) WHERE reason_code IS NOT NULL;
CREATE INDEX payment_late ON payment (received_at DESC) WHERE NOT compliant;
CREATE INDEX payment_original ON payment (original_id) WHERE original_id IS NOT NULL;

GRANT SELECT, INSERT, DELETE ON tally TO ${runtime};
GRANT SELECT, UPDATE ON tally_state TO ${runtime};
GRANT SELECT, INSERT, UPDATE, DELETE ON tally_again TO ${runtime};
