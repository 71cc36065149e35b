-- Payments, every change of their state, what was posted for them, and what was answered.

-- One message that asks for something. A row is there before anything is done for it; the columns that follow from its
-- events are filled when it is answered, and again when what was unknown then becomes known.
CREATE TABLE payment (
  id                uuid        PRIMARY KEY,
  -- SHA-256 of who sent it, what kind it is and its ids: the same message again has the same key ...
  message_key       bytea       NOT NULL UNIQUE,
  -- ... and of what it says: another message under the same ids has another digest, which is then its key.
  digest            bytea       NOT NULL,
  -- Of a new payment, its end-to-end transaction reference, which no other may use; null when another had it first.
  claimed_uetr      uuid        UNIQUE,
  business_date     date        NOT NULL,
  door              text        NOT NULL,
  node              text        NOT NULL,
  received_at       timestamptz NOT NULL,
  -- How long it had waited before it was received, in Kafka or before the door.
  waited_us         bigint      NOT NULL,
  message_type      text        NOT NULL,
  message_version   text        NOT NULL,
  message_id        text,
  instruction_id    text,
  end_to_end_id     text,
  transaction_id    text,
  uetr              uuid,
  -- The payment that had the same ids or reference first.
  original_id       uuid REFERENCES payment,
  amount            bigint,
  currency          text,
  settlement_date   date,
  priority          text        NOT NULL,
  instructing_bic   text,
  instructed_bic    text,
  debtor_account    text,
  debtor_name       text,
  creditor_account  text,
  creditor_name     text,
  message           bytea       NOT NULL,

  state             text        NOT NULL,
  status            text        NOT NULL,
  answered_at       timestamptz,
  took_us           bigint,
  compliant         boolean,
  answer            bytea,
  answer_status     text,
  reason_code       text,
  reason_path       text,
  reason_text       text,
  risk_score        double precision,
  risk_level        text,
  risk_decision     text,
  fallbacks         text[]      NOT NULL DEFAULT '{}',
  emergency         boolean     NOT NULL DEFAULT false,
  -- The ledger's transaction.
  posted            bigint,
  -- Whether nothing follows: until then an answer says "pending".
  done              boolean     NOT NULL DEFAULT false,
  -- The request for cancellation that was here before the payment's key was taken, if one was.
  recalled_by       uuid,
  -- What the liquidity service reserved, and what it still has to be told.
  reservation       text,
  follow_up         text,
  CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX payment_open ON payment (received_at) WHERE NOT done;
CREATE INDEX payment_follow_up ON payment (received_at) WHERE follow_up IS NOT NULL;
CREATE INDEX payment_received ON payment (received_at DESC, id);
CREATE INDEX payment_end_to_end ON payment (end_to_end_id);
CREATE INDEX payment_transaction ON payment (transaction_id);
CREATE INDEX payment_debtor ON payment (debtor_account, received_at DESC);
CREATE INDEX payment_creditor ON payment (creditor_account, received_at DESC);

-- Each change of state, in order: from these alone a payment's row can be made again.
CREATE TABLE payment_event (
  payment_id  uuid     NOT NULL REFERENCES payment,
  number      smallint NOT NULL,
  from_state  text,
  to_state    text     NOT NULL,
  at          timestamptz NOT NULL,
  -- Since the receipt, waiting included, when it happened; and what the stage took.
  elapsed_us  bigint   NOT NULL,
  stage_us    bigint   NOT NULL,
  -- What the stage was given, and of that what was saved before it or lent by stages to come.
  budget_us   bigint   NOT NULL,
  bonus_us    bigint   NOT NULL,
  borrowed_us bigint   NOT NULL,
  node        text     NOT NULL,
  thread      text     NOT NULL,
  -- Breakers that were not closed.
  breakers    text[]   NOT NULL DEFAULT '{}',
  code        text,
  reason      text,
  PRIMARY KEY (payment_id, number)
);

-- What could not be read, for a person to look at.
CREATE TABLE dead_letter (
  id          uuid        PRIMARY KEY,
  received_at timestamptz NOT NULL,
  door        text        NOT NULL,
  reason_code text        NOT NULL,
  reason_text text        NOT NULL,
  message     bytea       NOT NULL
);

GRANT SELECT, INSERT ON dead_letter TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON payment TO ${runtime};
GRANT SELECT, INSERT ON payment_event TO ${runtime};
${outbox_v1}
