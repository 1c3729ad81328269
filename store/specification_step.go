package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"concordat/governance"
	"concordat/notary"
)

// maxMessage is how many characters a message with a step has.
const maxMessage = 2000

// StartSpecification starts a specification with its first edition, whose lead is the acting organization. Errors:
// FORBIDDEN but for an author of an organization on the council's roll; INVALID for the short name, the document and
// needs that the council has not accepted, and without one thing to start from (a document, which may be an imported one,
// an edition, a template); NOT_FOUND for an edition that the actor may not see; CONFLICT where the short name or the id is taken: both are for good.
func (db *DB) StartSpecification(ctx context.Context, actor governance.Actor, in StartSpecificationInput) (governance.SpecificationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	if in.Template != "" {
		if in.Document, err = governance.NewDocument(in.Template, in.Languages); err != nil {
			return "", atInput("input.", err)
		}
	}
	text, unreadable := newText(in.Document)
	roots := []root{{rootOrganization, string(in.Council)}}
	for _, need := range in.Needs {
		roots = append(roots, root{rootNeed, string(need)})
	}
	id, err := db.take(ctx, step{name: "startSpecification", actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			council, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := council.permit(ctx, governance.StartSpecification); err != nil {
				return "", err
			}
			if in.BasedOn != "" {
				return tx.startFrom(ctx, council, in)
			}
			if unreadable != nil {
				return "", unreadable
			}
			return tx.startSpecification(ctx, council, in, text)
		}})
	return governance.SpecificationID(id), err
}

func (in StartSpecificationInput) check() error {
	if err := CheckID("input.council", string(in.Council)); err != nil {
		return err
	}
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if err := checkSlug("input.slug", in.Slug); err != nil {
		return err
	}
	if in.BasedOn != "" {
		if err := CheckID("input.basedOn", string(in.BasedOn)); err != nil {
			return err
		}
	}
	if err := checkNeedIDs(in.Needs); err != nil {
		return err
	}
	if err := checkOneStart(says(in.Document), in.BasedOn != "", in.Template != ""); err != nil {
		return err
	}
	return checkLength("input.message", in.Message, 0, maxMessage)
}

// says tells whether a document was given at all, finished or not.
func says(d governance.Document) bool { return !reflect.ValueOf(d).IsZero() }

func checkNeedIDs(needs []governance.NeedID) error {
	for i, need := range needs {
		if err := CheckID(fmt.Sprintf("input.needs[%d]", i), string(need)); err != nil {
			return err
		}
	}
	return nil
}

// checkOneStart refuses a start from nothing, and one from two things at once.
func checkOneStart(ways ...bool) error {
	given := 0
	for _, way := range ways {
		if way {
			given++
		}
	}
	if given == 1 {
		return nil
	}
	return governance.Invalid("input", "one-start", "Say by one of document, basedOn and template what it starts from.")
}

// startFrom starts with the text of another edition that the actor may see.
func (tx *Tx) startFrom(ctx context.Context, council subject, in StartSpecificationInput) (string, error) {
	e, err := tx.edition(ctx, in.BasedOn)
	if err != nil {
		return "", err
	}
	if err := tx.showEdition(ctx, council.standing, e); err != nil {
		return "", err
	}
	document, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return "", err
	}
	text, err := newText(document)
	if err != nil {
		return "", err
	}
	return tx.startSpecification(ctx, council, in, text)
}

