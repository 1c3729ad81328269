package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// CheckDocument answers what stands between a text and a consultation, under the profile of new editions. INVALID where
// it is no document.
func (db *DB) CheckDocument(ctx context.Context, document governance.Document) ([]governance.Finding, error) {
	normalized, err := notary.NormalizeDocument(document)
	if err != nil {
		return nil, err
	}
	profile, err := profileOf(profileNow)
	if err != nil {
		return nil, err
	}
	codes, err := db.Codes(ctx)
	if err != nil {
		return nil, err
	}
	return governance.Check(normalized, profile, codes), nil
}

// Findings answers what stands between the text of an edition that the actor was shown and a consultation or ballot.
func (db *DB) Findings(ctx context.Context, e *Edition) ([]governance.Finding, error) {
	var findings []governance.Finding
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		findings, err = q.findings(ctx, e)
		return err
	})
	return findings, err
}

func findingsOf(e *Edition, document governance.Document, codes governance.Codes) ([]governance.Finding, error) {
	profile, err := profileOf(e.Profile)
	if err != nil {
		return nil, fmt.Errorf("check edition %s: %w", e.ID, err)
	}
	return governance.Check(document, profile, codes), nil
}

// findings checks the edition's newest text.
func (q *Query) findings(ctx context.Context, e *Edition) ([]governance.Finding, error) {
	document, err := q.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, err
	}
	codes, err := q.codes(ctx)
	if err != nil {
		return nil, err
	}
	return findingsOf(e, document, codes)
}

// namedErrors is how many readiness errors a refusal spells out.
const namedErrors = 10

// unmetReady refuses a text with readiness errors and says which.
func (q *Query) unmetReady(ctx context.Context, e *Edition) (*governance.Error, error) {
	findings, err := q.findings(ctx, e)
	if err != nil {
		return nil, err
	}
	count, named := errorsIn(findings)
	if count == 0 {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "not-ready", "The text is not ready: {count} errors ({errors}).",
		"count", strconv.Itoa(count), "errors", named), nil
}

// errorsIn counts the errors among findings and names the first of them.
func errorsIn(findings []governance.Finding) (count int, named string) {
	var names []string
	for _, finding := range findings {
		if finding.Severity != governance.SeverityError {
			continue
		}
		if count++; count <= namedErrors {
			names = append(names, finding.Path+" "+finding.Rule)
		}
	}
	if count > namedErrors {
		names = append(names, "…")
	}
	return count, strings.Join(names, "; ")
}
