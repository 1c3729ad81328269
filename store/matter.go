package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// Matter is what a MATTER ballot votes on, as it is read.
type Matter struct {
	ID        governance.MatterID
	EditionID governance.EditionID
	Kind      governance.MatterKind
	Object    string // id of what it is about
	Question  string
	Statement json.RawMessage // canonical JSON, concordat/matter/1
	Digest    governance.Digest
	CreatedAt time.Time
}

const matterColumns = `
	id,
	edition_id,
	kind,
	object_id,
	statement,
	digest,
	created_at`

func scanMatter(row scanner) (*Matter, error) {
	var m Matter
	var statement string
	err := row.Scan(&m.ID, &m.EditionID, &m.Kind, &m.Object, &statement, &m.Digest, at(&m.CreatedAt))
	m.Question, m.Statement = m.Kind.Question(), json.RawMessage(statement)
	return &m, err
}

// matter reads a matter, whoever may see it. NOT_FOUND where there is none.
func (q *Query) matter(ctx context.Context, id governance.MatterID) (*Matter, error) {
	found, err := collect(ctx, q, scanMatter, `SELECT `+matterColumns+` FROM matters WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read matter: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("matter", string(id))
	}
	return found[0], nil
}

// Matter reads a matter. NOT_FOUND where the actor may not see its edition.
func (db *DB) Matter(ctx context.Context, actor governance.Actor, id governance.MatterID) (m *Matter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if m, err = q.matter(ctx, id); err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		e, err := q.edition(ctx, m.EditionID)
		if err != nil {
			return err
		}
		if q.showEdition(ctx, s, e) != nil {
			return governance.NotFound("matter", string(id))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Matters reads the matters about an edition that the actor was shown, the newest first.
func (db *DB) Matters(ctx context.Context, edition governance.EditionID) (matters []*Matter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		matters, err = collect(ctx, q, scanMatter,
			`SELECT `+matterColumns+` FROM matters WHERE edition_id = $1 ORDER BY created_at DESC, id DESC`, edition)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the matters of edition %s: %w", edition, err)
	}
	return matters, nil
}

// BallotsOfMatter reads the ballots on a matter that the actor was shown, the newest first.
func (db *DB) BallotsOfMatter(ctx context.Context, matter governance.MatterID, fields Fields) ([]*Ballot, error) {
	return db.ballotsWhere(ctx, `matter_id = $1`, string(matter), fields)
}

// state writes a matter down, with the texts that it is about named by digests of one salt.
func (tx *Tx) state(ctx context.Context, m governance.Matter, texts map[string]string) (governance.MatterID, governance.Digest, error) {
	salt := hex.EncodeToString(tx.randomBytes(16))
	m.Schema, m.Question, m.Texts = governance.MatterSchema, m.Kind.Question(), map[string]governance.Digest{}
	for name, text := range texts {
		digest, err := salted{Salt: salt, Text: text}.digest()
		if err != nil {
			return "", "", err
		}
		m.Texts[name] = digest
	}
	statement, err := canonicalText(m)
	if err != nil {
		return "", "", err
	}
	id, digest := governance.MatterID(tx.newID()), notary.Digest([]byte(statement))
	_, err = tx.exec(ctx, `
		INSERT INTO matters (id, council_id, edition_id, kind, object_id, statement, digest, salt, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, m.Council, m.Edition, m.Kind, m.Object, statement, digest, salt, tx.now)
	if err != nil {
		return "", "", fmt.Errorf("insert matter: %w", err)
	}
	return id, digest, nil
}
