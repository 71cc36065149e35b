-- What opened or changed accounts, and decided adjustments: so that the account table can be compared with the journal
-- without reading all of it. Partial, so that a posting costs no index entry here.
CREATE INDEX journal_account ON journal (sequence) WHERE outcome = 0 AND kind IN (4, 5, 11);

-- Who asked for an erasure and who decided it stays as it was: the one change is from waiting to decided.
CREATE FUNCTION refuse_erasure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved IS NOT NULL OR NEW.approved IS NULL
       OR (OLD.id, OLD.name, OLD.subject, OLD.author, OLD.reason, OLD.proposed_at)
          IS DISTINCT FROM (NEW.id, NEW.name, NEW.subject, NEW.author, NEW.reason, NEW.proposed_at) THEN
        RAISE EXCEPTION '% is append-only: a proposal is decided once, and stays as it is', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_decided_once BEFORE UPDATE ON subject_erasure
    FOR EACH ROW EXECUTE FUNCTION refuse_erasure_change();
CREATE TRIGGER erasure_append_only BEFORE DELETE OR TRUNCATE ON subject_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
