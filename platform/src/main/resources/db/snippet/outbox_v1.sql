-- Messages committed with the change they tell of, on their way to Kafka; gone once the broker has them.
create table outbox (
  id bigint generated always as identity primary key,
  message_id uuid not null default gen_random_uuid(),
  topic text not null,
  message_key text not null,
  -- name, value, name, value
  headers text[] not null,
  payload bytea not null,
  created_at timestamptz not null default clock_timestamp()
) with (
  -- Every row is deleted soon after its insertion: vacuum by count, whatever the size, or reads wade through the dead.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 100000
);
grant select, insert, delete on outbox to ${runtime};
