package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// Charter is a version of a council's rules as it is read.
type Charter struct {
	ID         governance.CharterID
	CouncilID  governance.OrganizationID
	Number     int
	State      governance.CharterState
	Digest     governance.Digest
	Body       governance.Charter
	CreatedAt  time.Time
	InForceAt  *time.Time
	ReplacedAt *time.Time
}

const charterColumns = `
	id,
	council_id,
	number,
	state,
	digest,
	body,
	created_at,
	in_force_at,
	replaced_at`

func scanCharter(row scanner) (*Charter, error) {
	var c Charter
	var body string
	err := row.Scan(&c.ID, &c.CouncilID, &c.Number, &c.State, &c.Digest, &body, at(&c.CreatedAt), atOrNil(&c.InForceAt), atOrNil(&c.ReplacedAt))
	if err != nil {
		return nil, err
	}
	if c.Body, err = governance.ParseCharter([]byte(body)); err != nil {
		return nil, fmt.Errorf("read charter %s: %w", c.ID, err)
	}
	return &c, nil
}

// charter reads a charter. NOT_FOUND where there is none.
func (q *Query) charter(ctx context.Context, id governance.CharterID) (*Charter, error) {
	found, err := collect(ctx, q, scanCharter, `SELECT `+charterColumns+` FROM charters WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read charter: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("charter", string(id))
	}
	return found[0], nil
}

// charterInForce reads the charter by which a council goes now; nil before the founding act.
func (q *Query) charterInForce(ctx context.Context, council governance.OrganizationID) (*Charter, error) {
	found, err := collect(ctx, q, scanCharter,
		`SELECT `+charterColumns+` FROM charters WHERE council_id = $1 AND state = 'IN_FORCE'`, council)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// unmetCharterInForce refuses what needs a charter before the council has one.
func (q *Query) unmetCharterInForce(ctx context.Context, council governance.OrganizationID) (*governance.Error, error) {
	charter, err := q.charterInForce(ctx, council)
	if err != nil || charter != nil {
		return nil, err
	}
	return refuseWithoutCharter(), nil
}

// refuseWithoutCharter is the refusal of what goes by a charter where there is none.
func refuseWithoutCharter() *governance.Error {
	return governance.Refuse(governance.CodeConflict, "no-charter", "The council has no charter yet.")
}

// charterSubject is a version of a council's charter.
func (q *Query) charterSubject(ctx context.Context, actor governance.Actor, c *Charter) (subject, error) {
	s, err := q.councilSubject(ctx, actor, c.CouncilID)
	if err != nil {
		return subject{}, err
	}
	s.kind, s.noun, s.id, s.visible = governance.KindCharter, "charter", string(c.ID), true
	return s.with(map[governance.Need]unmet{
		governance.NeedNoCharter: func(ctx context.Context) (*governance.Error, error) {
			inForce, err := q.charterInForce(ctx, c.CouncilID)
			if err != nil || inForce == nil {
				return nil, err
			}
			return governance.Refuse(governance.CodeConflict, "charter-in-force",
				"The council has a charter; another one needs a ballot under it."), nil
		},
	}), nil
}

// ProposeCharter proposes a version of a council's rules, whole or from a preset. Errors: FORBIDDEN, INVALID with the
// path of what is wrong in it.
func (db *DB) ProposeCharter(ctx context.Context, actor governance.Actor, in ProposeCharterInput) (governance.CharterID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if (in.Body == nil) == (in.Preset == "") {
		return "", governance.Invalid("input", "body-or-preset", "Give either a body or a preset.")
	}
	id, err := db.take(ctx, step{name: "proposeCharter", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Council)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.ProposeCharter); err != nil {
				return "", err
			}
			return tx.insertCharter(ctx, s, in)
		}})
	return governance.CharterID(id), err
}

func (tx *Tx) insertCharter(ctx context.Context, s subject, in ProposeCharterInput) (string, error) {
	body, err := tx.proposedCharter(ctx, in)
	if err != nil {
		return "", err
	}
	canonical, err := notary.Canonical(body)
	if err != nil {
		return "", fmt.Errorf("encode charter: %w", err)
	}
	id := string(in.ID)
	if id == "" {
		id = tx.newID()
	} else if err := tx.requireFree(ctx, "charters", id); err != nil {
		return "", err
	}
	digest := notary.Digest(canonical)
	_, err = tx.exec(ctx, `
		INSERT INTO charters (id, council_id, number, state, body, digest, proposed_by, created_at)
		SELECT $1, $2, COALESCE(MAX(number), 0) + 1, 'PROPOSED', $3, $4, $5, $6
		FROM charters
		WHERE council_id = $2`,
		id, in.Council, string(canonical), digest, tx.actor.Person, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert charter: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CHARTER_PROPOSED", Object: Object{"CHARTER", id}, Role: s.actingRole(governance.ProposeCharter),
		Digests: map[string]governance.Digest{"charter": digest},
	})
	return id, err
}

// proposedCharter is the body given, or the preset's with the council's name and zone; wrong ones are INVALID.
func (tx *Tx) proposedCharter(ctx context.Context, in ProposeCharterInput) (governance.Charter, error) {
	body := in.Body
	if body == nil {
		var name, zone string
		err := tx.queryRow(ctx, `
			SELECT o.legal_name, c.zone FROM councils c JOIN organizations o ON o.id = c.id WHERE c.id = $1`,
			in.Council).Scan(&name, &zone)
		if err != nil {
			return governance.Charter{}, fmt.Errorf("read council: %w", err)
		}
		founding, err := governance.FoundingCharter(in.Preset, "Charter of "+name, zone)
		if err != nil {
			return governance.Charter{}, governance.Invalid("input.preset", "preset-unknown", "There is no preset {preset}.", "preset", in.Preset)
		}
		body = &founding
	}
	for _, finding := range body.Check() {
		if finding.Severity == governance.SeverityError {
			return governance.Charter{}, governance.Invalid("input.body"+finding.Path, finding.Rule, finding.Message)
		}
	}
	return *body, nil
}

// requireFree refuses a client's id that is taken, as CONFLICT.
func (tx *Tx) requireFree(ctx context.Context, table, id string) error {
	taken, err := tx.exists(ctx, `SELECT 1 FROM `+table+` WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("look for id %s: %w", id, err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "id-taken", "The id {id} is taken.", "id", id)
	}
	return nil
}

