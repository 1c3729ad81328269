package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

// profileNow names the profile that new editions are checked against.
var profileNow = profileName(governance.EUProfile())

// profileName is a profile's name in an edition: "EU/1".
func profileName(p governance.Profile) string { return strings.ToUpper(p.ID) + "/" + p.Version }

// profileOf finds a profile by its name.
func profileOf(name string) (governance.Profile, error) {
	if profile := governance.EUProfile(); profileName(profile) == name {
		return profile, nil
	}
	return governance.Profile{}, fmt.Errorf("there is no profile %q", name)
}

// specificationRoot answers the root under which an edition lies, to be locked before the edition is read. An edition
// never changes its specification, and is never removed, so that the answer is kept. NOT_FOUND where there is no such
// edition.
func (db *DB) specificationRoot(ctx context.Context, edition governance.EditionID) (root, error) {
	return db.memory.roots.of(string(edition), func([]byte) (root, error) {
		return db.rootAbove(ctx, rootSpecification, `SELECT specification_id FROM editions WHERE id = $1`, "edition", string(edition))
	})
}

// rootOfComment is specificationRoot for a comment.
func (db *DB) rootOfComment(ctx context.Context, comment governance.CommentID) (root, error) {
	return db.rootAbove(ctx, rootSpecification,
		`SELECT e.specification_id FROM comments c JOIN editions e ON e.id = c.edition_id WHERE c.id = $1`, "comment", string(comment))
}

// rootAbove answers the row of a table under which a thing lies, by a statement that finds its id. NOT_FOUND, with the
// thing's noun, where there is no such thing.
func (db *DB) rootAbove(ctx context.Context, table rootTable, text, noun, id string) (root, error) {
	r := root{table: table}
	err := db.readOne(ctx, func(ctx context.Context, q *Query) error { return q.queryRow(ctx, text, id).Scan(&r.id) })
	if errors.Is(err, sql.ErrNoRows) {
		return r, governance.NotFound(noun, id)
	}
	if err != nil {
		return r, fmt.Errorf("find the root of %s %s: %w", noun, id, err)
	}
	return r, nil
}

// errSignIn refuses a step to somebody who is not signed in.
var errSignIn = governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")

// editionStep is a step on an edition: the actor's subject and the edition, fresh under the lock.
type editionStep struct {
	mutation string
	rule     governance.Step
	edition  governance.EditionID
	key      string // the client's idempotency key
	input    any    // of the mutation, with the key
	// withNeeds locks the needs behind the specification as well; each act must then name its root.
	withNeeds bool
	// withRoll locks the council as well, whose roll the step reads; each act must then name its root.
	withRoll bool
	// needs looks at conditions that follow from the input; nil where there are none.
	needs func(tx *Tx, s standing, e *Edition) map[governance.Need]unmet
	// do takes the permitted step and answers the object's id.
	do func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error)
}

// takeOnEdition locks the edition's specification, reads the edition, asks whether the step is permitted, does it and
// counts the specification's version.
func (db *DB) takeOnEdition(ctx context.Context, actor governance.Actor, es editionStep) (string, error) {
	if err := CheckID("input.edition", string(es.edition)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn // before it is looked whether there is such an edition
	}
	repeat, err := RepeatOf(es.key, es.input)
	if err != nil {
		return "", err
	}
	roots, err := db.rootsOf(ctx, es)
	if err != nil {
		return "", err
	}
	return db.take(ctx, step{name: es.mutation, actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			e, err := tx.edition(ctx, es.edition)
			if err != nil {
				return "", err
			}
			s, err := tx.editionSubject(ctx, actor, e)
			if err != nil {
				return "", err
			}
			if es.needs != nil {
				s = s.with(es.needs(tx, s.standing, e))
			}
			if err := s.permit(ctx, es.rule); err != nil {
				return "", err
			}
			return es.do(ctx, tx, s, e)
		}})
}

func (db *DB) rootsOf(ctx context.Context, es editionStep) ([]root, error) {
	if es.withRoll {
		return db.editionRoots(ctx, es.edition)
	}
	return db.rootsOfEdition(ctx, es.edition, es.withNeeds)
}

// newEdition is an edition on its way into the database, with its first revision.
type newEdition struct {
	specification governance.SpecificationID
	number        string
	lead          governance.OrganizationID
	basedOn       governance.EditionID // empty: none
	class         governance.Class
	closedGroup   bool
	message       string
	text          revisionText
}

