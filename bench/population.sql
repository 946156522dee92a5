-- {users} people and {companies} companies, and {members} members of the first company. Rows that lead to each other
-- are made by number, so that no key must be looked up; the keys are right, and asking again would cost most of the time.
SET LOCAL session_replication_role = replica;
SET LOCAL statement_timeout = 0;
SET LOCAL maintenance_work_mem = '512MB';

CREATE TEMPORARY TABLE firms ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id, (1000000 + n)::text AS cr_number FROM generate_series(0, {companies} - 1) AS n;

CREATE TEMPORARY TABLE crowd ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS device, gen_random_uuid() AS session,
       gen_random_uuid() AS membership, 'crowd' || n || '@example.com' AS email, md5(n::text) AS digits,
       now() - n % 200 * interval '1 day' AS at
FROM generate_series(0, {users} - 1) AS n;

INSERT INTO accounts_user
    (id, email, email_key, password, session_stamp, first_name, last_name, search_key, match_key, gender,
     civil_id_sealed, civil_id_digest, mobile, language, audience, is_active, created_at, password_changed_at)
SELECT crowd.id, crowd.email, crowd.email, first.password, digits, first.first_name, first.last_name,
       'person ' || substr(digits, 1, 8), 'person' || substr(digits, 1, 8), 'm', first.civil_id_sealed,
       '1:' || encode(sha256(digits::bytea), 'hex'), '+9655' || lpad(n::text, 7, '0'), 'ar', first.audience, true, at, at
FROM crowd JOIN accounts_user AS first ON first.email_key = 'person1@example.com';

INSERT INTO account_emailaddress (user_id, email, verified, "primary") SELECT id, email, true, true FROM crowd;

INSERT INTO accounts_consent (user_id, subject, version, text_hash, given_at)
SELECT crowd.id, 'terms', first.version, first.text_hash, at
FROM crowd, (SELECT * FROM accounts_consent LIMIT 1) AS first;

INSERT INTO accounts_device (id, user_id, digest, label, created_at, last_seen_at)
SELECT device, id, '1:' || encode(sha256(device::text::bytea), 'hex'), 'Chrome, Windows', at, at FROM crowd;

INSERT INTO accounts_sessionrecord
    (id, user_id, device_id, key, label, method, began_at, last_seen_at, ended_at, end_reason)
SELECT session, id, device, '', 'Chrome, Windows', 'password', at, at, at + interval '1 hour', 'sign_out' FROM crowd;

INSERT INTO django_session (session_key, session_data, expire_date)
SELECT digits, repeat(digits, 10), now() + n % 12 * interval '1 hour' FROM crowd WHERE n % 10 = 0;

INSERT INTO companies_company
    (id, kind, cr_number, cr_match_key, name_ar, name_en, search_key, match_key, joint_signature, status, verified_by,
     verified_how, state, register, roster, created_at)
SELECT id, 'company', cr_number, cr_number, '', 'Example ' || n, 'example ' || n, 'example' || n, false, 'declared', '',
       '', 'open', 'not_asked', 1, now()
FROM firms;

INSERT INTO companies_membership
    (id, company_id, user_id, state, roles, signatory, search_key, active_from, created_at)
SELECT membership, firms.id, crowd.id, 'active', CASE WHEN crowd.n < {companies} THEN first.roles ELSE 'submitter' END,
       '', 'person ' || substr(digits, 1, 8), at, at
FROM crowd JOIN firms ON firms.n = crowd.n % {companies},
     (SELECT roles FROM companies_membership WHERE state = 'active' LIMIT 1) AS first;

INSERT INTO companies_membership
    (id, company_id, user_id, state, roles, signatory, search_key, active_from, created_at)
SELECT gen_random_uuid(), first.id, crowd.id, 'active', 'submitter', '', 'person ' || substr(digits, 1, 8), at, at
FROM crowd, (SELECT id FROM companies_company WHERE cr_number = '700000') AS first
WHERE n < {members};

INSERT INTO companies_change (company_id, record, event, state, roles, by, by_officer, reason, at)
SELECT company_id, id, 'membership.granted', 'active', roles, '', false, '', created_at FROM companies_membership;

INSERT INTO audit_event (recorded_at, event, subject, actor, company, request_id, facts, seq, prev, hash, key_id)
SELECT at, 'signin.succeeded', id::text, '', '', digits, '{{"method": "password"}}', 1000000 + n, digits, digits, '1'
FROM crowd;

INSERT INTO oidc_serviceconsent (user_id, client_id, scopes, given_at)
SELECT crowd.id, client.pk, 'openid profile email phone company', at
FROM crowd, (SELECT id AS pk FROM oidc_client WHERE client_id = 'growth') AS client WHERE n % 2 = 0;

INSERT INTO oidc_authorization
    (id, user_id, client_id, session_id, membership_id, code_digest, proofs, proven_at, began_at, used_at)
SELECT gen_random_uuid(), id, client.pk, session, membership, encode(sha256(digits::bytea), 'hex'), 'password', at, at, at
FROM crowd, (SELECT id AS pk FROM oidc_client WHERE client_id = 'growth') AS client WHERE n % 2 = 0;

INSERT INTO oauth2_provider_accesstoken
    (user_id, token, token_checksum, application_id, expires, scope, resource, created, updated)
SELECT id, digits, encode(sha256(session::text::bytea), 'hex'), client.pk, now() + interval '10 minutes', 'openid',
       '[]', now(), now()
FROM crowd, (SELECT id AS pk FROM oidc_client WHERE client_id = 'growth') AS client WHERE n % 10 = 0;
