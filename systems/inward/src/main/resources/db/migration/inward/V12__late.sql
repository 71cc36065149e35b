-- Spans (see tally) with payments that were stored long after they were received: they may have been counted without
-- them. Looking for these was reading two minutes of payments again and again.
CREATE TABLE tally_late (
  id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON tally_late TO ${runtime};

-- What is open and owed is read in a few milliseconds, and not to be spared.
ALTER TABLE payment_open SET (autovacuum_vacuum_cost_delay = 0);
ALTER TABLE payment_owed SET (autovacuum_vacuum_cost_delay = 0);

-- Rows here are added and changed once: reading a table anew for each tenth that it has grown by takes as much of a
-- processor as storing the payments, and tells the planner nothing new.
ALTER TABLE payment SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_scale_factor = 0.5,
                         autovacuum_vacuum_insert_scale_factor = 0.5);
ALTER TABLE payment_event SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5);
ALTER TABLE fraud_result SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5);
