-- +goose Up
-- Ballots on the withdrawal of a publication and on its review; reviews, and when the next one is due.
ALTER TABLE matters ADD COLUMN reason TEXT NOT NULL DEFAULT '';  -- why a matter of a publication is put; its statement has the salted digest

CREATE TABLE reviews (
    publication_id TEXT    NOT NULL REFERENCES publications (id),
    number         BIGINT  NOT NULL,             -- 1 is the first
    outcome        TEXT    NOT NULL CHECK (outcome IN ('CONFIRM', 'REVISE', 'WITHDRAW')),
    reason         TEXT    NOT NULL,
    next_review_on TEXT,                         -- the last day, in the council's zone
    ballot_id      TEXT    REFERENCES ballots (id), -- that decided; none: the secretary
    person_id      TEXT    REFERENCES persons (id), -- who recorded it; none: a ballot decided
    reviewed_at    TEXT    NOT NULL,
    PRIMARY KEY (publication_id, number)
);

-- What is due next: by the document, and later by the last review.
ALTER TABLE publications ADD COLUMN review_on TEXT;               -- the last day, in the council's zone; none: no review is due
ALTER TABLE publications ADD COLUMN review_due_at TEXT;           -- the instant at which that day ends
CREATE INDEX publications_review ON publications (review_due_at) WHERE review_due_at IS NOT NULL;
-- The council's zone and holidays are out of reach here: for what is published already the day ends as in UTC, until its
-- first review.
UPDATE publications
SET review_on = (
    SELECT convert_from(r.document, 'UTF8')::jsonb #>> '{validity,reviewDate}'
    FROM revisions r
    WHERE r.edition_id = publications.edition_id AND r.digest = publications.digest
    LIMIT 1
);
UPDATE publications SET review_due_at = review_on || 'T23:59:59.000000Z' WHERE review_on IS NOT NULL;
