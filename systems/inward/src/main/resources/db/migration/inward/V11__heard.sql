-- What people say of payments on one node is heard by the others.

ALTER TABLE fraud_feedback
  -- Which life of which node has heard it already, as it was said there; null for what is older.
  ADD COLUMN heard_by  uuid,
  -- As of fraud_result: read up to the oldest transaction that is still open.
  ADD COLUMN stored_in xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX fraud_feedback_stored ON fraud_feedback (stored_in, id);
