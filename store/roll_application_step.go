package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"concordat/governance"
)

// What keeps applications from becoming a flood.
const (
	applicationsPerDay  = 5   // of one person, to all councils, whatever became of them
	maxOpenApplications = 200 // to one council
)

// ApplyForNewOrganization asks for a place on a council's roll for an organization that is not registered yet. It is an act
// of the person, whoever else it speaks for, and gives nothing before the council's secretary has decided. Errors:
// NOT_FOUND, FORBIDDEN, INVALID, CONFLICT where an organization with one of the identifiers is registered or has applied
// there, or too many applications wait, RATE_LIMITED.
func (db *DB) ApplyForNewOrganization(
	ctx context.Context, actor governance.Actor, in ApplyForNewOrganizationInput,
) (governance.ApplicationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "applyForNewOrganization", actor: itself(actor), repeat: repeat,
		roots: []root{{rootOrganization, string(in.Council)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.ApplyForNewOrganization); err != nil {
				return "", err
			}
			if err := tx.requireRoomForApplication(ctx, in.Council); err != nil {
				return "", err
			}
			if err := tx.checkChamber(ctx, in.Council, in.Chamber); err != nil {
				return "", err
			}
			if err := tx.requireNewOrganization(ctx, in.organization()); err != nil {
				return "", err
			}
			return tx.insertApplication(ctx, in)
		}})
	return governance.ApplicationID(id), err
}

func (in ApplyForNewOrganizationInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if len(in.Identifiers) == 0 {
		return governance.Invalid("input.identifiers", "identifiers-missing",
			"An organization is told from others by a number: name one, as of the business register or for VAT.")
	}
	if err := in.organization().check(); err != nil {
		return err
	}
	return checkReason("input.ground", in.Ground)
}

// requireRoomForApplication refuses more applications of a person than it may make in a day, and more to a council than it
// can read. Two of a person to two councils at the same moment may both pass the first: it is a brake, not a count.
func (tx *Tx) requireRoomForApplication(ctx context.Context, council governance.OrganizationID) error {
	var open int
	err := tx.queryRow(ctx, `SELECT count(*) FROM roll_applications WHERE council_id = $1 AND state = 'OPEN'`, council).Scan(&open)
	if err != nil {
		return fmt.Errorf("count applications: %w", err)
	}
	if open >= maxOpenApplications {
		return governance.Refuse(governance.CodeConflict, "too-many-applications",
			"{most} applications wait for this council already; apply when it has decided on some.", "most", strconv.Itoa(maxOpenApplications))
	}
	var since time.Time // of the oldest of as many as there may be
	err = tx.queryRow(ctx, `
		SELECT created_at
		FROM roll_applications
		WHERE person_id = $1 AND created_at > $2
		ORDER BY created_at DESC
		LIMIT 1 OFFSET $3`, tx.actor.Person, tx.now.AddDate(0, 0, -1), applicationsPerDay-1).Scan(at(&since))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("count the person's applications: %w", err)
	}
	again := since.AddDate(0, 0, 1)
	return governance.Refuse(governance.CodeRateLimited, "applications-per-day",
		"A person applies for {most} organizations a day at most; the next time is {again}.",
		"most", strconv.Itoa(applicationsPerDay), "again", again.Format(time.RFC3339), "seconds", strconv.Itoa(int(again.Sub(tx.now)/time.Second)+1))
}

func (tx *Tx) insertApplication(ctx context.Context, in ApplyForNewOrganizationInput) (string, error) {
	if in.ID == "" {
		in.ID = governance.ApplicationID(tx.newID())
	} else if err := tx.requireFree(ctx, "roll_applications", string(in.ID)); err != nil {
		return "", err
	}
	identifiers, err := json.Marshal(in.organization().identifiers())
	if err != nil {
		return "", fmt.Errorf("encode identifiers: %w", err)
	}
	memberOf, err := json.Marshal(slices.Compact(slices.Sorted(slices.Values(in.MemberOf))))
	if err != nil {
		return "", fmt.Errorf("encode memberships: %w", err)
	}
	if len(in.MemberOf) == 0 {
		memberOf = []byte("[]")
	}
	_, err = tx.exec(ctx, `
		INSERT INTO roll_applications (
			id, council_id, person_id, slug, legal_name, country, region, size, homepage, identifiers, controlled_by, member_of,
			chamber, ground, state, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'OPEN', $15)`,
		in.ID, in.Council, tx.actor.Person, in.Slug, in.LegalName, in.Country, in.Region, in.Size, in.Homepage, string(identifiers),
		orNull(in.ControlledBy), string(memberOf), in.Chamber, in.Ground, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert application: %w", err)
	}
	if err := tx.insertApplicationIdentifiers(ctx, in); err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "APPLICATION_MADE", Object: Object{string(governance.KindApplication), string(in.ID)},
		Words: map[string]string{"chamber": string(in.Chamber)}, Texts: map[string]string{"legalName": in.LegalName, "ground": in.Ground},
	})
	return string(in.ID), err
}

