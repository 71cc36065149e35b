-- How payments were scored for fraud, what people said of them later, and who changed which model serves.

-- One row for each payment that was given to the models. What they were given stands in it as bytes, so that the same
-- file gives the same score again; the accounts only as pseudonyms.
CREATE TABLE fraud_result (
  payment_id       uuid             PRIMARY KEY REFERENCES payment,
  -- The order in which payments were seen: what was known of each is what came before it.
  number           bigint           NOT NULL,
  node             text             NOT NULL,
  at               timestamptz      NOT NULL,
  model            text             NOT NULL,
  -- SHA-256 of its file.
  fingerprint      text             NOT NULL,
  margin           double precision NOT NULL,
  probability      double precision NOT NULL,
  rule_score       double precision NOT NULL,
  -- Of model and rules together, 0 to 1.
  score            double precision NOT NULL,
  risk_level       text             NOT NULL,
  decision         text             NOT NULL,
  -- Whether the payment was refused for it.
  refused          boolean          NOT NULL,
  rules            text[]           NOT NULL,
  rule_action      text             NOT NULL,
  rule_version     bigint           NOT NULL,
  evidence         bytea            NOT NULL,
  -- Null for what was approved: made from the evidence when somebody asks.
  explanation      text,
  took_us          bigint           NOT NULL,
  kind             text             NOT NULL,
  debtor_key       bigint           NOT NULL,
  creditor_key     bigint           NOT NULL,
  debtor_country   text             NOT NULL,
  creditor_country text             NOT NULL,
  amount           bigint           NOT NULL,
  currency         text             NOT NULL,
  base_amount      bigint           NOT NULL,
  -- What a person said last; null while nobody has.
  fraud            boolean
);
CREATE INDEX fraud_result_number ON fraud_result (number);
CREATE INDEX fraud_result_queue ON fraud_result (at DESC) WHERE decision <> 'APPROVE' AND fraud IS NULL;
CREATE INDEX fraud_result_decision ON fraud_result (decision, at DESC) WHERE decision <> 'APPROVE';

-- What people said of payments, all of it.
CREATE TABLE fraud_feedback (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payment_id uuid        NOT NULL REFERENCES fraud_result,
  fraud      boolean     NOT NULL,
  note       text,
  said_by    text        NOT NULL,
  said_at    timestamptz NOT NULL
);
CREATE INDEX fraud_feedback_payment ON fraud_feedback (payment_id, id);

-- The secret that account numbers are turned into pseudonyms with: one for all nodes, for as long as results are kept.
CREATE TABLE fraud_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea   NOT NULL
);

-- Changes of which model serves: proposed by one person, decided by another.
CREATE TABLE fraud_model_change (
  id          uuid        PRIMARY KEY,
  action      text        NOT NULL,
  model       text,
  percent     integer,
  reason      text        NOT NULL,
  proposed_by text        NOT NULL,
  proposed_at timestamptz NOT NULL,
  state       text        NOT NULL,
  decided_by  text,
  decided_at  timestamptz,
  CHECK (decided_by IS NULL OR decided_by <> proposed_by)
);

GRANT SELECT, INSERT, UPDATE (fraud) ON fraud_result TO ${runtime};
GRANT SELECT, INSERT ON fraud_feedback, fraud_key TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON fraud_model_change TO ${runtime};
