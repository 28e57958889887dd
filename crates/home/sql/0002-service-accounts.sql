-- Accounts for programs: a person of kind 'service', who belongs to whoever made it and stops working at an instant.
CREATE TABLE service_account (
  person_id BIGINT PRIMARY KEY REFERENCES person(id) ON DELETE CASCADE,
  owner_id BIGINT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  description TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX service_account_owner ON service_account(owner_id);
