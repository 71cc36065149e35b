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
    kind             smallint    NOT NULL,  -- 1 transfer, 2 post, 3 reversal, 4 open account, 5 change account, 6 hold,
                                            -- 7 post pending, 8 void pending, 9 expire pending, 10 propose adjustment,
                                            -- 11 decide adjustment, 12 close day
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
    pending          bigint,                -- by how much more is reserved on both accounts afterwards; negative for less
    refers_to        bigint,                -- the reversed transaction, the hold, or the adjustment that this acts on
    linked_to        bigint,                -- the first item of its linked batch
    booking_date     date,                  -- the business day, where it is not the date of recorded_at in UTC
    value_date       date,                  -- where one was given
    expires_at       timestamptz,           -- of a hold
    reference        text,
    correlation_id   text,
    metadata         json,
    body             json                   -- the account as it became, the adjustment, who closed or decided, or the
                                            -- field and text of a rejection
);
-- The only other index on the hot table: a third costs more than all the rest of a posting.
CREATE UNIQUE INDEX journal_key ON journal (key_digest);
CREATE INDEX journal_closing ON journal (sequence) WHERE kind = 12 AND outcome = 0;
CREATE INDEX journal_refers_to ON journal (refers_to, sequence) WHERE refers_to IS NOT NULL;

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
    minimum_balance  bigint,
    maximum_balance  bigint,
    metadata         json        NOT NULL,
    state            text        NOT NULL,
    opened_at        timestamptz NOT NULL
);
CREATE INDEX account_parent ON account (parent) WHERE parent IS NOT NULL;

-- Every leg of every accepted transaction, from the journal alone.
CREATE VIEW entry AS
    SELECT j.sequence, leg.leg, leg.account_id, leg.signed_amount, leg.balance_after,
           j.recorded_at, j.booking_date, j.value_date
      FROM journal j,
           LATERAL (SELECT 0::smallint, j.debit_account, j.amount, j.debit_balance WHERE j.amount IS NOT NULL
                    UNION ALL
                    SELECT 1::smallint, j.credit_account, -j.amount, j.credit_balance WHERE j.amount IS NOT NULL
                    UNION ALL
                    SELECT ((i - 1) / 3)::smallint, j.legs[i], j.legs[i + 1], j.legs[i + 2]
                      FROM generate_series(1, cardinality(j.legs), 3) AS i)
                   AS leg (leg, account_id, signed_amount, balance_after)
     WHERE j.amount IS NOT NULL OR j.legs IS NOT NULL;

-- Projections: derived from the journal in the background, all of them at the sequence that the position names.
CREATE TABLE projection (
    name      text   PRIMARY KEY,
    sequence  bigint NOT NULL
);
INSERT INTO projection VALUES ('books', 0);

CREATE TABLE balance (
    account_id       bigint PRIMARY KEY,
    debits           bigint NOT NULL,
    credits          bigint NOT NULL,
    pending_debits   bigint NOT NULL DEFAULT 0,
    pending_credits  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Turnover of an account by the two dates of its entries: balances as of any date are sums of these.
CREATE TABLE movement (
    account_id    bigint NOT NULL,
    booking_date  date   NOT NULL,
    value_date    date   NOT NULL,
    debits        bigint NOT NULL,
    credits       bigint NOT NULL,
    PRIMARY KEY (account_id, booking_date, value_date)
) WITH (fillfactor = 50);
CREATE INDEX movement_day ON movement (booking_date);

-- Two-phase transfers: open ones are what a new writer takes over.
CREATE TABLE pending_transaction (
    id              bigint   PRIMARY KEY,
    debit_account   bigint   NOT NULL,
    credit_account  bigint   NOT NULL,
    amount          bigint   NOT NULL,
    remaining       bigint   NOT NULL,
    posted          bigint   NOT NULL DEFAULT 0,
    last_kind       smallint NOT NULL,  -- of the last journal entry about it
    expires_at      timestamptz
) WITH (fillfactor = 70);
CREATE INDEX pending_debit ON pending_transaction (debit_account, id) WHERE remaining > 0;
CREATE INDEX pending_credit ON pending_transaction (credit_account, id) WHERE remaining > 0;

CREATE TABLE adjustment (
    id              bigint  PRIMARY KEY,
    decided         bigint,             -- the journal entry of the decision
    approved        boolean,
    decided_by      text
);
CREATE INDEX adjustment_open ON adjustment (id) WHERE decided IS NULL;

-- Closed days, and where each account stood at the end of one.
CREATE TABLE day_close (
    day        date        PRIMARY KEY,
    sequence   bigint      NOT NULL,
    closed_at  timestamptz NOT NULL,
    closed_by  text        NOT NULL
);
CREATE TABLE day_balance (
    day         date   NOT NULL,
    account_id  bigint NOT NULL,
    debits      bigint NOT NULL,
    credits     bigint NOT NULL,
    PRIMARY KEY (day, account_id)
);

-- Statements, up to 64 lines of an account in a row: a row and an index entry for each line would cost more than all the
-- rest of the projection. Not compressed, and never moved out of the row.
CREATE TABLE statement_page (
    account_id      bigint   NOT NULL,
    first_sequence  bigint   NOT NULL,
    first_leg       smallint NOT NULL,
    lines           bigint[] STORAGE EXTERNAL NOT NULL,  -- {sequence, leg, signed amount, balance after}, in order
    PRIMARY KEY (account_id, first_sequence, first_leg)
) WITH (toast_tuple_target = 8160);

CREATE VIEW statement_line AS
    SELECT account_id, lines[i][1] AS sequence, lines[i][2]::smallint AS leg, lines[i][3] AS signed_amount,
           lines[i][4] AS balance_after
      FROM statement_page, generate_subscripts(lines, 1) AS i;

CREATE TABLE transaction_reference (
    reference  text   NOT NULL COLLATE "C",
    sequence   bigint NOT NULL,
    PRIMARY KEY (reference, sequence)
);

GRANT SELECT, INSERT ON journal, batch, statement_page, transaction_reference, day_close, day_balance TO ${runtime};
GRANT SELECT, UPDATE ON writer, projection TO ${runtime};
GRANT SELECT, INSERT, UPDATE ON account, balance, movement, pending_transaction, adjustment TO ${runtime};
GRANT SELECT ON entry, statement_line TO ${runtime};
