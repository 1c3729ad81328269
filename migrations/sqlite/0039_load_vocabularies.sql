-- +goose Up
-- The vocabularies that documents take codes from, as their publishers' files say them. A load writes its terms under an id
-- of its own, in parts, and then names it here: readers see the old terms or the new ones, never some of each.
CREATE TABLE vocabularies (
    scheme    TEXT    NOT NULL PRIMARY KEY,
    load      TEXT    NOT NULL, -- id of the load in force
    version   TEXT    NOT NULL CHECK (version <> ''),
    excerpt   INTEGER NOT NULL CHECK (excerpt IN (0, 1)),
    digest    TEXT    NOT NULL, -- of what the files said
    languages TEXT    NOT NULL, -- JSON
    terms     INTEGER NOT NULL, -- of this version
    obsolete  INTEGER NOT NULL, -- kept from before, or called so by the files
    loaded_at TEXT    NOT NULL
) STRICT;

CREATE TABLE vocabulary_terms (
    scheme   TEXT    NOT NULL,
    load     TEXT    NOT NULL,
    uri      TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    code     TEXT    NOT NULL,
    eqf      INTEGER NOT NULL CHECK (eqf BETWEEN 0 AND 8), -- 0: not known
    obsolete INTEGER NOT NULL CHECK (obsolete IN (0, 1)),
    broader  TEXT    NOT NULL, -- JSON, URIs
    labels   TEXT    NOT NULL, -- JSON, by language: the preferred one, then the others
    PRIMARY KEY (uri, scheme, load)
) STRICT, WITHOUT ROWID;