// insertEdition writes the edition in DRAFTING, its lead into the working group, and its first revision.
func (tx *Tx) insertEdition(ctx context.Context, n newEdition) (governance.EditionID, error) {
	id, head := governance.EditionID(tx.newID()), governance.RevisionID(tx.newID())
	_, err := tx.exec(ctx, `
		INSERT INTO editions (
			id, specification_id, number, stage, stage_at, lead_id, based_on, profile, class, closed_group, head_id,
			head_digest, created_at
		) VALUES ($1, $2, $3, 'DRAFTING', $4, $5, $6, $7, $8, $9, $10, $11, $4)`,
		id, n.specification, n.number, tx.now, n.lead, orNull(n.basedOn), profileNow, n.class, n.closedGroup, head,
		n.text.digest)
	if err != nil {
		return "", fmt.Errorf("insert edition: %w", err)
	}
	if err := tx.insertStage(ctx, id, move{to: governance.StageDrafting, at: tx.now}); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO working_group (edition_id, organization_id, state, changed_at)
		VALUES ($1, $2, 'MEMBER', $3)`, id, n.lead, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert the lead: %w", err)
	}
	r := Revision{
		ID: head, EditionID: id, Number: 1, Digest: n.text.digest, Bytes: n.text.bytes, Message: n.message, Class: n.class,
		Organization: &Organization{ID: n.lead},
	}
	return id, tx.insertRevision(ctx, r)
}

// editionNumber is "1.0", "2.1", "2.1.3".
var editionNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){1,2}$`)

// StartEdition starts a further edition of a specification from its newest text that was published, or else its newest,
// or from what is said: an earlier edition of it, or a text such as an imported one. It may answer further needs. Errors: FORBIDDEN but for an author of an organization on the roll, which becomes the lead; CONFLICT while an edition
// is open; INVALID for a number that is not above all before it.
func (db *DB) StartEdition(ctx context.Context, actor governance.Actor, in StartEditionInput) (governance.EditionID, error) {
	if err := CheckID("input.specification", string(in.Specification)); err != nil {
		return "", err
	}
	if !editionNumber.MatchString(in.Number) {
		return "", governance.Invalid("input.number", "number-malformed",
			"An edition's number looks like 1.1 or 2.0; {number} does not.", "number", in.Number[:min(len(in.Number), 40)])
	}
	if err := in.checkStart(); err != nil {
		return "", err
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	roots := []root{{rootSpecification, string(in.Specification)}}
	for _, need := range in.Needs {
		roots = append(roots, root{rootNeed, string(need)})
	}
	id, err := db.take(ctx, step{name: "startEdition", actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.standingOf(ctx, actor)
			if err != nil {
				return "", err
			}
			newest, err := tx.newestEditions(ctx, s, []governance.SpecificationID{in.Specification})
			if err != nil {
				return "", err
			}
			e := newest[in.Specification]
			if e == nil {
				return "", governance.NotFound("specification", string(in.Specification))
			}
			edition, err := tx.editionSubject(ctx, actor, e)
			if err != nil {
				return "", err
			}
			if err := edition.permit(ctx, governance.StartEdition); err != nil {
				return "", err
			}
			id, err := tx.startEdition(ctx, edition, e, in)
			if err != nil {
				return "", err
			}
			return string(id), nil
		}})
	return governance.EditionID(id), err
}

