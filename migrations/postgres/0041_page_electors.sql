-- +goose Up
-- A page of a ballot's electors is read in its order, without the others.
CREATE INDEX electors_page ON electors (ballot_id, announced_at, organization_id);
