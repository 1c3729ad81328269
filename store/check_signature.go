package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// signatureRow is what was signed of a statement or a publication, with the key that signed it.
type signatureRow struct {
	of          string // its id
	list, index int
	preparedAt  time.Time
	credential  string
	key         *Key
	slug        string
}

func scanSignature(row scanner) (signatureRow, error) {
	r := signatureRow{key: &Key{}}
	return r, row.Scan(&r.of, &r.list, &r.index, at(&r.preparedAt), &r.credential, &r.key.PublicKey, &r.key.Organization,
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
	for _, kind := range []struct {
		name, table, column string
		// again answers the bytes that should have been signed, and whose word it is, from the rows.
		again func(ctx context.Context, row signatureRow, base, did, name string) ([]byte, governance.OrganizationID, error)
	}{
		{"statement", "statement_signatures", "statement_id", q.statementAgain},
		{"publication", "publication_signatures", "publication_id", q.publicationAgain},
	} {
		for after := ""; ; {
			page, err := collect(ctx, q, scanSignature, `
				SELECT g.`+kind.column+`, g.status_list, g.status_index, g.prepared_at, g.credential,
					k.public_key, k.organization_id, k.created_at, k.rotated_at, o.slug
				FROM `+kind.table+` g
				JOIN keys k ON k.id = g.key_id
				JOIN organizations o ON o.id = k.organization_id
				WHERE g.`+kind.column+` > $1
				ORDER BY g.`+kind.column+`
				LIMIT $2`, after, checkPage)
			if err != nil {
				return nil, fmt.Errorf("read the signatures: %w", err)
			}
			for _, row := range page {
				what, err := checkSignature(ctx, row, bases, kind.again)
				if err != nil {
					return nil, err
				}
				if what != "" {
					problems = append(problems, Problem{kind.name + " " + row.of, what})
				}
				after = row.of
			}
			if len(page) < checkPage {
				break
			}
		}
	}
	return problems, nil
}

// checkSignature answers what is wrong with one; empty: nothing.
func checkSignature(
	ctx context.Context, row signatureRow, bases []string,
	again func(ctx context.Context, row signatureRow, base, did, name string) ([]byte, governance.OrganizationID, error),
) (string, error) {
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
	var said struct {
		Issuer struct{ Name string }
	}
	if err := json.Unmarshal(verified.Payload, &said); err != nil {
		return "is not what was signed", nil
	}
	bytes, whose, err := again(ctx, row, bases[0], did, said.Issuer.Name)
	switch {
	case err != nil:
		return "", err
	case whose != row.key.Organization:
		return "was signed with the key of another organization", nil
	case string(bytes) != string(verified.Payload):
		return "is not what was signed", nil
	}
	return "", nil
}

// statementAgain makes the bytes of a statement from its row, with its organization's name as it was then.
func (q *Query) statementAgain(
	ctx context.Context, row signatureRow, base, did, name string,
) ([]byte, governance.OrganizationID, error) {
	s, err := q.statement(ctx, governance.StatementID(row.of))
	if err != nil {
		return nil, "", err
	}
	s.Organization.LegalName = name
	credential := credentialOf(s, base, row.preparedAt)
	credential.Issuer.DID = did
	credential.Status = &notary.StatusEntry{List: StatusURL(base, row.list), Index: row.index}
	bytes, err := credential.Credential()
	if err != nil {
		return nil, s.Organization.ID, nil // a digest in it is none: nobody signed that
	}
	return bytes, s.Organization.ID, nil
}

// publicationAgain makes the bytes of a publication from its row, its file and its text, with its publisher's name as it was
// then.
func (q *Query) publicationAgain(
	ctx context.Context, row signatureRow, base, did, name string,
) ([]byte, governance.OrganizationID, error) {
	p, err := q.onePublication(ctx, row.of, `p.id = $1`, row.of)
	if err != nil {
		return nil, "", err
	}
	a, err := q.announced(ctx, p)
	if err != nil {
		return nil, "", err
	}
	p.Organization.LegalName = name
	credential := a.credential(p.Organization, base, row.preparedAt)
	credential.Issuer.DID = did
	credential.Status = &notary.StatusEntry{List: PublicationStatusURL(base, row.list), Index: row.index}
	bytes, err := credential.Credential()
	if err != nil {
		return nil, p.Organization.ID, nil // as above
	}
	return bytes, p.Organization.ID, nil
}
