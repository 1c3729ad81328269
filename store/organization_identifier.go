package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// identifierKey is a number under which an organization is known, as it is compared.
type identifierKey struct {
	scheme string
	value  string
}

// identifierKeys are the identifiers as they are compared, each once.
func identifierKeys(identifiers []OrganizationIdentifierInput) []identifierKey {
	var keys []identifierKey
	for _, identifier := range identifiers {
		key := identifierKey{compared(identifier.Scheme), compared(identifier.Value)}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// compared makes of a scheme or a number what migration 0034 makes of those that were there before it: ASCII letters are
// capitals, and what only parts it for the eye is gone.
func compared(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '/':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, text)
}

// checkIdentifiers refuses identifiers that say nothing, or too much.
func checkIdentifiers(identifiers []OrganizationIdentifierInput) error {
	for i, identifier := range identifiers {
		field := fmt.Sprintf("input.identifiers[%d]", i)
		if err := checkLength(field+".scheme", identifier.Scheme, 1, 50); err != nil {
			return err
		}
		if err := checkLength(field+".value", identifier.Value, 1, 100); err != nil {
			return err
		}
		if compared(identifier.Scheme) == "" || compared(identifier.Value) == "" {
			return governance.Invalid(field, "identifier-empty", "An identifier has letters or digits.")
		}
	}
	return nil
}

// requireUnregistered refuses, as CONFLICT, the identifiers of an organization that is registered.
func (q *Query) requireUnregistered(ctx context.Context, identifiers []OrganizationIdentifierInput) error {
	for _, key := range identifierKeys(identifiers) {
		var slug string
		err := q.query(ctx, func(row scanner) error { return row.Scan(&slug) }, `
			SELECT o.slug
			FROM organization_identifiers i
			JOIN organizations o ON o.id = i.organization_id
			WHERE i.scheme = $1 AND i.value = $2`, key.scheme, key.value)
		if err != nil {
			return fmt.Errorf("look for the identifier %s %s: %w", key.scheme, key.value, err)
		}
		if slug != "" {
			return governance.Refuse(governance.CodeConflict, "organization-registered",
				"The organization {slug} is registered with {scheme} {value}. Its representative applies for it, or gives a mandate in it.",
				"slug", slug, "scheme", key.scheme, "value", key.value)
		}
	}
	return nil
}

// insertIdentifiers gives the organization its numbers. Two registrations with one number at the same moment meet in the
// primary key, where the later one is refused.
func (tx *Tx) insertIdentifiers(ctx context.Context, id governance.OrganizationID, identifiers []OrganizationIdentifierInput) error {
	for _, key := range identifierKeys(identifiers) {
		inserted, err := tx.exec(ctx, `
			INSERT INTO organization_identifiers (scheme, value, organization_id)
			VALUES ($1, $2, $3)
			ON CONFLICT (scheme, value) DO NOTHING`, key.scheme, key.value, id)
		if err != nil {
			return fmt.Errorf("insert identifier: %w", err)
		}
		if inserted == 0 {
			return tx.requireUnregistered(ctx, identifiers)
		}
	}
	return nil
}
