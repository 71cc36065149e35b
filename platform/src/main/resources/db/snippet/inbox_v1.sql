-- Messages that a consumer has applied, so that none is applied twice. Written in the transaction of the effect.
create table inbox (
  consumer text not null,
  topic text not null,
  message_id text not null,
  received_at timestamptz not null default now(),
  primary key (consumer, topic, message_id)
);
create index inbox_received_at on inbox (received_at);

-- Keys with a message in the dead-letter topic: what follows under the same key goes there too, until released.
create table inbox_parked (
  consumer text not null,
  topic text not null,
  message_key bytea not null,
  message_id text not null,
  error text not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, topic, message_key)
);
grant select, insert, delete on inbox, inbox_parked to ${runtime};