// insertApplicationIdentifiers has the organization stand before the council, where it does not stand already.
func (tx *Tx) insertApplicationIdentifiers(ctx context.Context, in ApplyForNewOrganizationInput) error {
	for _, key := range identifierKeys(in.Identifiers) {
		inserted, err := tx.exec(ctx, `
			INSERT INTO roll_application_identifiers (council_id, scheme, value, application_id)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (council_id, scheme, value) DO NOTHING`, in.Council, key.scheme, key.value, in.ID)
		if err != nil {
			return fmt.Errorf("insert the identifier of an application: %w", err)
		}
		if inserted == 0 {
			return governance.Refuse(governance.CodeConflict, "applied-already",
				"An application for the organization with {scheme} {value} waits for this council already.",
				"scheme", key.scheme, "value", key.value)
		}
	}
	return nil
}

// AdmitNewOrganization registers the organization that was applied for, puts it on the roll with a public ground and makes
// the applicant its first representative: all or nothing. Errors: NOT_FOUND, FORBIDDEN, INVALID, CONFLICT where the
// application is closed, a ballot is open, the short name or an identifier is taken meanwhile, or the applicant's account
// was erased.
func (db *DB) AdmitNewOrganization(
	ctx context.Context, actor governance.Actor, in AdmitNewOrganizationInput,
) (governance.ApplicationID, error) {
	if in.Weight == "" {
		in.Weight = "1"
	}
	if err := (newEntry{weight: in.Weight, ground: in.Ground}).check(); err != nil {
		return "", err
	}
	if in.Slug != "" {
		if err := checkSlug("input.slug", in.Slug); err != nil {
			return "", err
		}
	}
	answer := applicationAnswer{name: "admitNewOrganization", step: governance.AdmitNewOrganization, act: "APPLICATION_ADMITTED",
		application: in.Application, state: governance.ApplicationAdmitted, reason: in.Ground, key: in.IdempotencyKey, input: in}
	return db.answerApplication(ctx, actor, answer, func(ctx context.Context, tx *Tx, a *RollApplication, role governance.Role) error {
		if in.Chamber == "" {
			in.Chamber = a.Chamber
		}
		organization := a.registration()
		if in.Slug != "" {
			organization.Slug = in.Slug
		}
		return tx.admitNewOrganization(ctx, a, organization, newEntry{council: a.Council.ID, chamber: in.Chamber,
			state: governance.RollActive, ground: in.Ground, weight: in.Weight}, role)
	})
}

// registration is what is registered when the application is admitted.
func (a *RollApplication) registration() RegisterOrganizationInput {
	in := RegisterOrganizationInput{Slug: a.Slug, LegalName: a.LegalName, Country: a.Country, Region: a.Region, Homepage: a.Homepage}
	if a.Size != nil {
		in.Size = *a.Size
	}
	for _, identifier := range a.Identifiers {
		in.Identifiers = append(in.Identifiers, OrganizationIdentifierInput(identifier))
	}
	if a.ControlledBy != nil {
		in.ControlledBy = a.ControlledBy.ID
	}
	for _, association := range a.MemberOf {
		in.MemberOf = append(in.MemberOf, association.ID)
	}
	return in
}

