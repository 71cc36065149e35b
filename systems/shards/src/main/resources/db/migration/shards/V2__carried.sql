-- What moves of slots have carried from shard to shard: two entries per account, which the books of both shards need and
-- nobody's turnover, statement or report. Written when the slot is handed over.
create table carried (
  -- version of the directory since which the account is elsewhere, as in former
  moved bigint not null,
  account text not null,
  currency text not null,
  -- debits less credits, in minor units
  net bigint not null check (net <> 0),
  from_shard int not null references shard,
  -- the entry in that shard's journal, and its booking date
  left_at bigint not null,
  left_on date not null,
  to_shard int not null references shard,
  arrived_at bigint not null,
  arrived_on date not null,
  primary key (moved, account)
);
grant select, insert on carried to ${runtime};
