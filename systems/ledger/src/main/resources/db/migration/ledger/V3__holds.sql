-- Holds by their own reference or correlation id, and open ones over the whole ledger. Partial, so that a posting costs
-- no index entry here.
CREATE INDEX journal_hold_reference ON journal (reference) WHERE kind = 6 AND outcome = 0 AND reference IS NOT NULL;
CREATE INDEX journal_hold_correlation ON journal (correlation_id)
    WHERE kind = 6 AND outcome = 0 AND correlation_id IS NOT NULL;
CREATE INDEX pending_open ON pending_transaction (id) WHERE remaining > 0;
