package store

import (
	"context"
	"fmt"

	"concordat/governance"
	"concordat/notary"
)

// tallyRecord is everything that decides a ballot, as public data: the frozen rule and electorate and the position that
// each took last, sorted by organization.
func (q *Query) tallyRecord(ctx context.Context, b *Ballot) (governance.TallyRecord, error) {
	record := governance.TallyRecord{
		Schema: governance.TallySchema, Rule: b.Rule, Electors: []governance.Elector{}, Votes: []governance.Vote{},
	}
	electors, err := q.frozenElectors(ctx, b)
	if err != nil {
		return record, err
	}
	record.Electors = append(record.Electors, electors...)
	votes, err := collect(ctx, q, func(row scanner) (governance.Vote, error) {
		var v governance.Vote
		return v, row.Scan(&v.Organization, &v.Position)
	}, `SELECT organization_id, position FROM positions WHERE ballot_id = $1 AND is_latest = 1 ORDER BY organization_id`, b.ID)
	if err != nil {
		return record, fmt.Errorf("read the votes: %w", err)
	}
	record.Votes = append(record.Votes, votes...)
	return record, nil
}

// closeIfAllActed closes a ballot with the last elector's position, where the charter says so: the clock's step, taken at
// once.
func (tx *Tx) closeIfAllActed(ctx context.Context, b *Ballot, e *Edition) error {
	if b.PositionCount < b.ElectorCount {
		return nil
	}
	charter, err := tx.charter(ctx, b.CharterID)
	if err != nil || !charter.Body.CloseBallotWhenAllActed {
		return err
	}
	person := tx.actor
	defer func() { tx.actor = person }()
	tx.actor = governance.ClockActor
	return tx.closeBallot(ctx, b, e, charter)
}

// closeBallot counts a ballot, keeps the record and the result, and does what the outcome says. The edition is nil where the
// ballot is on a charter. CONFLICT where the ballot is closed already.
func (tx *Tx) closeBallot(ctx context.Context, b *Ballot, e *Edition, charter *Charter) error {
	record, err := tx.tallyRecord(ctx, b)
	if err != nil {
		return err
	}
	result, err := governance.Tally(record)
	if err != nil {
		return fmt.Errorf("count ballot %s: %w", b.ID, errStored{err})
	}
	resultText, err := canonicalText(result)
	if err != nil {
		return err
	}
	digest, err := tx.storeOutcome(ctx, b, record, result.Outcome, resultText)
	if err != nil {
		return err
	}
	closing := Act{
		Type: "BALLOT_CLOSED", Object: Object{"BALLOT", string(b.ID)}, Root: rootOver(b.CouncilID, e),
		Digests: map[string]governance.Digest{b.subject(): b.Digest, "charter": charter.Digest, "record": digest},
		Words:   map[string]string{"outcome": string(result.Outcome)},
	}
	if b.Kind == governance.BallotEdition {
		stage, err := tx.followOutcome(ctx, b, e, result.Outcome, charter)
		if err != nil {
			return err
		}
		closing.Words["stage"] = string(stage)
	}
	if _, err := tx.appendAct(ctx, closing); err != nil {
		return err
	}
	switch b.Kind {
	case governance.BallotCharter:
		return tx.decideCharter(ctx, b, result.Outcome)
	case governance.BallotMatter:
		return tx.decideMatter(ctx, b, e, result)
	case governance.BallotEdition: // followed its outcome before the act that says where it stands
	}
	return nil
}

// endOpenBallot ends the ballots that are open on an edition or on matters about it, if any are, without a count: what was
// voted on is no longer put to the vote. The positions taken so far stay on record.
func (tx *Tx) endOpenBallot(ctx context.Context, e *Edition, outcome governance.Outcome) error {
	return tx.endBallots(ctx, e, outcome, `edition_id = $1 AND state = 'OPEN'`, string(e.ID))
}

