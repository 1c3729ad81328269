-- +goose Up
-- The Merkle tree above the leaves, as far as it is fixed for good: of every 256 neighbours the hash above them. Level 1
-- stands on the leaves, level 2 on level 1, and so on; proofs and tiles are read from here and from the leaves.
CREATE TABLE log_nodes (
    level  BIGINT NOT NULL CHECK (level BETWEEN 1 AND 7),
    number BIGINT NOT NULL CHECK (number >= 0), -- from 0, without a gap
    hash   TEXT   NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (level, number)
);

-- What the log was when somebody asked, signed. A restored backup that lies behind a checkpoint begins a new epoch.
CREATE TABLE checkpoints (
    epoch     BIGINT NOT NULL CHECK (epoch >= 1),
    size      BIGINT NOT NULL CHECK (size >= 0),
    root      TEXT   NOT NULL CHECK (length(root) = 64),
    note      TEXT   NOT NULL, -- C2SP tlog-checkpoint, signed
    signed_at TEXT   NOT NULL,
    PRIMARY KEY (epoch, size)
);

CREATE TRIGGER log_nodes_no_update BEFORE UPDATE ON log_nodes
FOR EACH ROW EXECUTE FUNCTION refuse_change('the log is never changed');
CREATE TRIGGER log_nodes_no_delete BEFORE DELETE ON log_nodes
FOR EACH ROW EXECUTE FUNCTION refuse_change('the log is never shortened');
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_change('checkpoints are never changed');
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_change('checkpoints are never deleted');
CREATE TRIGGER log_nodes_no_truncate BEFORE TRUNCATE ON log_nodes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the log is never shortened');
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('checkpoints are never deleted');
