-- What nodes that share this database share with a cache beside it: the key that answers are sealed under there.
-- Who can read it can also write answers into the table of payments, so it opens nothing that was not open.
CREATE TABLE cache_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea   NOT NULL
);

GRANT SELECT, INSERT ON cache_key TO ${runtime};
