package store

import (
	"context"
	"fmt"

	"concordat/governance"
	"concordat/notary"
)

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
		INSERT INTO charters (id, council_id, number, state, body, name, digest, proposed_by, created_at)
		SELECT $1, $2, COALESCE(MAX(number), 0) + 1, 'PROPOSED', $3, CAST($7 AS TEXT), $4, $5, $6
		FROM charters
		WHERE council_id = $2`,
		id, in.Council, string(canonical), digest, tx.actor.Person, tx.now, body.Name)
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

// FoundCharter puts a council's first charter in force: the secretary proposed it, the administrator confirms the digest
// that it read. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where one is in force or the digest is another one.
func (db *DB) FoundCharter(ctx context.Context, actor governance.Actor, in FoundCharterInput) (governance.CharterID, error) {
	return takeOnCharter[governance.CharterID](ctx, db, actor, charterStep{
		mutation: "foundCharter", rule: governance.FoundCharter, charter: in.Charter, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, c *Charter) (string, error) {
			if refusal := unmetCharterDigest(c, in.Digest); refusal != nil {
				return "", refusal
			}
			return string(c.ID), tx.putInForce(ctx, c, Act{Type: "CHARTER_FOUNDED", Role: s.actingRole(governance.FoundCharter)})
		},
	})
}

// unmetCharterDigest refuses a step on another charter than the one that was read.
func unmetCharterDigest(c *Charter, read governance.Digest) *governance.Error {
	if read == c.Digest {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "another-digest", "The charter's digest is {digest}.", "digest", string(c.Digest))
}

// putInForce lets a proposed charter hold from now on, and writes the act by which it was adopted.
func (tx *Tx) putInForce(ctx context.Context, c *Charter, act Act) error {
	changed, err := tx.exec(ctx, `UPDATE charters SET state = 'IN_FORCE', in_force_at = $2 WHERE id = $1 AND state = 'PROPOSED'`, c.ID, tx.now)
	if err != nil {
		return fmt.Errorf("put charter in force: %w", err)
	}
	if changed == 0 {
		return charterDecided(c)
	}
	if _, err := tx.exec(ctx, `UPDATE councils SET charter_id = $2 WHERE id = $1`, c.CouncilID, c.ID); err != nil {
		return fmt.Errorf("set the council's charter: %w", err)
	}
	act.Object, act.Digests = Object{"CHARTER", string(c.ID)}, map[string]governance.Digest{"charter": c.Digest}
	_, err = tx.appendAct(ctx, act)
	return err
}

// WithdrawCharter takes a proposal back before a ballot decides on it. Errors: NOT_FOUND, FORBIDDEN but for the council's
// secretary; CONFLICT where it was decided on, and while a ballot on it is open; INVALID without a reason.
func (db *DB) WithdrawCharter(ctx context.Context, actor governance.Actor, in WithdrawCharterInput) (governance.CharterID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return takeOnCharter[governance.CharterID](ctx, db, actor, charterStep{
		mutation: "withdrawCharter", rule: governance.WithdrawCharter, charter: in.Charter, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, c *Charter) (string, error) {
			if err := tx.endProposal(ctx, c, governance.CharterWithdrawn, in.Reason); err != nil {
				return "", err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "CHARTER_WITHDRAWN", Object: Object{"CHARTER", string(c.ID)}, Role: s.actingRole(governance.WithdrawCharter),
				Digests: map[string]governance.Digest{"proposal": c.Digest}, Texts: words("reason", in.Reason),
			})
			return string(c.ID), err
		},
	})
}

// endProposal ends a proposal that will not hold.
func (tx *Tx) endProposal(ctx context.Context, c *Charter, state governance.CharterState, reason string) error {
	changed, err := tx.exec(ctx, `
		UPDATE charters
		SET state = $2, ended_at = $3, ended_reason = $4
		WHERE id = $1 AND state = 'PROPOSED'`, c.ID, state, tx.now, reason)
	if err != nil {
		return fmt.Errorf("end the proposal %s: %w", c.ID, err)
	}
	if changed == 0 {
		return charterDecided(c)
	}
	return nil
}

// charterStep is a step on a charter: the actor's subject and the charter, fresh under the lock of its council.
type charterStep struct {
	mutation string
	rule     governance.Step
	charter  governance.CharterID
	key      string // the client's idempotency key
	input    any    // of the mutation, with the key
	// needs looks at conditions that follow from the input; nil where there are none.
	needs func(tx *Tx, c *Charter) map[governance.Need]unmet
	// do takes the permitted step and answers the object's id.
	do func(ctx context.Context, tx *Tx, s subject, c *Charter) (string, error)
}

// takeOnCharter locks the charter's council, reads the charter, asks whether the step is permitted, and does it.
func takeOnCharter[ID ~string](ctx context.Context, db *DB, actor governance.Actor, cs charterStep) (ID, error) {
	if err := CheckID("input.charter", string(cs.charter)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn // before it is looked whether there is such a charter
	}
	repeat, err := RepeatOf(cs.key, cs.input)
	if err != nil {
		return "", err
	}
	named, err := db.Charter(ctx, cs.charter)
	if err != nil {
		return "", err
	}
	above := root{rootOrganization, string(named.CouncilID)}
	id, err := db.take(ctx, step{name: cs.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			c, err := tx.charter(ctx, cs.charter)
			if err != nil {
				return "", err
			}
			s, err := tx.charterSubject(ctx, actor, c)
			if err != nil {
				return "", err
			}
			if cs.needs != nil {
				s = s.with(cs.needs(tx, c))
			}
			if err := s.permit(ctx, cs.rule); err != nil {
				return "", err
			}
			return cs.do(ctx, tx, s, c)
		}})
	return ID(id), err
}