// admitNewOrganization writes what comes of the application, and notes it there.
func (tx *Tx) admitNewOrganization(
	ctx context.Context, a *RollApplication, organization RegisterOrganizationInput, entry newEntry, role governance.Role,
) error {
	if err := tx.requireNotErased(ctx, a.Applicant.ID); err != nil {
		return err
	}
	id, err := tx.insertOrganization(ctx, organization, role)
	if err != nil {
		return err
	}
	entry.organization = id
	entryID, err := tx.insertRollEntry(ctx, entry, "ROLL_ADMITTED", role)
	if err != nil {
		return err
	}
	grant := newMandate{
		person: a.Applicant.ID, organization: id, role: governance.RoleRepresentative, source: governance.SourceGrant, ground: entry.ground,
	}
	mandate, err := tx.insertMandate(ctx, grant)
	if err != nil {
		return err
	}
	if err := tx.tellGrant(ctx, mandate, grant, role, map[string]string{"application": string(a.ID)}); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE roll_applications SET organization_id = $2, roll_entry_id = $3 WHERE id = $1`, a.ID, id, entryID)
	if err != nil {
		return fmt.Errorf("note what came of the application: %w", err)
	}
	return nil
}

// requireNotErased refuses to give a mandate to a person whose account was erased.
func (q *Query) requireNotErased(ctx context.Context, person governance.PersonID) error {
	erased, err := q.exists(ctx, `SELECT 1 FROM persons WHERE id = $1 AND erased_at IS NOT NULL`, person)
	if err != nil {
		return fmt.Errorf("look for the person: %w", err)
	}
	if erased {
		return errPersonErased
	}
	return nil
}

// RefuseNewOrganization turns an application down, with a reason that the applicant reads. Errors: NOT_FOUND, FORBIDDEN,
// INVALID without a reason, CONFLICT where it is closed.
func (db *DB) RefuseNewOrganization(
	ctx context.Context, actor governance.Actor, in RefuseNewOrganizationInput,
) (governance.ApplicationID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.answerApplication(ctx, actor, applicationAnswer{
		name: "refuseNewOrganization", step: governance.RefuseNewOrganization, act: "APPLICATION_REFUSED",
		application: in.Application, state: governance.ApplicationRefused, reason: in.Reason, key: in.IdempotencyKey, input: in,
	}, nothingMore)
}

// WithdrawApplication takes one's own application back: an act of the person, whoever else it speaks for. Errors:
// NOT_FOUND, FORBIDDEN, CONFLICT where it is closed.
func (db *DB) WithdrawApplication(
	ctx context.Context, actor governance.Actor, in WithdrawApplicationInput,
) (governance.ApplicationID, error) {
	return db.answerApplication(ctx, actor, applicationAnswer{
		name: "withdrawApplication", step: governance.WithdrawApplication, act: "APPLICATION_WITHDRAWN", by: itself(actor),
		application: in.Application, state: governance.ApplicationWithdrawn, key: in.IdempotencyKey, input: in,
	}, nothingMore)
}

// applicationAnswer is what the steps on an application differ in.
type applicationAnswer struct {
	name        string
	step        governance.Step
	act         string
	by          governance.Actor // in whose name; the zero value: the actor's
	application governance.ApplicationID
	state       governance.ApplicationState // of the application afterwards
	reason      string                      // empty: none is asked for
	key         string
	input       any
}

// nothingMore comes of an application that is turned down or taken back.
func nothingMore(context.Context, *Tx, *RollApplication, governance.Role) error { return nil }

// answerApplication takes a step that closes an application, under the lock of its council.
func (db *DB) answerApplication(
	ctx context.Context, actor governance.Actor, answer applicationAnswer,
	do func(ctx context.Context, tx *Tx, a *RollApplication, role governance.Role) error,
) (governance.ApplicationID, error) {
	repeat, err := RepeatOf(answer.key, answer.input)
	if err != nil {
		return "", err
	}
	// An application never moves to another council.
	council, err := db.rootAbove(ctx, rootOrganization, `SELECT council_id FROM roll_applications WHERE id = $1`, "application", string(answer.application))
	if err != nil {
		return "", err
	}
	if answer.by.Person == "" {
		answer.by = actor
	}
	id, err := db.take(ctx, step{name: answer.name, actor: answer.by, repeat: repeat, roots: []root{council},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			a, s, err := tx.applicationSubject(ctx, actor, answer.application)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, answer.step); err != nil {
				return "", err
			}
			role := s.actingRole(answer.step)
			if err := do(ctx, tx, a, role); err != nil {
				return "", err
			}
			return string(a.ID), tx.closeApplication(ctx, a, answer, role)
		}})
	return governance.ApplicationID(id), err
}

// closeApplication notes what became of the application, and tells. Its organization may be applied for anew.
func (tx *Tx) closeApplication(ctx context.Context, a *RollApplication, answer applicationAnswer, role governance.Role) error {
	changed, err := tx.exec(ctx, `
		UPDATE roll_applications
		SET state = $2, reason = $3, answered_at = $4
		WHERE id = $1 AND state = 'OPEN'`, a.ID, answer.state, answer.reason, tx.now)
	if err != nil {
		return fmt.Errorf("close the application: %w", err)
	}
	if changed == 0 {
		return fmt.Errorf("close the application %s: it is not open, and was read as open under the lock", a.ID)
	}
	if _, err := tx.exec(ctx, `DELETE FROM roll_application_identifiers WHERE application_id = $1`, a.ID); err != nil {
		return fmt.Errorf("forget the identifiers of the application: %w", err)
	}
	act := Act{Type: answer.act, Object: Object{string(governance.KindApplication), string(a.ID)}, Role: role}
	if answer.reason != "" {
		act.Texts = map[string]string{"ground": answer.reason}
	}
	_, err = tx.appendAct(ctx, act)
	return err
}
