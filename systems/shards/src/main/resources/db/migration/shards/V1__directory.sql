-- Which shard has which slot. Lives beside the first shard's ledger; the ledgers know nothing of it.
create table directory (
  one boolean primary key default true check (one),
  -- the directory's own identity: each shard's ledger carries it, so that none is taken for another
  id uuid not null,
  version bigint not null check (version > 0)
);
create table shard (
  index int primary key check (index between 0 and 31),
  name text not null unique,
  added_at timestamptz not null default now()
);
create table slot (
  slot int primary key check (slot between 0 and 4095),
  shard int not null references shard,
  state text not null check (state in ('SETTLED', 'ANNOUNCED', 'MOVING')),
  -- where it moves to; its own shard while it does not
  target int not null references shard,
  -- version at which its last move was announced, which names the move; and where its shard's journal ended when the
  -- slot went out of service there
  announced bigint not null default 0,
  position bigint not null default 0,
  check ((state = 'SETTLED') = (target = shard))
);
-- Shards that had a slot before: keys used there are answered from there.
create table former (
  slot int not null references slot,
  -- version of the directory since which it is elsewhere
  moved bigint not null,
  shard int not null references shard,
  -- where its journal ended when the slot went out of service there: what it rejects of the slot later is no answer
  position bigint not null,
  primary key (slot, moved)
);
grant select, insert, update on directory, shard, slot to ${runtime};
grant select, insert on former to ${runtime};