// FoundCharter puts a council's first charter in force: the secretary proposed it, the administrator confirms the digest
// that it read. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where one is in force or the digest is another one.
func (db *DB) FoundCharter(ctx context.Context, actor governance.Actor, in FoundCharterInput) (governance.CharterID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	proposed, err := db.Charter(ctx, in.Charter)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "foundCharter", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(proposed.CouncilID)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			charter, err := tx.charter(ctx, in.Charter)
			if err != nil {
				return "", err
			}
			s, err := tx.charterSubject(ctx, actor, charter)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.FoundCharter); err != nil {
				return "", err
			}
			if in.Digest != charter.Digest {
				return "", governance.Refuse(governance.CodeConflict, "another-digest", "The charter's digest is {digest}.", "digest", string(charter.Digest))
			}
			return string(charter.ID), tx.putInForce(ctx, charter, s.actingRole(governance.FoundCharter))
		}})
	return governance.CharterID(id), err
}

func (tx *Tx) putInForce(ctx context.Context, c *Charter, role governance.Role) error {
	changed, err := tx.exec(ctx, `UPDATE charters SET state = 'IN_FORCE', in_force_at = $2 WHERE id = $1 AND state = 'PROPOSED'`, c.ID, tx.now)
	if err != nil {
		return fmt.Errorf("put charter in force: %w", err)
	}
	if changed == 0 {
		return governance.Refuse(governance.CodeConflict, "charter-decided", "This charter is not proposed any more.")
	}
	if _, err := tx.exec(ctx, `UPDATE councils SET charter_id = $2 WHERE id = $1`, c.CouncilID, c.ID); err != nil {
		return fmt.Errorf("set the council's charter: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CHARTER_FOUNDED", Object: Object{"CHARTER", string(c.ID)}, Role: role,
		Digests: map[string]governance.Digest{"charter": c.Digest},
	})
	return err
}

// Charter reads a charter: public. NOT_FOUND where there is none.
func (db *DB) Charter(ctx context.Context, id governance.CharterID) (charter *Charter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		charter, err = q.charter(ctx, id)
		return err
	})
	return charter, err
}

// ChartersByID reads those of the charters that there are: public.
func (db *DB) ChartersByID(ctx context.Context, ids []governance.CharterID) (map[governance.CharterID]*Charter, error) {
	found := make(map[governance.CharterID]*Charter, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		for batch := range batches(ids) {
			charters, err := collect(ctx, q, scanCharter,
				`SELECT `+charterColumns+` FROM charters WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return fmt.Errorf("read charters: %w", err)
			}
			for _, c := range charters {
				found[c.ID] = c
			}
		}
		return nil
	})
	return found, err
}

// Charters reads all versions of a council's charter, the newest first: public.
func (db *DB) Charters(ctx context.Context, council governance.OrganizationID) (charters []*Charter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		charters, err = collect(ctx, q, scanCharter,
			`SELECT `+charterColumns+` FROM charters WHERE council_id = $1 ORDER BY number DESC`, council)
		return err
	})
	return charters, err
}

// CharterMay says what the viewer may do to a charter.
func (db *DB) CharterMay(ctx context.Context, actor governance.Actor, c *Charter) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.charterSubject(ctx, actor, c) })
}
