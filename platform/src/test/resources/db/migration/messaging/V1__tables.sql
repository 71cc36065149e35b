${outbox_v1}
${inbox_v1}
${idempotency_v1}

-- What the tests' transactions change.
create table effect (
  id bigint generated always as identity primary key,
  key text,
  value text not null
);
grant select, insert on effect to ${runtime};