func (tx *Tx) startSpecification(ctx context.Context, council subject, in StartSpecificationInput, text revisionText) (string, error) {
	if in.ID == "" {
		in.ID = governance.SpecificationID(tx.newID())
	}
	if err := tx.checkNewSpecification(ctx, in); err != nil {
		return "", err
	}
	_, err := tx.exec(ctx, `
		INSERT INTO specifications (id, slug, council_id, title, language, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		in.ID, in.Slug, in.Council, text.title, text.language, tx.now)
	if isUnique(err) {
		return "", fmt.Errorf("%w: %w", errRaced, err) // under another council; the next attempt finds it
	}
	if err != nil {
		return "", fmt.Errorf("insert specification: %w", err)
	}
	if err := tx.insertNeedsOf(ctx, in.ID, in.Needs); err != nil {
		return "", err
	}
	edition := newEdition{
		specification: in.ID, number: "1.0", lead: council.standing.organization,
		class: governance.ClassSubstantive, closedGroup: in.ClosedGroup, message: in.Message, text: text, basedOn: in.BasedOn,
	}
	if _, err := tx.insertEdition(ctx, edition); err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "SPECIFICATION_STARTED", Object: Object{"SPECIFICATION", string(in.ID)},
		Root: root{rootSpecification, string(in.ID)}, Role: council.actingRole(governance.StartSpecification),
		Digests: map[string]governance.Digest{"document": text.digest}, Texts: words("message", in.Message),
	})
	return string(in.ID), err
}

// checkNewSpecification looks whether the names are free and the needs are the council's to be answered.
func (tx *Tx) checkNewSpecification(ctx context.Context, in StartSpecificationInput) error {
	for _, name := range []specificationName{{`slug = $1`, in.Slug}, {`id = $1`, string(in.ID)}} {
		taken, err := tx.exists(ctx, `SELECT 1 FROM specifications WHERE `+name.condition, name.value)
		if err != nil {
			return fmt.Errorf("look for specification %s: %w", name.value, err)
		}
		if taken {
			return governance.Refuse(governance.CodeConflict, "specification-exists",
				"There is a specification {name} already; names are never used again.", "name", name.value)
		}
	}
	return tx.checkAnswered(ctx, in.Council, in.Needs)
}

// insertNeedsOf writes which needs a specification answers; those that it answers already stay.
func (tx *Tx) insertNeedsOf(ctx context.Context, id governance.SpecificationID, needs []governance.NeedID) error {
	for _, need := range slices.Compact(slices.Sorted(slices.Values(needs))) {
		_, err := tx.exec(ctx, `
			INSERT INTO specification_needs (specification_id, need_id)
			VALUES ($1, $2)
			ON CONFLICT (specification_id, need_id) DO NOTHING`, id, need)
		if err != nil {
			return fmt.Errorf("insert the needs that it answers: %w", err)
		}
	}
	return nil
}

// checkAnswered looks whether the council has accepted the needs.
func (tx *Tx) checkAnswered(ctx context.Context, council governance.OrganizationID, needs []governance.NeedID) error {
	for i, need := range needs {
		accepted, err := tx.exists(ctx, `SELECT 1 FROM needs WHERE id = $1 AND council_id = $2 AND stage = 'ACCEPTED'`,
			need, council)
		if err != nil {
			return fmt.Errorf("look for need %s: %w", need, err)
		}
		if !accepted {
			return governance.Invalid(fmt.Sprintf("input.needs[%d]", i), "need-not-accepted",
				"The council has accepted no need {need}.", "need", string(need))
		}
	}
	return nil
}

// revisionText is a text on its way into a revision.
type revisionText struct {
	bytes    []byte
	digest   governance.Digest
	document governance.Document // as the bytes say
	title    string              // JSON language map
	language governance.LanguageTag
}

// newText makes the bytes that are kept. It costs some computing, so it is made before a step; what is wrong with the
// document is told once the step is permitted.
func newText(document governance.Document) (revisionText, error) {
	bytes, digest, err := notary.EncodeDocument(document)
	if err != nil {
		return revisionText{}, atInput("input.document", err)
	}
	normalized, err := governance.ParseDocument(bytes)
	if err != nil {
		return revisionText{}, fmt.Errorf("read the encoded document: %w", err)
	}
	title := normalized.Title
	if title == nil {
		title = governance.Text{}
	}
	encoded, err := json.Marshal(title)
	if err != nil {
		return revisionText{}, fmt.Errorf("encode the title: %w", err)
	}
	return revisionText{bytes, digest, normalized, string(encoded), normalized.PrimaryLanguage()}, nil
}

// atInput moves a refusal that names an element of a value to the input that holds the value.
func atInput(field string, err error) error {
	refusal, ok := errors.AsType[*governance.Error](err)
	if !ok {
		return err
	}
	moved := *refusal
	moved.Field = field + refusal.Field
	return &moved
}

// words is one text of an act; none where nothing was said.
func words(name, text string) map[string]string {
	if text == "" {
		return nil
	}
	return map[string]string{name: text}
}
