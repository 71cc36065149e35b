-- What comes and goes with each payment stands in narrow tables of its own: a payment's row is changed once, when it is
-- answered, and no index has to follow that (a "heap-only" update).

DROP INDEX payment_open;
DROP INDEX payment_follow_up;
DROP INDEX payment_late;

-- Payments without a final answer.
CREATE TABLE payment_open (
  payment_id  uuid        PRIMARY KEY,
  received_at timestamptz NOT NULL,
  node        text        NOT NULL
);
INSERT INTO payment_open SELECT id, received_at, node FROM payment WHERE NOT done;

-- What the liquidity service still has to be told of payments that have their answer.
CREATE TABLE payment_owed (
  payment_id  uuid        PRIMARY KEY,
  answered_at timestamptz NOT NULL,
  follow_up   text        NOT NULL
);
INSERT INTO payment_owed SELECT id, answered_at, follow_up FROM payment WHERE follow_up IS NOT NULL;

ALTER TABLE payment DROP COLUMN follow_up;
ALTER TABLE payment ADD COLUMN late boolean NOT NULL GENERATED ALWAYS AS (compliant IS FALSE) STORED;
CREATE INDEX payment_late ON payment (received_at DESC) WHERE late;
-- Room on its page for the row as it is when it is answered.
ALTER TABLE payment SET (fillfactor = 40);

-- New money claims its reference, which has an index already: this one is of the others.
DROP INDEX payment_uetr;
CREATE INDEX payment_uetr ON payment (uetr) WHERE claimed_uetr IS NULL;

-- Rows here are written by those who have just written the payment, nine of them each: looking it up again for each took
-- as long as writing it.
ALTER TABLE payment_event DROP CONSTRAINT payment_event_payment_id_fkey;
ALTER TABLE fraud_result DROP CONSTRAINT fraud_result_payment_id_fkey;

-- They are emptied as fast as they are filled.
ALTER TABLE payment_open SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
ALTER TABLE payment_owed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

GRANT SELECT, INSERT, DELETE ON payment_open, payment_owed TO ${runtime};
-- A span is counted in slices that are added up.
GRANT UPDATE ON tally TO ${runtime};
