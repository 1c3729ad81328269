package storebench

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"concordat/governance"
	"concordat/notary"
)

// Comment writes a comment with its act and its leaf, each call in a transaction and with an fsync of its own. The act has
// a type that nobody is told of: a server on the same database would make notices of it, and the limit pay for them.
func (h *Hand) Comment(ctx context.Context, viewer governance.Actor, on Open, body string) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	begin := "BEGIN IMMEDIATE"
	if h.postgres {
		begin = "BEGIN"
	}
	if _, err := h.writer.conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	if err := h.writer.comment(ctx, viewer, on, body); err != nil {
		_, ended := h.writer.conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, ended)
	}
	_, err := h.writer.conn.ExecContext(ctx, "COMMIT")
	return err
}

func (c *connection) comment(ctx context.Context, viewer governance.Actor, on Open, body string) error {
	now := time.Now().UTC().Format(stamp)
	comment, act, err := newIDs()
	if err != nil {
		return err
	}
	var role, head string
	err = c.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&role) }, `
		SELECT role
		FROM mandates
		WHERE person_id = $1 AND organization_id = $2 AND ended_at IS NULL`, string(viewer.Person), string(viewer.Organization))
	if err != nil {
		return err
	}
	err = c.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&head) }, `
		SELECT head_id
		FROM editions
		WHERE id = $1 AND stage = 'CONSULTATION'`, string(on.Edition))
	if err != nil {
		return err
	}
	told, err := notary.Canonical(map[string]string{"id": act, "time": now, "type": "COMMENT_NOTED", "object": comment})
	if err != nil {
		return err
	}
	digest := notary.Digest(told)
	var last int64
	for _, write := range []func() error{
		func() error {
			return c.exec(ctx, `
				INSERT INTO comments (id, edition_id, revision_id, kind, path, body, state, organization_id, person_id, created_at)
				VALUES ($1, $2, $3, 'GENERAL', '', $4, 'OPEN', $5, $6, $7)`,
				comment, string(on.Edition), head, body, string(viewer.Organization), string(viewer.Person), now)
		},
		func() error {
			return c.exec(ctx, `UPDATE editions SET comment_count = comment_count + 1 WHERE id = $1`, string(on.Edition))
		},
		func() error {
			return c.exec(ctx, `UPDATE specifications SET version = version + 1 WHERE id = $1`, string(on.Specification))
		},
		func() error {
			return c.exec(ctx, `
				INSERT INTO acts (id, created_at, type, object_kind, object_id, root_kind, root_id, organization_id, role, digest, body)
				VALUES ($1, $2, 'COMMENT_NOTED', 'COMMENT', $3, 'specifications', $4, $5, $6, $7, $8)`,
				act, now, comment, string(on.Specification), string(viewer.Organization), role, string(digest), string(told))
		},
		func() error {
			return c.exec(ctx, `INSERT INTO act_people (act_id, person_id, salt) VALUES ($1, $2, $3)`, act, string(viewer.Person), act)
		},
		func() error {
			return c.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&last) }, `SELECT COALESCE(MAX(number), -1) FROM leaves`)
		},
		func() error {
			leaf := sha256.Sum256(append([]byte{0}, digest...))
			return c.exec(ctx, `INSERT INTO leaves (number, act_id, hash) VALUES ($1, $2, $3)`, last+1, act, hex.EncodeToString(leaf[:]))
		},
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func newIDs() (comment, act string, err error) {
	first, err := uuid.NewV7()
	if err != nil {
		return "", "", fmt.Errorf("draw an id: %w", err)
	}
	second, err := uuid.NewV7()
	return first.String(), second.String(), err
}
