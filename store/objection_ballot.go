package store

import (
	"context"
	"fmt"
	"strings"

	"concordat/governance"
)

// OpenObjectionBallot puts a referred objection to the vote: whether it is upheld. Errors: NOT_FOUND; FORBIDDEN but for the
// council's secretary; CONFLICT outside DISPOSITION, where the charter leaves objections to a representative, for one that
// does not lie with the council or is put to the vote already, and for an empty chamber; INVALID for a last day that is none
// or that is before the charter's minimum days.
func (db *DB) OpenObjectionBallot(ctx context.Context, actor governance.Actor, in OpenObjectionBallotInput) (governance.BallotID, error) {
	if err := checkOpening(in.ID, in.ClosesOn); err != nil {
		return "", err
	}
	if err := CheckID("input.comment", string(in.Comment)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	edition, err := db.editionOfComment(ctx, in.Comment)
	if err != nil {
		return "", err
	}
	roots, err := db.editionRoots(ctx, edition)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "openObjectionBallot", actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) { return tx.openObjectionBallot(ctx, in) }})
	return governance.BallotID(id), err
}

// editionOfComment finds the edition of a comment. NOT_FOUND where there is no such comment.
func (db *DB) editionOfComment(ctx context.Context, id governance.CommentID) (edition governance.EditionID, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		c, err := q.comment(ctx, id)
		if err == nil {
			edition = c.EditionID
		}
		return err
	})
	return edition, err
}

func (tx *Tx) openObjectionBallot(ctx context.Context, in OpenObjectionBallotInput) (string, error) {
	c, err := tx.comment(ctx, in.Comment)
	if err != nil {
		return "", err
	}
	e, err := tx.edition(ctx, c.EditionID)
	if err != nil {
		return "", err
	}
	s, err := tx.commentSubject(ctx, tx.actor, e, c)
	if err != nil {
		return "", err
	}
	under, err := tx.charterOf(ctx, e)
	if err != nil {
		return "", err
	}
	s = s.with(map[governance.Need]unmet{
		governance.NeedMinimumDays: func(context.Context) (*governance.Error, error) { return tx.unmetBallotDays(under, in.ClosesOn) },
	})
	if err := s.permit(ctx, governance.OpenObjectionBallot); err != nil {
		return "", err
	}
	said := c.said()
	matter, digest, err := tx.state(ctx, governance.Matter{
		Kind: governance.MatterObjection, Council: e.CouncilID, Edition: e.ID, Document: e.HeadDigest, Object: string(c.ID),
	}, map[string]string{"reason": said.body, "remedy": said.remedy})
	if err != nil {
		return "", err
	}
	id, err := tx.openBallot(ctx, s.actingRole(governance.OpenObjectionBallot), motion{
		id: in.ID, kind: governance.BallotMatter, council: e.CouncilID, edition: e, matter: matter, digest: digest, under: under,
		closesOn: in.ClosesOn,
	})
	return string(id), err
}

// unmetByBallot refuses to put an objection to the vote where the charter leaves it to a representative.
func (q *Query) unmetByBallot(ctx context.Context, e *Edition) (*governance.Error, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return nil, err
	}
	if charter == nil {
		return refuseWithoutCharter(), nil
	}
	if charter.Body.ObjectionsDecidedBy == governance.ObjectionsByMatterBallot {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "decided-by-representative",
		"By the charter a representative of the council decides on objections."), nil
}

// unmetNotBalloted refuses to touch a referred objection while a ballot on it is open. Nothing else is looked at: whether a
// page of comments may be answered takes no statement.
func (q *Query) unmetNotBalloted(ctx context.Context, c *Comment) (*governance.Error, error) {
	if !c.IsObjection || c.State != governance.StateReferred {
		return nil, nil
	}
	open, err := q.exists(ctx, `
		SELECT 1
		FROM matters m
		JOIN ballots b ON b.matter_id = m.id
		WHERE m.object_id = $1 AND b.state = 'OPEN'`, c.ID)
	if err != nil {
		return nil, fmt.Errorf("look for a ballot on objection %s: %w", c.ID, err)
	}
	if !open {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "matter-ballot-open", "A ballot on the objection is open."), nil
}

// votesOn says whether an organization may vote, or might once, on an objection: then it sees what that is about.
func (q *Query) votesOn(ctx context.Context, organization governance.OrganizationID, c *Comment) (bool, error) {
	if !c.IsObjection || organization == "" {
		return false, nil
	}
	found, err := q.exists(ctx, `
		SELECT 1
		FROM matters m
		JOIN ballots b ON b.matter_id = m.id
		JOIN electors v ON v.ballot_id = b.id
		WHERE m.object_id = $1 AND v.organization_id = $2
		LIMIT 1`, c.ID, organization)
	if err != nil {
		return false, fmt.Errorf("look for the electors of objection %s: %w", c.ID, err)
	}
	return found, nil
}

// decideObjectionByBallot does what the outcome of a ballot on an objection says, with the count as its reason.
func (tx *Tx) decideObjectionByBallot(ctx context.Context, b *Ballot, e *Edition, m *Matter, result governance.TallyResult) error {
	state, decided := governance.ObjectionAfter(result.Outcome)
	if !decided {
		return nil
	}
	c, err := tx.comment(ctx, governance.CommentID(m.Object))
	if err != nil {
		return err
	}
	if err := tx.setState(ctx, e, c, state); err != nil {
		return err
	}
	reason := reasonOf("objection", result)
	_, err = tx.exec(ctx, `UPDATE comments SET decision_reason = $2, decided_at = $3 WHERE id = $1`, c.ID, reason, tx.now)
	if err != nil {
		return fmt.Errorf("decide on objection %s: %w", c.ID, err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "OBJECTION_" + string(state), Object: Object{"COMMENT", string(c.ID)}, Root: rootOver(e.CouncilID, e),
		Digests: map[string]governance.Digest{"matter": b.Digest}, Words: map[string]string{"ballot": string(b.ID)},
		Texts: words("reason", reason),
	})
	return err
}

// reasonOf says in English how a ballot on something decided: its outcome and what was counted.
func reasonOf(on string, result governance.TallyResult) string {
	said := []string{"The ballot on the " + on + " was carried."}
	if result.Outcome != governance.OutcomeCarried {
		said[0] = "The ballot on the " + on + " was not carried."
	}
	for _, condition := range result.Conditions {
		said = append(said, condition.Explanation)
	}
	return strings.Join(said, " ")
}

// endBallotsOn ends the ballots that are open on an objection which its objector took back.
func (tx *Tx) endBallotsOn(ctx context.Context, e *Edition, c *Comment) error {
	if !c.IsObjection || c.State != governance.StateReferred {
		return nil
	}
	return tx.endBallots(ctx, e, governance.OutcomeSuperseded,
		`matter_id IN (SELECT id FROM matters WHERE object_id = $1) AND state = 'OPEN'`, string(c.ID))
}
