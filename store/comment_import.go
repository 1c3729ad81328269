package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// Bounds of an import.
const (
	maxImported  = 10_000 // rows
	maxNamedBody = 300
	maxPlace     = 1000
	maxObserved  = 40_000
)

// ImportCommentsInput is what importComments takes. It needs no idempotency key: a row that was imported is not imported
// again.
type ImportCommentsInput struct {
	Edition governance.EditionID // which edition
	Form    governance.Digest    // of the file that the rows are from; empty: there was none
	Rows    []ImportedRow        // at most 10,000
}

// ImportedRow is a row of a commenting form: a comment, and what the form says about it.
type ImportedRow struct {
	Number         int                    // of the row in its file
	Kind           governance.CommentKind // what kind of remark
	Path           string                 // the element; empty: the whole text
	Quote          string                 // the words that it is about, or another place there
	Body           string                 // what it says, at most 10,000 characters
	ProposedChange string                 // what it would have instead
	NamedBody      string                 // whose comment the form says it is; empty: of whoever hands it in
	Line           string                 // where the form places it, in its own words
	Clause         string                 // likewise
	Observations   string                 // what the form says became of it
}

// CommentImport is what became of the rows of a form.
type CommentImport struct {
	Added []RowComment // each a comment now
	Known []RowComment // imported before, from this file or another
	Unfit []RowProblem // not imported
}

// RowComment is the comment of a row.
type RowComment struct {
	Row     int
	Comment governance.CommentID
}

// RowProblem is why a row was not imported: what stands in the field does not fit.
type RowProblem struct {
	Row     int
	Field   string // of ImportedRow: "path"
	Reason  string
	Message string
	Params  map[string]string
}

// errNothingNew ends an import that adds nothing: it leaves no act.
var errNothingNew = errors.New("nothing new to import")

// ImportComments adds the comments of a commenting form to an edition, all that fit in one step, and says which were
// there already and which do not fit; nothing is changed or deleted. The comments are those of the acting organization.
// Nobody speaks for another: rows that name another body are for the council's secretary alone, who hands in what was
// collected elsewhere; such a comment stays the council's, and says whose the form said it is. What a form says became of
// a comment is kept as its words: an answer is the editors' to give. Errors: FORBIDDEN but for authors and
// representatives of active organizations and the secretary; CONFLICT from the ballot on; INVALID for too many rows.
func (db *DB) ImportComments(ctx context.Context, actor governance.Actor, in ImportCommentsInput) (*CommentImport, error) {
	if len(in.Rows) > maxImported {
		return nil, governance.Invalid("input.rows", "too-many-rows", "A form has {most} comments at most.", "most", strconv.Itoa(maxImported))
	}
	var result *CommentImport
	_, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "importComments", rule: governance.ImportComments, edition: in.Edition,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			i := &importing{tx: tx, subject: s, edition: e, form: in.Form, seen: map[governance.Digest]int{}, result: &CommentImport{}}
			result = i.result
			return string(e.ID), i.rows(ctx, in.Rows)
		},
	})
	if errors.Is(err, errNothingNew) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

// importing is an import under way.
type importing struct {
	tx      *Tx
	subject subject
	edition *Edition
	form    governance.Digest
	own     [2]string                 // by which the acting organization is known: legal name and short name
	seen    map[governance.Digest]int // how often a row like this came before in the file
	result  *CommentImport
}

func (i *importing) rows(ctx context.Context, rows []ImportedRow) error {
	err := i.tx.queryRow(ctx, `SELECT legal_name, slug FROM organizations WHERE id = $1`, i.subject.standing.organization).
		Scan(&i.own[0], &i.own[1])
	if err != nil {
		return fmt.Errorf("read who imports: %w", err)
	}
	for _, row := range rows {
		if err := i.row(ctx, row); err != nil {
			return fmt.Errorf("import row %d: %w", row.Number, err)
		}
	}
	if len(i.result.Added) == 0 {
		return errNothingNew
	}
	return nil
}

// row imports a row, or notes why not.
func (i *importing) row(ctx context.Context, row ImportedRow) error {
	if refusal := i.check(row); refusal != nil {
		i.unfit(row, refusal)
		return nil
	}
	key, err := i.key(row)
	if err != nil {
		return err
	}
	known, err := i.known(ctx, key)
	if err != nil {
		return err
	}
	if known != "" {
		i.result.Known = append(i.result.Known, RowComment{Row: row.Number, Comment: known})
		return nil
	}
	added, err := i.insert(ctx, &row)
	if refusal, ok := errors.AsType[*governance.Error](err); ok && refusal.Code == governance.CodeInvalid {
		i.unfit(row, refusal)
		return nil
	}
	if err != nil {
		return err
	}
	i.result.Added = append(i.result.Added, RowComment{Row: row.Number, Comment: added.ID})
	return i.keep(ctx, row, key, added.ID)
}

