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
    by_link         INTEGER NOT NULL CHECK (by_link IN (0, 1)), -- whoever has the link may accept it, once
    email           TEXT NOT NULL DEFAULT '',          -- lower case: whose verified address it is may accept it
    state           TEXT NOT NULL CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    invited_by      TEXT NOT NULL REFERENCES persons (id),
    invited_for     TEXT NOT NULL REFERENCES organizations (id), -- for whom that person acted, and as what:
    invited_as      TEXT NOT NULL,                     -- the invitation lasts no longer than that mandate
    created_at      TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    answered_at     TEXT,                              -- accepted, declined or taken back
    mandate_id      TEXT REFERENCES mandates (id)      -- that came of it
) STRICT;
CREATE INDEX mandate_invitations_page ON mandate_invitations (organization_id, created_at, id);
CREATE INDEX mandate_invitations_email ON mandate_invitations (email) WHERE state = 'OPEN' AND email <> '';

-- A deputy's mandate ends with the one that it comes from.
ALTER TABLE mandates ADD COLUMN delegated_from TEXT REFERENCES mandates (id);
CREATE INDEX mandates_delegated ON mandates (delegated_from) WHERE delegated_from IS NOT NULL;
CREATE INDEX mandates_ending ON mandates (until_at) WHERE ended_at IS NULL AND until_at IS NOT NULL;

-- A mail may go to somebody who is no person here yet.
CREATE TABLE outbox_of_both (
    id            TEXT    NOT NULL PRIMARY KEY,        -- also of its Message-ID, whichever attempt it is
    person_id     TEXT    REFERENCES persons (id),     -- none: it carries an invitation
    invitation_id TEXT    REFERENCES mandate_invitations (id),
    kind          TEXT    NOT NULL CHECK (kind IN ('AT_ONCE', 'DIGEST', 'INVITATION')),
    state         TEXT    NOT NULL CHECK (state IN ('WAITING', 'SENT', 'FAILED', 'DROPPED')),
    created_at    TEXT    NOT NULL,
    due_at        TEXT    NOT NULL,                    -- of the next attempt
    claimed_until TEXT,                                -- somebody is sending it
    attempts      INTEGER NOT NULL DEFAULT 0,
    reason        TEXT    NOT NULL DEFAULT '',         -- why it was put off, failed or dropped
    ended_at      TEXT,                                -- since when it is SENT, FAILED or DROPPED
    CHECK ((person_id IS NULL) = (kind = 'INVITATION')),
    CHECK ((invitation_id IS NOT NULL) = (kind = 'INVITATION'))
) STRICT;
INSERT INTO outbox_of_both (
    id, person_id, kind, state, created_at, due_at, claimed_until, attempts, reason, ended_at
)
SELECT id, person_id, kind, state, created_at, due_at, claimed_until, attempts, reason, ended_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_both RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'WAITING';
CREATE INDEX outbox_person ON outbox (person_id, created_at);
