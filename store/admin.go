package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"concordat/governance"
)

// AdminGrant is what the command line gives a person: who it is at its identity provider, and, for the first
// administrator of an installation, the organization that runs it.
type AdminGrant struct {
	Issuer   string
	Subject  string
	Platform RegisterOrganizationInput // used where no organization runs the platform yet
}

// GrantAdmin makes a person an administrator, at the server's command line: no claim but one named for it and no step
// over the API makes the first. Errors: INVALID, CONFLICT where the person is one already.
func (db *DB) GrantAdmin(ctx context.Context, in AdminGrant) (governance.MandateID, error) {
	if err := checkLength("issuer", in.Issuer, 1, 500); err != nil {
		return "", err
	}
	if err := checkLength("subject", in.Subject, 1, 500); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "grantAdmin", actor: governance.CommandActor,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			platform, err := tx.platform(ctx, in.Platform)
			if err != nil {
				return "", err
			}
			person, err := tx.personNamed(ctx, in.Issuer, in.Subject)
			if err != nil {
				return "", err
			}
			if err := tx.touch(ctx, root{rootOrganization, string(platform)}); err != nil {
				return "", err
			}
			grant := newMandate{
				person: person, organization: platform, role: governance.RoleAdmin, source: governance.SourceCommand,
				ground: "concordat admin grant",
			}
			id, err := tx.insertMandate(ctx, grant)
			if err != nil {
				return "", err
			}
			return string(id), tx.tellGrant(ctx, id, grant, "", nil)
		}})
	return governance.MandateID(id), err
}

// platform finds the organization that runs the installation, or registers the one given.
func (tx *Tx) platform(ctx context.Context, in RegisterOrganizationInput) (governance.OrganizationID, error) {
	var id governance.OrganizationID
	err := tx.queryRow(ctx, `SELECT id FROM organizations WHERE is_platform = 1`).Scan(&id)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for the platform: %w", err)
	}
	if err := in.check(); err != nil {
		return "", err
	}
	if id, err = tx.insertOrganization(ctx, in, ""); err != nil {
		return "", err
	}
	if _, err := tx.exec(ctx, `UPDATE organizations SET is_platform = 1 WHERE id = $1`, id); err != nil {
		return "", fmt.Errorf("mark the platform: %w", err)
	}
	return id, nil
}
