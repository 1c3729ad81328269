package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// signatureRow is what was signed of a statement, with the key that signed it.
type signatureRow struct {
	statement   governance.StatementID
	list, index int
	preparedAt  time.Time
	credential  string
	key         *Key
	slug        string
}

func scanSignature(row scanner) (signatureRow, error) {
	r := signatureRow{key: &Key{}}
	return r, row.Scan(&r.statement, &r.list, &r.index, at(&r.preparedAt), &r.credential, &r.key.PublicKey, &r.key.Organization,
		at(&r.key.CreatedAt), atOrNil(&r.key.RotatedAt), &r.slug)
}

// checkSignatures verifies everything that was signed: the signature, whether its key was in use when it signed, and
// whether the statement's row says what was signed.
func (q *Query) checkSignatures(ctx context.Context) ([]Problem, error) {
	bases, err := collect(ctx, q, func(row scanner) (string, error) {
		var base string
		return base, row.Scan(&base)
	}, `SELECT value FROM settings WHERE name = $1`, SettingPublicURL)
	if err != nil {
		return nil, fmt.Errorf("read the public URL: %w", err)
	}
	var problems []Problem
	for after := governance.StatementID(""); ; {
		page, err := collect(ctx, q, scanSignature, `
			SELECT g.statement_id, g.status_list, g.status_index, g.prepared_at, g.credential,
				k.public_key, k.organization_id, k.created_at, k.rotated_at, o.slug
			FROM statement_signatures g
			JOIN keys k ON k.id = g.key_id
			JOIN organizations o ON o.id = k.organization_id
			WHERE g.statement_id > $1
			ORDER BY g.statement_id
			LIMIT $2`, after, checkPage)
		if err != nil {
			return nil, fmt.Errorf("read the signatures: %w", err)
		}
		for _, row := range page {
			what, err := q.checkSignature(ctx, row, bases)
			if err != nil {
				return nil, err
			}
			if what != "" {
				problems = append(problems, Problem{"statement " + string(row.statement), what})
			}
			after = row.statement
		}
		if len(page) < checkPage {
			return problems, nil
		}
	}
}

// checkSignature answers what is wrong with one; empty: nothing.
func (q *Query) checkSignature(ctx context.Context, row signatureRow, bases []string) (string, error) {
	if len(bases) == 0 {
		return "is signed, and the database keeps no public URL", nil
	}
	did, err := notary.DIDOf(OrganizationURL(bases[0], row.slug))
	if err != nil {
		return "", err
	}
	verified, err := notary.VerifyCredential(row.credential, notary.DIDDocumentOf(did, []notary.PublicKey{row.key.PublicKey}).Find)
	if governance.CodeOf(err) != "" {
		return "has a signature that does not hold: " + err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	if row.preparedAt.Before(row.key.CreatedAt.Truncate(time.Second)) || row.key.RotatedAt != nil && row.preparedAt.After(*row.key.RotatedAt) {
		return "was signed with a key that was not in use then", nil
	}
	s, err := q.statement(ctx, row.statement)
	if err != nil {
		return "", err
	}
	if s.Organization.ID != row.key.Organization {
		return "was signed with the key of another organization", nil
	}
	var said struct {
		Issuer struct{ Name string }
	}
	if err := json.Unmarshal(verified.Payload, &said); err != nil {
		return "is not what was signed", nil
	}
	s.Organization.LegalName = said.Issuer.Name // as it was then
	credential := credentialOf(s, bases[0], row.preparedAt)
	credential.Issuer.DID = did
	credential.Status = &notary.StatusEntry{List: StatusURL(bases[0], row.list), Index: row.index}
	bytes, err := credential.Credential()
	if err != nil || string(bytes) != string(verified.Payload) {
		return "is not what was signed", nil
	}
	return "", nil
}
