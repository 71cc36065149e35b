CREATE TABLE ${schema}.coin (
    id bigint PRIMARY KEY,
    face text NOT NULL
);

CREATE TABLE secret (id bigint PRIMARY KEY);

CREATE FUNCTION forge() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';

GRANT SELECT, INSERT ON coin TO ${runtime};
