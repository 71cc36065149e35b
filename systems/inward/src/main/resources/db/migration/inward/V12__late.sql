-- Spans (see tally) with payments that were stored long after they were received: they may have been counted without
-- them. Looking for these was reading two minutes of payments again and again.
CREATE TABLE tally_late (
  at timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON tally_late TO ${runtime};