// endBallots ends the ballots under an edition for which a condition on $1 holds, without a count.
func (tx *Tx) endBallots(ctx context.Context, e *Edition, outcome governance.Outcome, condition, of string) error {
	open, err := collect(ctx, tx.Query, tx.scanBallot, `SELECT `+ballotColumns+` FROM ballots WHERE `+condition, of)
	if err != nil {
		return fmt.Errorf("look for an open ballot on %s: %w", of, err)
	}
	for _, b := range open {
		digest, err := tx.endBallot(ctx, b, outcome)
		if err != nil {
			return err
		}
		_, err = tx.appendAct(ctx, Act{
			Type: "BALLOT_ENDED", Object: Object{"BALLOT", string(b.ID)},
			Root:    root{rootSpecification, string(e.SpecificationID)},
			Digests: map[string]governance.Digest{b.subject(): b.Digest, "record": digest},
			Words:   map[string]string{"outcome": string(outcome)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endBallot ends an open ballot without a count and answers the digest of its record.
func (tx *Tx) endBallot(ctx context.Context, b *Ballot, outcome governance.Outcome) (governance.Digest, error) {
	record, err := tx.tallyRecord(ctx, b)
	if err != nil {
		return "", err
	}
	return tx.storeOutcome(ctx, b, record, outcome, "")
}

// storeOutcome closes the ballot's row with its outcome, its record and the result of the count, which is empty where
// there was none. It answers the digest of the record's bytes.
func (tx *Tx) storeOutcome(
	ctx context.Context, b *Ballot, record governance.TallyRecord, outcome governance.Outcome, result string,
) (governance.Digest, error) {
	recordText, err := canonicalText(record)
	if err != nil {
		return "", err
	}
	changed, err := tx.exec(ctx, `
		UPDATE ballots
		SET state = 'CLOSED', closed_at = $2, outcome = $3, record = $4, result = $5
		WHERE id = $1 AND state = 'OPEN'`, b.ID, tx.now, outcome, recordText, orNull(result))
	if err != nil {
		return "", fmt.Errorf("close ballot %s: %w", b.ID, err)
	}
	if changed == 0 {
		return "", governance.Refuse(governance.CodeConflict, "ballot-not-open", "The ballot is closed already.")
	}
	return notary.Digest([]byte(recordText)), tx.lapseCorrections(ctx, b)
}

// failedWords says in an edition's stage why it is back in DISPOSITION.
var failedWords = map[governance.Outcome]string{
	governance.OutcomeNotCarried: "The ballot was not carried.",
	governance.OutcomeInquorate:  "Too few took part in the ballot.",
}

// followOutcome moves the edition to where the outcome leads, and answers that stage: APPROVED, ENDORSED where the charter
// asks for no endorsement, or back to DISPOSITION with the objections as comments to answer.
func (tx *Tx) followOutcome(
	ctx context.Context, b *Ballot, e *Edition, outcome governance.Outcome, charter *Charter,
) (governance.Stage, error) {
	if outcome != governance.OutcomeCarried {
		m := move{to: governance.StageDisposition, at: tx.now, reason: failedWords[outcome]}
		if err := tx.setStage(ctx, e, m); err != nil {
			return "", err
		}
		return m.to, tx.returnObjections(ctx, b, e)
	}
	m := move{to: governance.StageApproved, at: tx.now}
	if len(charter.Body.Endorsements) == 0 {
		m.to = governance.StageEndorsed
	}
	if err := tx.setStage(ctx, e, m); err != nil {
		return "", err
	}
	// From here on everybody may read it, whatever becomes of it.
	_, err := tx.exec(ctx, `
		UPDATE editions
		SET approved_digest = $2, approved_ballot_id = $3, consulted = 1, invited_only = 0
		WHERE id = $1`, e.ID, b.Digest, b.ID)
	if err != nil {
		return "", fmt.Errorf("set the approved digest: %w", err)
	}
	return m.to, nil
}

// returnedObjection is an objection taken in a ballot, on its way back to the editors.
type returnedObjection struct {
	organization governance.OrganizationID
	person       governance.PersonID
	reason       string
	remedy       string
}

// returnObjections makes the objections of a ballot that failed comments for the editors to answer.
func (tx *Tx) returnObjections(ctx context.Context, b *Ballot, e *Edition) error {
	objections, err := collect(ctx, tx.Query, func(row scanner) (returnedObjection, error) {
		var o returnedObjection
		return o, row.Scan(&o.organization, &o.person, &o.reason, &o.remedy)
	}, `
		SELECT organization_id, person_id, reason, remedy
		FROM positions
		WHERE ballot_id = $1 AND is_latest = 1 AND position = 'OBJECT'
		ORDER BY organization_id`, b.ID)
	if err != nil {
		return fmt.Errorf("read the objections of ballot %s: %w", b.ID, err)
	}
	for _, o := range objections {
		if err := tx.returnObjection(ctx, b, e, o); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `
		UPDATE editions
		SET comment_count = comment_count + $2, unanswered_count = unanswered_count + $2
		WHERE id = $1`, e.ID, len(objections))
	if err != nil {
		return fmt.Errorf("count the objections: %w", err)
	}
	return nil
}

func (tx *Tx) returnObjection(ctx context.Context, b *Ballot, e *Edition, o returnedObjection) error {
	id := tx.newID()
	_, err := tx.exec(ctx, `
		INSERT INTO comments (
			id, edition_id, revision_id, kind, body, is_objection, remedy, state, organization_id, person_id, created_at
		) VALUES ($1, $2, $3, 'GENERAL', $4, 1, $5, 'OPEN', $6, $7, $8)`,
		id, e.ID, *b.Revision, o.reason, o.remedy, o.organization, o.person, tx.now)
	if err != nil {
		return fmt.Errorf("return the objection of %s: %w", o.organization, err)
	}
	return nil
}
