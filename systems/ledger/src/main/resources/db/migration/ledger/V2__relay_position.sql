-- How far the journal has been sent to Kafka. The journal is its own outbox: this row is all the relay writes.
create table relay_position (
  relay text primary key,
  -- the last journal position that the broker has acknowledged, and all before it
  position bigint not null check (position >= 0),
  updated_at timestamptz not null default now()
);
grant select, insert, update on relay_position to ${runtime};