func (tx *Tx) startEdition(ctx context.Context, s subject, newest *Edition, in StartEditionInput) (governance.EditionID, error) {
	all, err := collect(ctx, tx.Query, scanEdition, `SELECT `+editionColumns+editionTables+`
		WHERE e.specification_id = $1
		ORDER BY e.created_at, e.id`, in.Specification)
	if err != nil {
		return "", fmt.Errorf("read the editions before: %w", err)
	}
	base := newest
	for _, e := range all {
		if compareNumbers(e.Number, in.Number) >= 0 {
			return "", governance.Invalid("input.number", "number-not-above",
				"There is an edition {other} already; {number} is not above it.", "other", e.Number, "number", in.Number)
		}
		if in.BasedOn == e.ID || in.BasedOn == "" && e.Stage.Public() {
			base = e
		}
	}
	if in.BasedOn != "" && base.ID != in.BasedOn {
		return "", governance.Invalid("input.basedOn", "another-specification", "The edition is none of this specification.")
	}
	if err := tx.showEdition(ctx, s.standing, base); err != nil {
		return "", err
	}
	if err := tx.checkAnswered(ctx, newest.CouncilID, in.Needs); err != nil {
		return "", err
	}
	if err := tx.insertNeedsOf(ctx, in.Specification, in.Needs); err != nil {
		return "", err
	}
	text, class, err := tx.startingText(ctx, base, in)
	if err != nil {
		return "", err
	}
	id, err := tx.insertEdition(ctx, newEdition{
		specification: in.Specification, number: in.Number, lead: s.standing.organization,
		basedOn: base.ID, class: class, closedGroup: false, message: in.Message, text: text,
	})
	if err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "EDITION_STARTED", Object: Object{"EDITION", string(id)}, Root: root{rootSpecification, string(in.Specification)},
		Role: s.actingRole(governance.StartEdition), Digests: map[string]governance.Digest{"document": text.digest},
		Texts: words("message", in.Message),
	})
	return id, err
}

// checkStart looks at what a further edition starts from and answers.
func (in StartEditionInput) checkStart() error {
	if in.BasedOn != "" {
		if err := CheckID("input.basedOn", string(in.BasedOn)); err != nil {
			return err
		}
		if err := checkOneStart(true, says(in.Document)); err != nil {
			return err
		}
	}
	if err := checkNeedIDs(in.Needs); err != nil {
		return err
	}
	return checkLength("input.message", in.Message, 0, maxMessage)
}

// startingText answers the text that a further edition starts with: the base's, or the one that was given. It is as
// weighty as its difference from the base.
func (tx *Tx) startingText(ctx context.Context, base *Edition, in StartEditionInput) (revisionText, governance.Class, error) {
	document, err := tx.document(ctx, base.HeadID, base.HeadDigest)
	if err != nil {
		return revisionText{}, "", err
	}
	if !says(in.Document) {
		text, err := newText(document)
		return text, governance.ClassEditorial, err
	}
	text, err := newText(in.Document)
	if err != nil {
		return revisionText{}, "", err
	}
	under := *base
	under.CharterID = "" // the one in force: it goes by none yet
	class, err := tx.classOf(ctx, &under, "", text.document)
	return text, class, err
}

// compareNumbers says whether edition number a is below (-1), the same as (0) or above (1) b: 1.10 is above 1.9.
func compareNumbers(a, b string) int {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(left), len(right)) {
		if x, y := numberPart(left, i), numberPart(right, i); x != y {
			if x < y {
				return -1
			}
			return 1
		}
	}
	return 0
}

func numberPart(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0 // a stored number always has the form above
	}
	return n
}

// unmetNoOpenEdition refuses while any edition of the specification is open, seen by the actor or not.
func (q *Query) unmetNoOpenEdition(ctx context.Context, e *Edition) (*governance.Error, error) {
	open, err := q.exists(ctx, `
		SELECT 1
		FROM editions
		WHERE specification_id = $1
			AND stage IN ('DRAFTING', 'CONSULTATION', 'DISPOSITION', 'BALLOT', 'APPROVED', 'ENDORSED')`, e.SpecificationID)
	if err != nil || !open {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "edition-open", "An edition of this specification is open already."), nil
}

// move is a change of an edition's stage.
type move struct {
	to       governance.Stage
	at       time.Time
	reason   string
	decision string // of the council, where the step needs one
}

// setStage moves an edition from one stage to the next, at an instant, for a reason, and keeps that it did. The statement
// is guarded: an edition that is not in that stage is a CONFLICT.
func (tx *Tx) setStage(ctx context.Context, e *Edition, m move) error {
	changed, err := tx.exec(ctx, `
		UPDATE editions
		SET stage = $3, stage_at = $4, stage_reason = $5
		WHERE id = $1 AND stage = $2`, e.ID, e.Stage, m.to, m.at, m.reason)
	if err != nil {
		return fmt.Errorf("move edition %s to %s: %w", e.ID, m.to, err)
	}
	if changed == 0 {
		return governance.Refuse(governance.CodeConflict, "stage-moved", "The edition has left stage {stage}.", "stage", string(e.Stage))
	}
	return tx.insertStage(ctx, e.ID, m)
}
