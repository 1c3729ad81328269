package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"concordat/governance"
)

// Ballot is a vote on one exact thing, an edition's text, a charter or a matter, as it is read.
type Ballot struct {
	ID            governance.BallotID
	CouncilID     governance.OrganizationID
	Council       *Organization
	Kind          governance.BallotKind
	EditionID     governance.EditionID // that is voted on, or that the matter is about; empty: on a charter
	ProposalID    governance.CharterID // the charter that is voted on; empty: on something else
	MatterID      governance.MatterID  // the matter that is voted on; empty: on something else
	Digest        governance.Digest
	Revision      *governance.RevisionID
	CharterID     governance.CharterID // under which it is held
	Rule          governance.Rule
	Profile       string
	Findings      []governance.Finding
	Secrecy       governance.Secrecy
	State         governance.BallotState
	OpenedAt      time.Time
	ClosesAt      time.Time
	ClosedAt      *time.Time
	Outcome       *governance.Outcome
	Record        *governance.TallyRecord // nil before the close, and where it was not wanted
	ElectorCount  int
	PositionCount int

	result string // JSON of the tally at the close; empty before it
}

// shows says whether positions and counts may be shown: where the charter keeps them secret not before the close, and
// not at all where the ballot ended without a count, so that nobody recalls one to look into it.
func (b *Ballot) shows() bool {
	return b.Secrecy == governance.SecrecyAtOnce || b.State == governance.BallotIsClosed && b.result != ""
}

// Shows says whether positions and counts may be shown by now.
func (b *Ballot) Shows() bool { return b.shows() }

// ShownPositionCount is how many have taken a position; nil where that is secret now: whoever watches the count grow in a
// small electorate knows who spoke.
func (b *Ballot) ShownPositionCount() *int {
	if !b.shows() {
		return nil
	}
	return &b.PositionCount
}

// BallotRoot answers the specification, or the council, under which a ballot lies. NOT_FOUND where the actor may not see it.
func (db *DB) BallotRoot(ctx context.Context, actor governance.Actor, id governance.BallotID) (string, error) {
	var above root
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		b, err := q.visibleBallot(ctx, actor, id)
		if err != nil {
			return err
		}
		var e *Edition
		if b.EditionID != "" {
			if e, err = q.edition(ctx, b.EditionID); err != nil {
				return err
			}
		}
		above = rootOver(b.CouncilID, e)
		return nil
	})
	return above.id, err
}

// rootOver is what a step on a ballot locks: the specification of its edition, or the council where it is on a charter and
// has none.
func rootOver(council governance.OrganizationID, e *Edition) root {
	if e == nil {
		return root{rootOrganization, string(council)}
	}
	return root{rootSpecification, string(e.SpecificationID)}
}

// subject says, in acts, what the ballot's digest is of.
func (b *Ballot) subject() string { return subjectOf[b.Kind] }

// subjectOf are the names of what is voted on. A charter that is voted on is a proposal: "charter" is the one in force.
var subjectOf = map[governance.BallotKind]string{
	governance.BallotEdition: "document", governance.BallotCharter: "proposal", governance.BallotMatter: "matter",
}

const ballotColumns = `
	id,
	council_id,
	kind,
	edition_id,
	proposal_id,
	matter_id,
	digest,
	revision_id,
	charter_id,
	rule,
	profile,
	findings,
	secrecy,
	state,
	opened_at,
	closes_at,
	closed_at,
	outcome,
	result,
	elector_count,
	position_count`

// scanBallot reads ballotColumns; the council carries its id alone, and the record is not read.
func (q *Query) scanBallot(row scanner) (*Ballot, error) {
	var b Ballot
	var rule, findings string
	err := row.Scan(&b.ID, &b.CouncilID, &b.Kind, orEmpty(&b.EditionID), orEmpty(&b.ProposalID), orEmpty(&b.MatterID), &b.Digest, orNil(&b.Revision), &b.CharterID,
		&rule, &b.Profile, &findings, &b.Secrecy, &b.State, at(&b.OpenedAt), at(&b.ClosesAt), atOrNil(&b.ClosedAt),
		orNil(&b.Outcome), orEmpty(&b.result), &b.ElectorCount, &b.PositionCount)
	if err != nil {
		return nil, err
	}
	b.Council = &Organization{ID: b.CouncilID}
	if b.Rule, err = q.memory.rules.of(rule, governance.ParseRule); err != nil {
		return nil, fmt.Errorf("read the rule of ballot %s: %w", b.ID, errStored{err})
	}
	if b.Findings, err = q.memory.findings.of(findings, readFindings); err != nil {
		return nil, fmt.Errorf("read the findings of ballot %s: %w", b.ID, err)
	}
	return &b, nil
}

