-- What was predicted when a stage ended: how likely the payment was to miss its time within the next two stages, and
-- whether that made it a payment at risk, by the threshold that was configured for it. Null where nothing was predicted.
ALTER TABLE payment_event
  ADD COLUMN breach_probability real CHECK (breach_probability BETWEEN 0 AND 1),
  ADD COLUMN at_risk boolean NOT NULL DEFAULT false;
