-- %(people)s people, the spare ones among them; ids count from 1, as the library's own do.
INSERT INTO django_scim2_person (id, password, is_superuser, first_name, last_name, email, is_staff, is_active,
                                 date_joined, username, scim_id, scim_external_id, scim_username)
SELECT i + 1, '', false, 'Given' || digits, 'Family' || digits, name, false, true, now(), name, (i + 1)::text,
       'ext-' || name, name
FROM (SELECT i, lpad(i::text, 7, '0') AS digits, 'user' || lpad(i::text, 7, '0') || '@bench.example' AS name
      FROM generate_series(0, %(people)s - 1) AS i) AS person;
SELECT setval(pg_get_serial_sequence('django_scim2_person', 'id'), %(people)s);
INSERT INTO django_scim2_team (id, name, scim_id, scim_display_name)
SELECT size, 'grp-' || size, size::text, 'grp-' || size FROM unnest(%(groups)s::int[]) AS size;
SELECT setval(pg_get_serial_sequence('django_scim2_team', 'id'), 1000000);
INSERT INTO django_scim2_person_scim_groups (person_id, team_id)
SELECT i, size FROM unnest(%(groups)s::int[]) AS size, generate_series(1, size) AS i;
