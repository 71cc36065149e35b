-- How fraud is judged, as people have set it: values, lists, and which model serves; and what nodes see of each other.

-- Each change of settings or lists: proposed by one person, approved by another. Rows are never changed once decided. The
-- order of approvals is the revision, from 2 on: 1 is the program's own values. Each decision on a payment records it.
CREATE TABLE fraud_change (
  version         bigint      PRIMARY KEY,
  -- Of the proposal: the same again is the same.
  id              uuid        NOT NULL UNIQUE,
  kind            text        NOT NULL CHECK (kind IN ('SETTINGS', 'LIST')),
  -- Of settings, by key: the number to be, or null for the program's own.
  changes         jsonb       NOT NULL,
  -- The version whose state this one brings back, or whose entries it takes back.
  rollback_of     bigint      REFERENCES fraud_change,
  reason          text        NOT NULL,
  proposed_by     text        NOT NULL,
  proposed_at     timestamptz NOT NULL,
  approved        boolean,
  decided_by      text,
  decided_at      timestamptz,
  decision_reason text,
  revision        bigint      UNIQUE,
  -- Of approved settings: everything that is set from then on.
  settings        jsonb,
  CHECK ((approved IS NULL) = (decided_by IS NULL) AND (approved IS NULL) = (decided_at IS NULL)),
  CHECK ((approved IS TRUE) = (revision IS NOT NULL)),
  CHECK ((settings IS NOT NULL) = (approved IS TRUE AND kind = 'SETTINGS')),
  CONSTRAINT four_eyes CHECK (approved IS NOT TRUE OR lower(btrim(proposed_by)) <> lower(btrim(decided_by)))
);
CREATE INDEX fraud_change_open ON fraud_change (version) WHERE approved IS NULL;

-- Whom lists name; in force once the change is approved, and until its time. Accounts are there as pseudonyms.
CREATE TABLE fraud_list_entry (
  id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  change bigint      NOT NULL REFERENCES fraud_change,
  deny   boolean     NOT NULL,
  kind   text        NOT NULL CHECK (kind IN ('ACCOUNT', 'BANK')),
  key    bigint      NOT NULL CHECK (key <> 0),
  -- The BIC of a bank; of an account its last characters.
  shown  text        NOT NULL,
  reason text        NOT NULL,
  until  timestamptz NOT NULL
);
CREATE INDEX fraud_list_entry_change ON fraud_list_entry (change);

-- Entries that a change takes off, once it is approved.
CREATE TABLE fraud_list_removal (
  change bigint NOT NULL REFERENCES fraud_change,
  entry  bigint NOT NULL REFERENCES fraud_list_entry,
  PRIMARY KEY (change, entry)
);
CREATE INDEX fraud_list_removal_entry ON fraud_list_removal (entry);

GRANT SELECT, INSERT ON fraud_change, fraud_list_entry, fraud_list_removal TO ${runtime};
GRANT UPDATE (approved, decided_by, decided_at, decision_reason, revision, settings) ON fraud_change TO ${runtime};

-- Files of models, so that nodes with folders of their own can serve them, and which of them serves whom: the newest row
-- holds. Never changed.
CREATE TABLE fraud_model (
  id          text  PRIMARY KEY,
  fingerprint text  NOT NULL,
  file        bytea NOT NULL
);
CREATE TABLE fraud_serving (
  generation bigint      PRIMARY KEY,
  assignment text        NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON fraud_model, fraud_serving TO ${runtime};

ALTER TABLE fraud_result
  -- What else the rules were given: the banks, and what the traffic asked of thresholds that follow it.
  ADD COLUMN payer_bank text,
  ADD COLUMN payee_bank text,
  ADD COLUMN followed   bigint[],
  -- Whether models could refuse.
  ADD COLUMN warm       boolean,
  -- The transaction that stored it: other nodes read up to the oldest that is still open, so that none is missed.
  ADD COLUMN stored_in  xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX fraud_result_stored ON fraud_result (stored_in, number);
CREATE INDEX fraud_result_hits ON fraud_result (at DESC) WHERE rules <> '{}';
-- The counterparties of an account.
CREATE INDEX fraud_result_debtor ON fraud_result (debtor_key, at DESC);
CREATE INDEX fraud_result_creditor ON fraud_result (creditor_key, at DESC);
