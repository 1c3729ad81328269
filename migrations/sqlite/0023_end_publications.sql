-- +goose Up
-- The end of a publication: its publisher asks for its withdrawal, the council confirms or declines, and may suspend a
-- publication and reinstate it. What stood on a day is told from dated rows: every stage of an edition is kept.
CREATE TABLE edition_stages (
    edition_id TEXT    NOT NULL REFERENCES editions (id),
    number     INTEGER NOT NULL,                  -- 1 is the first
    stage      TEXT    NOT NULL,
    entered_at TEXT    NOT NULL,
    reason     TEXT    NOT NULL DEFAULT '',
    decision   TEXT    NOT NULL DEFAULT '',       -- of the council, where the step needs one
    PRIMARY KEY (edition_id, number)
) STRICT;
CREATE INDEX edition_stages_entered ON edition_stages (entered_at, edition_id, number);

-- What the rows tell of stages passed before they were kept. A ballot that was carried is taken to have led to APPROVED.
WITH passed AS (
    SELECT id AS edition_id, 'DRAFTING' AS stage, created_at AS entered_at, 1 AS place FROM editions
    UNION
    SELECT edition_id, 'CONSULTATION', opened_at, 2 FROM consultations
    UNION
    SELECT edition_id, CASE state WHEN 'CLOSED' THEN 'DISPOSITION' ELSE 'DRAFTING' END, closed_at, 3
    FROM consultations
    WHERE closed_at IS NOT NULL
    UNION
    SELECT edition_id, 'BALLOT', opened_at, 4 FROM ballots WHERE edition_id IS NOT NULL
    UNION
    SELECT edition_id, CASE outcome WHEN 'CARRIED' THEN 'APPROVED' ELSE 'DISPOSITION' END, closed_at, 5
    FROM ballots
    WHERE edition_id IS NOT NULL AND closed_at IS NOT NULL
    UNION
    SELECT edition_id, 'PUBLISHED', published_at, 6 FROM publications
),
stages AS (
    SELECT edition_id, stage, entered_at, place FROM passed
    UNION ALL
    SELECT e.id, e.stage, e.stage_at, 7
    FROM editions e
    WHERE NOT EXISTS (
        SELECT 1 FROM passed p WHERE p.edition_id = e.id AND p.stage = e.stage AND p.entered_at = e.stage_at
    )
)
INSERT INTO edition_stages (edition_id, number, stage, entered_at, reason)
SELECT
    s.edition_id,
    ROW_NUMBER() OVER (PARTITION BY s.edition_id ORDER BY s.entered_at, s.place),
    s.stage,
    s.entered_at,
    CASE WHEN s.stage = e.stage AND s.entered_at = e.stage_at THEN e.stage_reason ELSE '' END
FROM stages s
JOIN editions e ON e.id = s.edition_id;

-- +goose StatementBegin
CREATE TRIGGER edition_stages_no_update BEFORE UPDATE ON edition_stages
BEGIN SELECT RAISE(ABORT, 'a stage passed is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edition_stages_no_delete BEFORE DELETE ON edition_stages
BEGIN SELECT RAISE(ABORT, 'a stage passed is never deleted'); END;
-- +goose StatementEnd

-- While it is suspended: as what a publication comes back.
ALTER TABLE publications ADD COLUMN returns_to TEXT CHECK (returns_to IN ('PUBLISHED', 'SUPERSEDED'));

CREATE TABLE withdrawals (
    publication_id  TEXT    NOT NULL REFERENCES publications (id),
    number          INTEGER NOT NULL,             -- 1 is the first
    state           TEXT    NOT NULL CHECK (state IN ('ASKED', 'TAKEN_BACK', 'DECLINED', 'CONFIRMED')),
    organization_id TEXT    NOT NULL REFERENCES organizations (id), -- that asks
    reason          TEXT    NOT NULL,
    asked_at        TEXT    NOT NULL,
    answer          TEXT    NOT NULL DEFAULT '',  -- the council's
    settled_at      TEXT,
    PRIMARY KEY (publication_id, number)
) STRICT;
CREATE UNIQUE INDEX withdrawals_asked ON withdrawals (publication_id) WHERE state = 'ASKED';
