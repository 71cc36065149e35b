-- What was answered under each idempotency key. Written in the transaction of the effect.
create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash bytea not null,
  -- null only inside the transaction that makes the effect
  status integer,
  content_type text,
  body bytea,
  -- null: kept for ever
  expires_at timestamptz,
  primary key (scope, key)
);
create index idempotency_key_expires_at on idempotency_key (expires_at) where expires_at is not null;
grant select, insert, update, delete on idempotency_key to ${runtime};