// insert makes a comment of a row. What stands in the column of quotes need not be one ("Table 2"): then it is kept as the
// form's own words, and taken out of them where it is one.
func (i *importing) insert(ctx context.Context, row *ImportedRow) (*Comment, error) {
	draft := commentDraft{kind: row.Kind, path: row.Path, quote: row.Quote, body: row.Body, proposedChange: row.ProposedChange}
	added, err := i.tx.insertComment(ctx, i.subject, i.edition, draft, i.act())
	if refusal, ok := errors.AsType[*governance.Error](err); ok && refusal.Reason == "quote-not-found" {
		draft.quote = ""
		return i.tx.insertComment(ctx, i.subject, i.edition, draft, i.act())
	}
	row.Quote = ""
	return added, err
}

// act is that of each comment, to be completed.
func (i *importing) act() Act {
	act := Act{Type: "COMMENT_ADDED", Role: i.subject.actingRole(governance.ImportComments)}
	if i.form != "" {
		act.Digests = map[string]governance.Digest{"form": i.form}
	}
	return act
}

func (i *importing) unfit(row ImportedRow, refusal *governance.Error) {
	i.result.Unfit = append(i.result.Unfit, RowProblem{
		Row: row.Number, Field: strings.TrimPrefix(refusal.Field, "input."), Reason: refusal.Reason, Message: refusal.Message,
		Params: refusal.Params,
	})
}

// check looks at the form of a row, and whose comment it says it is.
func (i *importing) check(row ImportedRow) *governance.Error {
	draft := commentDraft{path: row.Path, quote: row.Quote, body: row.Body, proposedChange: row.ProposedChange}
	err := draft.check("input.body")
	for _, text := range []struct {
		field, text string
		most        int
	}{
		{"input.namedBody", row.NamedBody, maxNamedBody}, {"input.line", row.Line, maxPlace}, {"input.clause", row.Clause, maxPlace},
		{"input.observations", row.Observations, maxObserved},
	} {
		if err == nil {
			err = checkLength(text.field, text.text, 0, text.most)
		}
	}
	if refusal, ok := errors.AsType[*governance.Error](err); ok {
		return refusal
	}
	if row.NamedBody == "" || i.ownName(row.NamedBody) || i.subject.actingRole(governance.ImportComments) == governance.RoleSecretary {
		return nil
	}
	return governance.Invalid("input.namedBody", "another-body",
		"{body} speaks for itself; only the council's secretary hands in what others said.", "body", row.NamedBody)
}

func (i *importing) ownName(name string) bool {
	folded := fold(name)
	return folded == fold(i.own[0]) || folded == fold(i.own[1])
}

// key names a row by what it says, and by how many like it came before in the file. What became of it does not count:
// the same form comes back with its last column filled in.
func (i *importing) key(row ImportedRow) (governance.Digest, error) {
	row.Number, row.Observations = 0, ""
	canonical, err := notary.Canonical(row)
	if err != nil {
		return "", err
	}
	plain := notary.Digest(canonical)
	i.seen[plain]++
	if i.seen[plain] == 1 {
		return plain, nil
	}
	return notary.Digest([]byte(string(plain) + " " + strconv.Itoa(i.seen[plain]))), nil
}

// known is the comment that the row became before; empty: none.
func (i *importing) known(ctx context.Context, key governance.Digest) (governance.CommentID, error) {
	found, err := collect(ctx, i.tx.Query, func(row scanner) (governance.CommentID, error) {
		var id governance.CommentID
		return id, row.Scan(&id)
	}, `
		SELECT comment_id
		FROM comment_sources
		WHERE edition_id = $1 AND organization_id = $2 AND row_key = $3`, i.edition.ID, i.subject.standing.organization, key)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// keep keeps what the form said about a comment.
func (i *importing) keep(ctx context.Context, row ImportedRow, key governance.Digest, comment governance.CommentID) error {
	_, err := i.tx.exec(ctx, `
		INSERT INTO comment_sources (
			comment_id, edition_id, organization_id, row_key, file_digest, row_number, body, line, clause, quote,
			observations
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		comment, i.edition.ID, i.subject.standing.organization, key, i.form, row.Number, row.NamedBody, row.Line, row.Clause,
		row.Quote, row.Observations)
	if err != nil {
		return fmt.Errorf("keep where comment %s came from: %w", comment, err)
	}
	return nil
}
