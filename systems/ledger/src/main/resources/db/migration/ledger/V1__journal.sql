-- The ledger's truth is one append-only table, the journal: every command that was decided, accepted or rejected, in
-- the order of decision. Everything else here can be derived from it again.

-- Who may write, and where the journal ends. Each batch moves this row in its own transaction, so a writer whose epoch
-- has passed changes nothing, and the row lock makes anyone who asks wait until a batch in flight has ended.
CREATE TABLE writer (
    shard          smallint    PRIMARY KEY CHECK (shard = 1),
    epoch          bigint      NOT NULL,
    node           text        NOT NULL,
    url            text        NOT NULL,
    token          text        NOT NULL,
    lease_until    timestamptz NOT NULL,
    last_sequence  bigint      NOT NULL,
    last_hash      bytea       NOT NULL
);
INSERT INTO writer VALUES (1, 0, '', '', '', '-infinity', 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE journal (
    sequence         bigint      PRIMARY KEY,
    recorded_at      timestamptz NOT NULL,
    kind             smallint    NOT NULL,  -- 1 transfer, 2 post, 3 reversal, 4 open account, 5 change account
    outcome          smallint    NOT NULL,  -- 0 accepted, else the code of the rejection reason
    key_digest       uuid        NOT NULL,
    request_digest   uuid        NOT NULL,
    idempotency_key  text        NOT NULL,
    debit_account    bigint,                -- two legs, debit first: the common case, without an array
    credit_account   bigint,
    amount           bigint,
    debit_balance    bigint,                -- debits minus credits of that account after the transaction
    credit_balance   bigint,
    legs             bigint[],              -- other shapes: account, signed amount (debit positive), balance after; ...
    reversal_of      bigint,
    reference        text,
    correlation_id   text,
    metadata         json,
    body             json                   -- the account as it became, or the field and text of a rejection
);
-- The only other index on the hot table: a third costs more than all the rest of a posting.
CREATE UNIQUE INDEX journal_key ON journal (key_digest);
CREATE UNIQUE INDEX journal_reversal ON journal (reversal_of) WHERE reversal_of IS NOT NULL AND outcome = 0;

-- One row per committed batch; hash = SHA-256(hash of the batch before, then its journal rows as COPY BINARY tuples).
CREATE TABLE batch (
    first_sequence  bigint PRIMARY KEY,
    last_sequence   bigint NOT NULL,
    epoch           bigint NOT NULL,
    hash            bytea  NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct by new entries', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Accounts as they are now; written in the transaction of the command that opened or changed them.
CREATE TABLE account (
    id               bigint      PRIMARY KEY,
    code             text        NOT NULL COLLATE "C" UNIQUE,
    name             text        NOT NULL,
    type             text        NOT NULL,
    normal_side      text        NOT NULL,
    currency         text,
    parent           text        COLLATE "C",
    rule             text        NOT NULL,
    overdraft_limit  bigint      NOT NULL,
    metadata         json        NOT NULL,
    state            text        NOT NULL,
    opened_at        timestamptz NOT NULL
);

-- Every leg of every accepted transaction, from the journal alone.
CREATE VIEW entry AS
    SELECT sequence, 0::smallint AS leg, debit_account AS account_id, amount AS signed_amount,
           debit_balance AS balance_after
      FROM journal WHERE amount IS NOT NULL
    UNION ALL
    SELECT sequence, 1::smallint, credit_account, -amount, credit_balance
      FROM journal WHERE amount IS NOT NULL
    UNION ALL
    SELECT j.sequence, ((i - 1) / 3)::smallint, legs[i], legs[i + 1], legs[i + 2]
      FROM journal j, generate_series(1, cardinality(legs), 3) AS i WHERE legs IS NOT NULL;

-- Projections: derived from the journal in the background, all of them at the sequence that the position names.
CREATE TABLE projection (
    name      text   PRIMARY KEY,
    sequence  bigint NOT NULL
);
INSERT INTO projection VALUES ('books', 0);

CREATE TABLE balance (
    account_id  bigint PRIMARY KEY,
    debits      bigint NOT NULL,
    credits     bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE statement_line (
    account_id     bigint   NOT NULL,
    sequence       bigint   NOT NULL,
    leg            smallint NOT NULL,
    signed_amount  bigint   NOT NULL,
    balance_after  bigint   NOT NULL,
    PRIMARY KEY (account_id, sequence, leg)
);

CREATE TABLE transaction_reference (
    reference  text   NOT NULL COLLATE "C",
    sequence   bigint NOT NULL,
    PRIMARY KEY (reference, sequence)
);

GRANT SELECT, INSERT ON journal, batch, statement_line, transaction_reference TO ${runtime};
GRANT SELECT, UPDATE ON writer, projection TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON account, balance TO ${runtime};
GRANT SELECT ON entry TO ${runtime};
