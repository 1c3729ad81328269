package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// SignIn is what a token of an identity provider told about a person, once the token has been verified.
type SignIn struct {
	Issuer          string // with Subject it names the person, for ever; an e-mail address never does
	Subject         string
	Name            string // empty: not told
	Email           string // empty: not told
	EmailVerified   bool   // the provider has verified the address: mails may go there
	ACR             string
	AuthenticatedAt time.Time
	IssuedAt        time.Time // of the token: an older token than the last one read changes nothing
	ReadsMandates   bool      // the token's claims are mapped to mandates; otherwise those that stand stay
	Mandates        []ClaimedMandate
}

// SignedIn is what a sign-in came to.
type SignedIn struct {
	Person  governance.PersonID
	Granted []ClaimedMandate // new
	Ended   []ClaimedMandate // given by claims before and no longer named
	Kept    []ClaimedMandate // no longer named, but the last secretary or administrator there is
	Unknown []ClaimedMandate // of an organization or council that is not registered here
}

// StandingMandate is a mandate that a person holds now, with its organization.
type StandingMandate struct {
	ID           governance.MandateID
	Organization governance.OrganizationID
	Slug         string
	LegalName    string
	Role         governance.Role
	Source       governance.MandateSource
	FromAt       time.Time
	UntilAt      time.Time // zero: open
}

// SignIn notes who signed in and, where the claims tell, brings the mandates that come from claims up to date.
// Granting and ending them are acts of the person that signed in. Mandates that were granted otherwise stay as they
// are. It refuses a person that was erased with FORBIDDEN.
func (db *DB) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	var out SignedIn
	var current bool
	err := db.write(ctx, "signIn", func(ctx context.Context, tx *Tx) error {
		var err error
		out.Person, current, err = tx.rememberPerson(ctx, in)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	if !current || !in.ReadsMandates {
		return out, nil
	}
	return db.readClaims(ctx, out.Person, in)
}

// rememberPerson creates or updates the row of the person and answers whether the token is as new as any that was read
// before.
func (tx *Tx) rememberPerson(ctx context.Context, in SignIn) (id governance.PersonID, current bool, err error) {
	issuedAt := in.IssuedAt.Truncate(time.Microsecond)
	err = tx.queryRow(ctx, `
		INSERT INTO persons (
			id, issuer, subject, name, email, email_verified, created_at, signed_in_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (issuer, subject) DO UPDATE SET
			name = CASE WHEN excluded.name = '' THEN persons.name ELSE excluded.name END,
			email = CASE WHEN excluded.email = '' THEN persons.email ELSE excluded.email END,
			email_verified = CASE WHEN excluded.email = '' THEN persons.email_verified ELSE excluded.email_verified END,
			signed_in_at = excluded.signed_in_at,
			version = persons.version + 1
		WHERE persons.erased_at IS NULL
		AND (persons.signed_in_at IS NULL OR persons.signed_in_at <= excluded.signed_in_at)
		RETURNING id`,
		tx.newID(), in.Issuer, in.Subject, in.Name, in.Email, in.Email != "" && in.EmailVerified, tx.now, issuedAt).Scan(&id)
	if err == nil {
		return id, true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", false, fmt.Errorf("remember the person: %w", err)
	}
	var erasedAt time.Time
	err = tx.queryRow(ctx, `
		SELECT id, erased_at
		FROM persons
		WHERE issuer = $1 AND subject = $2`,
		in.Issuer, in.Subject).Scan(&id, at(&erasedAt))
	if err != nil {
		return "", false, fmt.Errorf("remember the person: %w", err)
	}
	if !erasedAt.IsZero() {
		return "", false, governance.Refuse(governance.CodeForbidden, "person-erased",
			"This account was erased at its owner's request.")
	}
	return id, false, nil
}

// PersonNamed answers the person whom an identity provider calls so. NOT_FOUND where nobody by that name has signed in
// or was given a mandate.
func (db *DB) PersonNamed(ctx context.Context, issuer, subject string) (governance.PersonID, error) {
	var id governance.PersonID
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT id FROM persons WHERE issuer = $1 AND subject = $2 AND erased_at IS NULL`, issuer, subject).Scan(&id)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", governance.NotFound("person", subject)
	}
	if err != nil {
		return "", fmt.Errorf("find the person %s of %s: %w", subject, issuer, err)
	}
	return id, nil
}

// StandingMandates answers the mandates that a person holds now, by organization and role.
func (db *DB) StandingMandates(ctx context.Context, person governance.PersonID) ([]StandingMandate, error) {
	var mandates []StandingMandate
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		mandates, err = q.standingMandates(ctx, person)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the mandates of %s: %w", person, err)
	}
	return mandates, nil
}

// StandingOrganizations answers the organizations in which a person holds mandates now.
func (db *DB) StandingOrganizations(ctx context.Context, person governance.PersonID) ([]governance.OrganizationID, error) {
	var held []governance.OrganizationID
	err := db.readOne(ctx, func(ctx context.Context, q *Query) error {
		var err error
		held, err = collect(ctx, q, func(row scanner) (id governance.OrganizationID, err error) { return id, row.Scan(&id) }, `
			SELECT DISTINCT organization_id
			FROM mandates
			WHERE person_id = $1 AND ended_at IS NULL AND from_at <= $2 AND (until_at IS NULL OR until_at > $2)
			ORDER BY organization_id`, person, q.now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the organizations of %s: %w", person, err)
	}
	return held, nil
}

func (q *Query) standingMandates(ctx context.Context, person governance.PersonID) ([]StandingMandate, error) {
	return collect(ctx, q, scanStandingMandate, `
		SELECT
			m.id,
			m.organization_id,
			o.slug,
			o.legal_name,
			m.role,
			m.source,
			m.from_at,
			m.until_at
		FROM mandates m
		JOIN organizations o ON o.id = m.organization_id
		WHERE m.person_id = $1
		AND m.ended_at IS NULL
		AND m.from_at <= $2
		AND (m.until_at IS NULL OR m.until_at > $2)
		ORDER BY o.slug, m.role`,
		person, q.now)
}

func scanStandingMandate(row scanner) (StandingMandate, error) {
	var m StandingMandate
	err := row.Scan(&m.ID, &m.Organization, &m.Slug, &m.LegalName, &m.Role, &m.Source, at(&m.FromAt), at(&m.UntilAt))
	return m, err
}

// Person reads a person, whose name members of organizations see. NOT_FOUND where there is none, and for everybody
// else.
func (db *DB) Person(ctx context.Context, actor governance.Actor, id governance.PersonID) (*Person, error) {
	person := &Person{ID: id}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		there, err := q.exists(ctx, `SELECT 1 FROM persons WHERE id = $1`, id)
		if err != nil {
			return fmt.Errorf("look for person %s: %w", id, err)
		}
		if !there || !s.seesNames() {
			return governance.NotFound("person", string(id))
		}
		return q.fillPersons(ctx, s, person)
	})
	if err != nil {
		return nil, err
	}
	return person, nil
}
