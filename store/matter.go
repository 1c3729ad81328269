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
	Object    string // id of what it is about: the objection or the publication
	Question  string
	Reason    string                    // why it is put, where it is on a publication
	Outcome   *governance.ReviewOutcome // that a review proposes; none: it is no review
	// NextReviewOn is until when it would be reviewed next; none: nothing is proposed.
	NextReviewOn *governance.Date
	Statement    json.RawMessage // canonical JSON, concordat/matter/1
	Digest       governance.Digest
	CreatedAt    time.Time
}

const matterColumns = `
	id,
	edition_id,
	kind,
	object_id,
	statement,
	digest,
	reason,
	created_at`

func scanMatter(row scanner) (*Matter, error) {
	var m Matter
	var statement string
	err := row.Scan(&m.ID, &m.EditionID, &m.Kind, &m.Object, &statement, &m.Digest, &m.Reason, at(&m.CreatedAt))
	if err != nil {
		return nil, err
	}
	var stated governance.Matter
	if err := json.Unmarshal([]byte(statement), &stated); err != nil {
		return nil, fmt.Errorf("read the statement of matter %s: %w", m.ID, err)
	}
	m.Question, m.Statement = stated.Question, json.RawMessage(statement)
	if stated.Outcome != "" {
		m.Outcome = &stated.Outcome
	}
	if stated.NextReview != "" {
		m.NextReviewOn = &stated.NextReview
	}
	return &m, nil
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

// decideMatter does what the outcome of a ballot on a matter says.
func (tx *Tx) decideMatter(ctx context.Context, b *Ballot, e *Edition, result governance.TallyResult) error {
	m, err := tx.matter(ctx, b.MatterID)
	if err != nil {
		return err
	}
	switch m.Kind {
	case governance.MatterObjection:
		return tx.decideObjectionByBallot(ctx, b, e, m, result)
	case governance.MatterWithdrawal:
		return tx.decideWithdrawalByBallot(ctx, e, m, result)
	case governance.MatterReview:
		return tx.decideReviewByBallot(ctx, b, e, m, result)
	}
	return fmt.Errorf("nobody knows what a ballot on a matter of kind %s decides", m.Kind)
}

// state writes a matter down, with the texts that it is about named by digests of one salt. Of these the reason is kept
// beside a statement on a publication; an objection has its own.
func (tx *Tx) state(ctx context.Context, m governance.Matter, texts map[string]string) (governance.MatterID, governance.Digest, error) {
	salt := hex.EncodeToString(tx.randomBytes(16))
	m.Schema, m.Question, m.Texts = governance.MatterSchema, m.Asked(), map[string]governance.Digest{}
	reason := texts["reason"]
	if m.Kind == governance.MatterObjection {
		reason = ""
	}
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
		INSERT INTO matters (id, council_id, edition_id, kind, object_id, statement, digest, salt, reason, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, m.Council, m.Edition, m.Kind, m.Object, statement, digest, salt, reason, tx.now)
	if err != nil {
		return "", "", fmt.Errorf("insert matter: %w", err)
	}
	return id, digest, nil
}
