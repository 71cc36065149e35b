-- Keys of the subjects whose personal data is sealed, beside the journal and no part of it: what is erased here cannot
-- be opened there any more. Of a ledger over several databases only the first one's tables are used.

-- The secret that keys are named by, wrapped by the master key: who can unwrap it has the right master key. One row,
-- made with the first key; its generation moves when all keys are wrapped by another master key.
CREATE TABLE subject_master (
    generation  integer PRIMARY KEY,
    naming      bytea   NOT NULL,
    only_one    boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one)
);

-- The reference makes a key that was wrapped by a former master key impossible, also one made at that very moment.
CREATE TABLE subject_key (
    name        text        PRIMARY KEY CHECK (name ~ '^[0-9a-f]{32}$'),
    wrapped     bytea,                            -- null once the subject was erased
    generation  integer     NOT NULL REFERENCES subject_master (generation) ON UPDATE CASCADE,
    made_at     timestamptz NOT NULL DEFAULT now(),
    erased_at   timestamptz,
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
)
-- So that what an erasure leaves behind in the table's pages is cleared away within minutes.
WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

-- The only change that the runtime role may make to a key.
CREATE FUNCTION erase_subject(subject text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $$
DECLARE
    had boolean;
BEGIN
    SELECT wrapped IS NOT NULL INTO had FROM subject_key WHERE name = subject FOR UPDATE;
    INSERT INTO subject_key (name, generation, erased_at) SELECT subject, generation, now() FROM subject_master
        ON CONFLICT (name) DO UPDATE SET wrapped = NULL, erased_at = coalesce(subject_key.erased_at, now());
    RETURN coalesce(had, false);
END $$;

GRANT SELECT, INSERT ON subject_master, subject_key TO ${runtime};
REVOKE EXECUTE ON FUNCTION erase_subject(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_subject(text) TO ${runtime};
