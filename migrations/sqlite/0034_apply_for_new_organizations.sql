-- +goose Up
-- Applications to a council's roll for organizations that are not registered yet. Nothing of one is public before the
-- council's secretary admits it; then the organization, its entry and the applicant's mandate are written.
CREATE TABLE roll_applications (
    id              TEXT NOT NULL PRIMARY KEY,
    council_id      TEXT NOT NULL REFERENCES councils (id),
    person_id       TEXT NOT NULL REFERENCES persons (id), -- who applied
    slug            TEXT NOT NULL,                     -- the short name asked for; it may be taken meanwhile
    legal_name      TEXT NOT NULL,
    country         TEXT NOT NULL,                     -- ISO 3166-1 alpha-2, upper case
    region          TEXT NOT NULL,                     -- NUTS code
    size            TEXT NOT NULL CHECK (size IN ('', 'MICRO', 'SMALL', 'MEDIUM', 'LARGE')),
    homepage        TEXT NOT NULL,
    identifiers     TEXT NOT NULL,                     -- JSON: [{"scheme","value"}]
    controlled_by   TEXT REFERENCES organizations (id),
    member_of       TEXT NOT NULL,                     -- JSON: ids of organizations
    chamber         TEXT NOT NULL,                     -- asked for
    ground          TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('OPEN', 'ADMITTED', 'REFUSED', 'WITHDRAWN')),
    reason          TEXT NOT NULL DEFAULT '',          -- of what became of it
    created_at      TEXT NOT NULL,
    answered_at     TEXT,                              -- admitted, refused or taken back
    organization_id TEXT REFERENCES organizations (id), -- that came of it
    roll_entry_id   TEXT REFERENCES roll_entries (id)
) STRICT;
CREATE INDEX roll_applications_page ON roll_applications (council_id, created_at, id);
CREATE INDEX roll_applications_open ON roll_applications (council_id) WHERE state = 'OPEN';
CREATE INDEX roll_applications_person ON roll_applications (person_id, created_at, id);

-- The numbers of open applications, as they are compared. One organization stands before a council once.
CREATE TABLE roll_application_identifiers (
    council_id     TEXT NOT NULL REFERENCES councils (id),
    scheme         TEXT NOT NULL,
    value          TEXT NOT NULL,
    application_id TEXT NOT NULL REFERENCES roll_applications (id),
    PRIMARY KEY (council_id, scheme, value)
) STRICT;
CREATE INDEX roll_application_identifiers_application ON roll_application_identifiers (application_id);

-- The numbers of registered organizations, as they are compared: capitals, and without what only parts them for the eye.
-- Of organizations that were registered with the same number, the first one has it.
CREATE TABLE organization_identifiers (
    scheme          TEXT NOT NULL,
    value           TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (scheme, value)
) STRICT;
CREATE INDEX organization_identifiers_organization ON organization_identifiers (organization_id);
INSERT INTO organization_identifiers (scheme, value, organization_id)
SELECT scheme, value, id
FROM (
    SELECT
        replace(replace(replace(replace(upper(json_extract(j.value, '$.scheme')), ' ', ''), '-', ''), '.', ''), '/', '') AS scheme,
        replace(replace(replace(replace(upper(json_extract(j.value, '$.value')), ' ', ''), '-', ''), '.', ''), '/', '') AS value,
        o.id,
        o.created_at
    FROM organizations o, json_each(o.identifiers) j
) x
WHERE scheme <> '' AND value <> ''
ORDER BY created_at, id
ON CONFLICT (scheme, value) DO NOTHING;

-- A notice may be about an application or a charter.
CREATE TABLE notices_of_councils (
    id              TEXT    NOT NULL PRIMARY KEY,
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    organization_id TEXT    REFERENCES organizations (id), -- for which the person is told; none: for itself
    source          TEXT    NOT NULL,                  -- the act, or "remind:" with what, when and how many days before
    event           TEXT    NOT NULL,                  -- the act's type, or which reminder
    kind            TEXT    NOT NULL,                  -- as people turn it off
    audience        TEXT    NOT NULL,                  -- why the person is told
    object_kind     TEXT    NOT NULL CHECK (object_kind IN ('EDITION', 'COMMENT', 'BALLOT', 'NEED', 'CHARTER', 'ROLL_APPLICATION')),
    object_id       TEXT    NOT NULL,
    edition_id      TEXT    REFERENCES editions (id),  -- none: it is about what hangs on no edition
    by_id           TEXT    REFERENCES organizations (id), -- whose act it was; none: a person's own, or the clock's
    due_at          TEXT,                              -- the deadline that it tells of
    at_once         INTEGER NOT NULL CHECK (at_once IN (0, 1)),
    created_at      TEXT    NOT NULL,                  -- when it happened
    read_at         TEXT,
    mail_id         TEXT    REFERENCES outbox (id),    -- that tells it
    UNIQUE (person_id, source)
) STRICT;
INSERT INTO notices_of_councils (
    id, person_id, organization_id, source, event, kind, audience, object_kind, object_id, edition_id, by_id, due_at, at_once,
    created_at, read_at, mail_id
)
SELECT
    id, person_id, organization_id, source, event, kind, audience, object_kind, object_id, edition_id, by_id, due_at, at_once,
    created_at, read_at, mail_id
FROM notices;
DROP TABLE notices;
ALTER TABLE notices_of_councils RENAME TO notices;
CREATE INDEX notices_page ON notices (person_id, created_at, id);
CREATE INDEX notices_mail ON notices (mail_id);
