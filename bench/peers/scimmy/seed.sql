-- A document per resource, the name in an indexed column, memberships as rows.
CREATE TABLE person (id uuid PRIMARY KEY, name text NOT NULL, document jsonb NOT NULL, version int NOT NULL DEFAULT 1,
                     created timestamptz NOT NULL DEFAULT now(), modified timestamptz NOT NULL DEFAULT now());
CREATE TABLE team (LIKE person INCLUDING ALL);
CREATE TABLE membership (team_id uuid NOT NULL, person_id uuid NOT NULL, PRIMARY KEY (team_id, person_id));
CREATE UNIQUE INDEX ON person (lower(name));
CREATE UNIQUE INDEX ON team (lower(name));
INSERT INTO person (id, name, document)
SELECT md5(name)::uuid, name, jsonb_build_object(
    'externalId', 'ext-' || name, 'userName', name, 'displayName', 'Given' || digits || ' Family' || digits,
    'active', true, 'title', 'Engineer', 'preferredLanguage', 'en-US',
    'name', jsonb_build_object('givenName', 'Given' || digits, 'familyName', 'Family' || digits,
                               'formatted', 'Given' || digits || ' Family' || digits),
    'emails', jsonb_build_array(jsonb_build_object('type', 'work', 'value', name, 'primary', true)),
    'phoneNumbers', jsonb_build_array(jsonb_build_object('type', 'work', 'value', '+1 555 ' || digits)),
    'addresses', jsonb_build_array(jsonb_build_object('type', 'work', 'streetAddress', '1 Main Street',
        'locality', 'Springfield', 'postalCode', '12345', 'country', 'US')),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', digits,
        'department', 'Research', 'organization', 'Bench', 'division', 'D1', 'costCenter', 'CC1'))
FROM (SELECT lpad(i::text, 7, '0') AS digits, 'user' || lpad(i::text, 7, '0') || '@bench.example' AS name
      FROM generate_series(0, %(people)s - 1) AS i) AS person;
INSERT INTO team (id, name, document)
SELECT md5('grp-' || size)::uuid, 'grp-' || size,
       jsonb_build_object('displayName', 'grp-' || size, 'externalId', 'ext-grp-' || size)
FROM unnest(%(groups)s::int[]) AS size;
INSERT INTO membership
SELECT md5('grp-' || size)::uuid, md5('user' || lpad(i::text, 7, '0') || '@bench.example')::uuid
FROM unnest(%(groups)s::int[]) AS size, generate_series(0, size - 1) AS i;
