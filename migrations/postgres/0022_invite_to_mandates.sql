-- +goose Up
-- Mandates by invitation, and deputies. What is offered stands in the invitation's row; the link to it is signed with a
-- key of the installation, so that no link lies here. An address is kept until the invitation is answered or taken back.
CREATE TABLE mandate_invitations (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    role            TEXT NOT NULL CHECK (role IN ('AUTHOR', 'REPRESENTATIVE', 'PUBLISHER', 'OBSERVER', 'SECRETARY', 'ADMIN')),
    ground          TEXT NOT NULL,
    from_at         TEXT,                              -- of the mandate; none: when it is accepted
    until_at        TEXT,                              -- of the mandate
    by_link         BIGINT NOT NULL CHECK (by_link IN (0, 1)), -- whoever has the link may accept it, once
    email           TEXT NOT NULL DEFAULT '',          -- lower case: whose verified address it is may accept it
    state           TEXT NOT NULL CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    invited_by      TEXT NOT NULL REFERENCES persons (id),
    invited_for     TEXT NOT NULL REFERENCES organizations (id), -- for whom that person acted, and as what:
    invited_as      TEXT NOT NULL,                     -- the invitation lasts no longer than that mandate
    created_at      TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    answered_at     TEXT,                              -- accepted, declined or taken back
    mandate_id      TEXT REFERENCES mandates (id)      -- that came of it
);
CREATE INDEX mandate_invitations_page ON mandate_invitations (organization_id, created_at, id);
CREATE INDEX mandate_invitations_email ON mandate_invitations (email) WHERE state = 'OPEN' AND email <> '';

-- A deputy's mandate ends with the one that it comes from.
ALTER TABLE mandates ADD COLUMN delegated_from TEXT REFERENCES mandates (id);
CREATE INDEX mandates_delegated ON mandates (delegated_from) WHERE delegated_from IS NOT NULL;
CREATE INDEX mandates_ending ON mandates (until_at) WHERE ended_at IS NULL AND until_at IS NOT NULL;

-- A mail may go to somebody who is no person here yet.
ALTER TABLE outbox ALTER COLUMN person_id DROP NOT NULL; -- none: it carries an invitation
ALTER TABLE outbox ADD COLUMN invitation_id TEXT REFERENCES mandate_invitations (id);
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CHECK (kind IN ('AT_ONCE', 'DIGEST', 'INVITATION'));
ALTER TABLE outbox ADD CHECK ((person_id IS NULL) = (kind = 'INVITATION'));
ALTER TABLE outbox ADD CHECK ((invitation_id IS NOT NULL) = (kind = 'INVITATION'));
