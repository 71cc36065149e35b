-- Dead letters that somebody handed in again.

CREATE INDEX dead_letter_received ON dead_letter (received_at DESC, id DESC);

-- A row is there before the message is handed in; what became of it follows.
CREATE TABLE resubmission (
  id             uuid        PRIMARY KEY,
  dead_letter_id uuid        NOT NULL REFERENCES dead_letter,
  at             timestamptz NOT NULL,
  by             text        NOT NULL,
  -- Whether another text was handed in than had come.
  changed        boolean     NOT NULL,
  payment_id     uuid,
  answer_status  text,
  again          uuid REFERENCES dead_letter,
  CHECK (payment_id IS NULL OR again IS NULL)
);
CREATE INDEX resubmission_of ON resubmission (dead_letter_id);

GRANT SELECT, INSERT, UPDATE ON resubmission TO ${runtime};