// ballot reads a ballot's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) ballot(ctx context.Context, id governance.BallotID) (*Ballot, error) {
	found, err := collect(ctx, q, q.scanBallot, `SELECT `+ballotColumns+` FROM ballots WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read ballot: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("ballot", string(id))
	}
	return found[0], nil
}

// ballotSubject is a ballot, and the edition that it is about; nil where it is on a charter. Whoever may see the edition may
// see it, its electors among them; charters and what is voted on them are public. Its stage is its own state.
func (q *Query) ballotSubject(ctx context.Context, actor governance.Actor, b *Ballot) (subject, *Edition, error) {
	s, e, err := q.subjectUnder(ctx, actor, b)
	if err != nil {
		return subject{}, nil, err
	}
	s.kind, s.noun, s.id, s.stage = governance.KindBallot, "ballot", string(b.ID), governance.Stage(b.State)
	if s.standing.organization != "" {
		elector, err := q.exists(ctx, `SELECT 1 FROM electors WHERE ballot_id = $1 AND organization_id = $2`,
			b.ID, s.standing.organization)
		if err != nil {
			return subject{}, nil, fmt.Errorf("look for the elector: %w", err)
		}
		if elector {
			s.relations = append(s.relations, governance.RelationElector)
		}
	}
	return s.with(q.ballotNeeds(s.standing, b)), e, nil
}

// subjectUnder is what a ballot lies under: its edition, or the council where it is on a charter.
func (q *Query) subjectUnder(ctx context.Context, actor governance.Actor, b *Ballot) (subject, *Edition, error) {
	if b.EditionID == "" {
		s, err := q.councilSubject(ctx, actor, b.CouncilID)
		return s, nil, err
	}
	e, err := q.edition(ctx, b.EditionID)
	if err != nil {
		return subject{}, nil, err
	}
	s, err := q.editionSubject(ctx, actor, e)
	return s, e, err
}

// ballotNeeds looks at the conditions that follow from a ballot and the actor alone.
func (q *Query) ballotNeeds(s standing, b *Ballot) map[governance.Need]unmet {
	needs := q.correctionNeeds(s, governance.CorrectionRecall, func(context.Context) (*Ballot, error) { return b, nil })
	maps.Copy(needs, map[governance.Need]unmet{
		governance.NeedBallotOpen:      func(context.Context) (*governance.Error, error) { return q.unmetBallotOpen(b), nil },
		governance.NeedOneOrganization: func(ctx context.Context) (*governance.Error, error) { return q.unmetOneOrganization(ctx, s, b) },
		governance.NeedNoPosition:      func(ctx context.Context) (*governance.Error, error) { return q.unmetNoPosition(ctx, s, b) },
		governance.NeedPosition:        func(ctx context.Context) (*governance.Error, error) { return q.unmetPosition(ctx, s, b) },
		governance.NeedEarlierPosition: func(ctx context.Context) (*governance.Error, error) { return q.unmetEarlierPosition(ctx, s, b) },
	})
	return needs
}

// unmetBallotOpen refuses what comes after the close, and what comes after the deadline before the clock has closed it.
func (q *Query) unmetBallotOpen(b *Ballot) *governance.Error {
	if b.State == governance.BallotIsOpen && q.now.Before(b.ClosesAt) {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "ballot-not-open",
		"The ballot is not open any more; its deadline was {deadline}.", "deadline", formatTime(b.ClosesAt))
}

// Ballot reads a ballot. NOT_FOUND where the actor may not see it.
func (db *DB) Ballot(ctx context.Context, actor governance.Actor, id governance.BallotID, fields Fields) (*Ballot, error) {
	var b *Ballot
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		if b, err = q.visibleBallot(ctx, actor, id); err != nil {
			return err
		}
		return q.fillBallots(ctx, fields, b)
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// visibleBallot is ballot, with NOT_FOUND where the actor may not see it.
func (q *Query) visibleBallot(ctx context.Context, actor governance.Actor, id governance.BallotID) (*Ballot, error) {
	b, _, err := q.ballotBefore(ctx, actor, id)
	return b, err
}

// ballotBefore is visibleBallot, with the standing of who looks at it.
func (q *Query) ballotBefore(ctx context.Context, actor governance.Actor, id governance.BallotID) (*Ballot, standing, error) {
	b, err := q.ballot(ctx, id)
	if err != nil {
		return nil, standing{}, err
	}
	s, _, err := q.ballotSubject(ctx, actor, b)
	if err != nil {
		return nil, standing{}, err
	}
	if !s.visible {
		return nil, standing{}, governance.NotFound("ballot", string(id))
	}
	return b, s.standing, nil
}

// BallotsOf reads the ballots on the text of an edition that the actor was shown, the newest first.
func (db *DB) BallotsOf(ctx context.Context, edition governance.EditionID, fields Fields) ([]*Ballot, error) {
	return db.ballotsWhere(ctx, `edition_id = $1 AND kind = 'EDITION'`, string(edition), fields)
}

// BallotsOfCharter reads the ballots on a proposed charter, the newest first: public.
func (db *DB) BallotsOfCharter(ctx context.Context, charter governance.CharterID, fields Fields) ([]*Ballot, error) {
	return db.ballotsWhere(ctx, `proposal_id = $1`, string(charter), fields)
}

// ballotsWhere reads the ballots for which a condition on $1 holds, the newest first.
func (db *DB) ballotsWhere(ctx context.Context, condition, of string, fields Fields) (ballots []*Ballot, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		ballots, err = collect(ctx, q, q.scanBallot,
			`SELECT `+ballotColumns+` FROM ballots WHERE `+condition+` ORDER BY opened_at DESC, id DESC`, of)
		if err != nil {
			return fmt.Errorf("read the ballots of %s: %w", of, err)
		}
		return q.fillBallots(ctx, fields, ballots...)
	})
	return ballots, err
}

// fillBallots completes ballots: their councils, and their records where they are wanted.
func (q *Query) fillBallots(ctx context.Context, fields Fields, ballots ...*Ballot) error {
	councils := make([]*Organization, len(ballots))
	for i, b := range ballots {
		councils[i] = b.Council
		if !fields.Has("record") || b.State != governance.BallotIsClosed || !b.shows() {
			continue
		}
		record, err := q.storedRecord(ctx, b.ID)
		if err != nil {
			return err
		}
		b.Record = record
	}
	if fields.spares("council") {
		return nil
	}
	return q.fillOrganizations(ctx, councils...)
}

// storedRecord reads the tally record of a closed ballot; nil where it was closed without a count.
func (q *Query) storedRecord(ctx context.Context, id governance.BallotID) (*governance.TallyRecord, error) {
	var stored string
	err := q.queryRow(ctx, `SELECT record FROM ballots WHERE id = $1`, id).Scan(orEmpty(&stored))
	if err != nil || stored == "" {
		return nil, err
	}
	record, err := governance.ParseTallyRecord([]byte(stored))
	if err != nil {
		return nil, fmt.Errorf("read the record of ballot %s: %w", id, errStored{err})
	}
	return &record, nil
}

// Tally counts a ballot that the actor was shown: a closed one as it was counted at its close, an open one as if it
// closed now. Nil where the count is secret, and where a ballot ended without one.
func (db *DB) Tally(ctx context.Context, b *Ballot) (*governance.TallyResult, error) {
	if !b.shows() {
		return nil, nil
	}
	var result governance.TallyResult
	if b.State == governance.BallotIsClosed {
		if b.result == "" {
			return nil, nil
		}
		stored, err := db.memory.results.of(b.result, readResult)
		if err != nil {
			return nil, fmt.Errorf("read the result of ballot %s: %w", b.ID, err)
		}
		return stored, nil
	}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		alike, err := q.alike(ctx, b)
		if err != nil {
			return err
		}
		result, err = governance.TallyAlike(b.Rule, alike)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count ballot %s: %w", b.ID, err)
	}
	return &result, nil
}

// readFindings reads stored findings.
func readFindings(stored []byte) (findings []governance.Finding, err error) {
	err = json.Unmarshal(stored, &findings)
	return findings, err
}

// readResult reads a stored tally.
func readResult(stored []byte) (*governance.TallyResult, error) {
	var result governance.TallyResult
	err := json.Unmarshal(stored, &result)
	return &result, err
}

// BallotMay says what the viewer may do to a ballot that it was shown.
func (db *DB) BallotMay(ctx context.Context, actor governance.Actor, b *Ballot) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) {
		s, _, err := q.ballotSubject(ctx, actor, b)
		return s, err
	})
}
