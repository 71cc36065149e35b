-- How payments are worked on, as people have configured it, and what they have ordered for a while.

-- Each version of each value: proposed by one person, approved by another. Rows are never changed once decided; what
-- applies follows from them. The order of approvals is the revision, which each payment records.
CREATE TABLE configuration (
  config_key            text        NOT NULL,
  version               bigint      NOT NULL,
  -- A number in the key's unit; null takes away what was said for the same scope before.
  config_value          jsonb,
  config_category       text        NOT NULL,
  -- What it applies to; null for everything. Amounts from the lower bound on, below the upper one.
  message_type          text,
  currency              text,
  least_minor           bigint,
  most_minor            bigint,
  service_instance      text,
  effective_from        timestamptz NOT NULL,
  effective_until       timestamptz,
  -- With an experiment it applies to so many per cent of payments, chosen by a hash of their keys.
  experiment_id         text,
  experiment_percentage numeric(5, 2),
  -- The version whose value this one brings back.
  rollback_version      bigint,
  reason                text        NOT NULL,
  created_by            text        NOT NULL,
  created_at            timestamptz NOT NULL,
  approved              boolean,
  decided_by            text,
  decided_at            timestamptz,
  decision_reason       text,
  revision              bigint      UNIQUE,
  PRIMARY KEY (config_key, version),
  CHECK ((approved IS NULL) = (decided_by IS NULL) AND (approved IS NULL) = (decided_at IS NULL)),
  CHECK ((approved IS TRUE) = (revision IS NOT NULL)),
  CHECK ((experiment_id IS NULL) = (experiment_percentage IS NULL)),
  CHECK (experiment_percentage BETWEEN 0.01 AND 100),
  CHECK (effective_until > effective_from),
  CONSTRAINT four_eyes CHECK (approved IS NOT TRUE OR lower(btrim(created_by)) <> lower(btrim(decided_by)))
);
CREATE INDEX configuration_open ON configuration (created_at) WHERE approved IS NULL;

GRANT SELECT, INSERT ON configuration TO ${runtime};
GRANT UPDATE (approved, decided_by, decided_at, decision_reason, revision) ON configuration TO ${runtime};

-- What somebody orders for a while, because something is wrong. What lets money pass with fewer checks takes two people.
CREATE TABLE measure (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind            text        NOT NULL,
  -- Of a breaker: its name, and what it is made to do.
  breaker         text,
  breaker_mode    text,
  -- Of more time: how much.
  extension_ms    integer,
  -- Of a payment that is completed by hand.
  payment_id      uuid        REFERENCES payment,
  -- What it applies to; null for everything.
  message_type    text,
  currency        text,
  lasts_s         integer     NOT NULL CHECK (lasts_s BETWEEN 1 AND 3600),
  reason          text        NOT NULL,
  proposed_by     text        NOT NULL,
  proposed_at     timestamptz NOT NULL DEFAULT now(),
  approved        boolean,
  decided_by      text,
  decided_at      timestamptz,
  decision_reason text,
  -- From the approval on, and until it is ended before.
  ends_at         timestamptz,
  ended_by        text,
  ended_at        timestamptz,
  CHECK ((approved IS NULL) = (decided_by IS NULL) AND (approved IS NULL) = (decided_at IS NULL)),
  CHECK ((approved IS TRUE) = (ends_at IS NOT NULL)),
  CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
  CONSTRAINT four_eyes CHECK (approved IS NOT TRUE OR kind IN ('SLA_EXTENSION', 'BREAKER_OVERRIDE')
                              OR lower(btrim(proposed_by)) <> lower(btrim(decided_by)))
);
CREATE INDEX measure_ends ON measure (ends_at) WHERE approved AND ended_at IS NULL;
CREATE INDEX measure_open ON measure (proposed_at) WHERE approved IS NULL;
CREATE INDEX measure_payment ON measure (payment_id) WHERE payment_id IS NOT NULL;

-- How much of what a measure lets pass nodes have taken to give out, in minor units: never more than its cap.
CREATE TABLE measure_lease (
  measure_id   bigint NOT NULL REFERENCES measure,
  currency     text   NOT NULL,
  leased_minor bigint NOT NULL,
  PRIMARY KEY (measure_id, currency)
);

-- Who did what to a measure, in order; append-only.
CREATE TABLE measure_event (
  number     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  measure_id bigint      NOT NULL REFERENCES measure,
  at         timestamptz NOT NULL DEFAULT now(),
  what       text        NOT NULL,
  by_whom    text        NOT NULL,
  note       text        NOT NULL
);
CREATE INDEX measure_event_of ON measure_event (measure_id, number);

GRANT SELECT, INSERT ON measure TO ${runtime};
GRANT UPDATE (approved, decided_by, decided_at, decision_reason, ends_at, ended_by, ended_at) ON measure TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON measure_lease TO ${runtime};
GRANT SELECT, INSERT ON measure_event TO ${runtime};

-- What nodes tell each other of their breakers; rows of the last hour are kept.
CREATE TABLE breaker_notice (
  number  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  node    text        NOT NULL,
  breaker text        NOT NULL,
  opened  boolean     NOT NULL
);
CREATE INDEX breaker_notice_at ON breaker_notice (at);

GRANT SELECT, INSERT, DELETE ON breaker_notice TO ${runtime};

-- What a payment was decided under.
ALTER TABLE payment
  -- The revision of the configuration, 0 before any, and the experiments it was in.
  ADD COLUMN config_revision bigint   NOT NULL DEFAULT 0,
  ADD COLUMN experiments     text[]   NOT NULL DEFAULT '{}',
  -- Measures that were in force for it.
  ADD COLUMN measures        bigint[] NOT NULL DEFAULT '{}';
