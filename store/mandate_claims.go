package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// ClaimedMandate is a mandate that a token's claims name. Exactly one of Organization, Identifier and Council is
// given, none with ADMIN, which is held in the organization that runs the platform.
type ClaimedMandate struct {
	Organization string          `json:"organization,omitempty"` // slug
	Identifier   string          `json:"identifier,omitempty"`   // SCHEME:value
	Council      string          `json:"council,omitempty"`      // slug
	Role         governance.Role `json:"role"`
	Rule         string          `json:"rule"` // of the claim mapping, that named it
}

// String renders the mandate for a terminal or a log.
func (m ClaimedMandate) String() string {
	switch {
	case m.Role == governance.RoleAdmin:
		return "ADMIN of the platform"
	case m.Council != "":
		return fmt.Sprintf("%s of the council %s", m.Role, m.Council)
	case m.Identifier != "":
		return fmt.Sprintf("%s of the organization identified by %s", m.Role, m.Identifier)
	default:
		return fmt.Sprintf("%s of %s", m.Role, m.Organization)
	}
}

// wantedMandate is a claimed mandate whose organization was found.
type wantedMandate struct {
	organization governance.OrganizationID
	claimed      ClaimedMandate
}

// heldMandate is a mandate that was not ended; it may have lapsed or not begun.
type heldMandate struct {
	id           governance.MandateID
	organization governance.OrganizationID
	slug         string
	role         governance.Role
	source       governance.MandateSource
	untilAt      time.Time
}

func (h heldMandate) lapsed(now time.Time) bool { return !h.untilAt.IsZero() && !h.untilAt.After(now) }

// claimChanges is what claims ask for against what is held.
type claimChanges struct {
	grant   []wantedMandate
	end     []heldMandate
	lapsed  []heldMandate // to be closed, for a new one is granted in their place
	unknown []ClaimedMandate
}

// readClaims compares the mandates that claims name with those that stand and, where they differ, takes the step that
// brings them together. The comparison is made again under the locks: what is decided on is what is locked.
func (db *DB) readClaims(ctx context.Context, person governance.PersonID, in SignIn) (SignedIn, error) {
	out := SignedIn{Person: person}
	var changes claimChanges
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		changes, err = q.compareClaims(ctx, person, in.Mandates)
		return err
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("read the claims of %s: %w", person, err)
	}
	if len(changes.grant)+len(changes.end) == 0 {
		out.Unknown = changes.unknown
		return out, nil
	}
	actor := governance.Actor{
		Person: person, Scopes: []governance.Scope{governance.ScopeAct},
		Issuer: in.Issuer, ACR: in.ACR, AuthenticatedAt: in.AuthenticatedAt,
	}
	roots := changes.roots(person)
	err = db.run(ctx, &job{name: "readClaims", actor: actor, roots: roots, do: func(ctx context.Context, tx *Tx) error {
		out = SignedIn{Person: person}
		return tx.applyClaims(ctx, in, roots, &out)
	}})
	return out, err
}

func (c claimChanges) roots(person governance.PersonID) []root {
	roots := []root{{rootPerson, string(person)}}
	for _, m := range c.grant {
		roots = append(roots, root{rootOrganization, string(m.organization)})
	}
	for _, m := range c.end {
		roots = append(roots, root{rootOrganization, string(m.organization)})
	}
	return roots
}

// applyClaims makes the changes that still are to be made. What came up since the roots were chosen, in an organization
// that is not locked, waits for the next sign-in.
func (tx *Tx) applyClaims(ctx context.Context, in SignIn, roots []root, out *SignedIn) error {
	changes, err := tx.compareClaims(ctx, governance.PersonID(tx.actor.Person), in.Mandates)
	if err != nil {
		return err
	}
	out.Unknown = changes.unknown
	locked := func(id governance.OrganizationID) bool {
		return slices.Contains(roots, root{rootOrganization, string(id)})
	}
	for _, held := range changes.lapsed {
		if locked(held.organization) {
			if err := tx.closeMandate(ctx, held.id, held.untilAt); err != nil {
				return err
			}
		}
	}
	for _, wanted := range changes.grant {
		if locked(wanted.organization) {
			if err := tx.grantClaimed(ctx, wanted, in, out); err != nil {
				return err
			}
		}
	}
	for _, held := range changes.end {
		if locked(held.organization) {
			if err := tx.endClaimed(ctx, held, in, out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) grantClaimed(ctx context.Context, wanted wantedMandate, in SignIn, out *SignedIn) error {
	id := tx.newID()
	ground := fmt.Sprintf("claims of %s, rule %s", in.Issuer, wanted.claimed.Rule)
	_, err := tx.exec(ctx, `
		INSERT INTO mandates (
			id, person_id, organization_id, role, source, ground, from_at, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		id, tx.actor.Person, wanted.organization, wanted.claimed.Role, governance.SourceClaim, ground, tx.now)
	if err != nil {
		return fmt.Errorf("grant %s: %w", wanted.claimed, err)
	}
	out.Granted = append(out.Granted, wanted.claimed)
	return tx.noteMandate(ctx, "MANDATE_GRANTED", id, wanted.organization, map[string]string{
		"role": string(wanted.claimed.Role), "ground": ground,
	})
}

// endClaimed ends a mandate that claims no longer name, unless it is the last of a council's secretaries or of the
// administrators: nobody could mend that.
func (tx *Tx) endClaimed(ctx context.Context, held heldMandate, in SignIn, out *SignedIn) error {
	claimed := ClaimedMandate{Organization: held.slug, Role: held.role}
	last, err := tx.lastHolder(ctx, held)
	if err != nil {
		return err
	}
	if last {
		out.Kept = append(out.Kept, claimed)
		return nil
	}
	if err := tx.closeMandate(ctx, held.id, tx.now); err != nil {
		return err
	}
	out.Ended = append(out.Ended, claimed)
	err = tx.noteMandate(ctx, "MANDATE_ENDED", string(held.id), held.organization, map[string]string{
		"role": string(held.role), "ground": fmt.Sprintf("no longer among the claims of %s", in.Issuer),
	})
	if err != nil {
		return err
	}
	return tx.endDeputies(ctx, held.id, held.organization, "")
}

func (tx *Tx) noteMandate(ctx context.Context, what, id string, organization governance.OrganizationID, texts map[string]string) error {
	r := root{rootOrganization, string(organization)}
	if _, err := tx.appendAct(ctx, Act{Type: what, Object: Object{Kind: string(governance.KindMandate), ID: id}, Root: r, Texts: texts}); err != nil {
		return err
	}
	return tx.touch(ctx, r)
}

func (tx *Tx) closeMandate(ctx context.Context, id governance.MandateID, endedAt time.Time) error {
	_, err := tx.exec(ctx, `UPDATE mandates SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL`, endedAt, id)
	if err != nil {
		return fmt.Errorf("end mandate %s: %w", id, err)
	}
	return nil
}

// lastHolder says whether a mandate is of a role that must not fall vacant and nobody else holds it now.
func (tx *Tx) lastHolder(ctx context.Context, held heldMandate) (bool, error) {
	if held.role != governance.RoleSecretary && held.role != governance.RoleAdmin {
		return false, nil
	}
	var others int64
	err := tx.queryRow(ctx, `
		SELECT count(*)
		FROM mandates
		WHERE organization_id = $1
		AND role = $2
		AND person_id <> $3
		AND delegated_from IS NULL
		AND ended_at IS NULL
		AND from_at <= $4
		AND (until_at IS NULL OR until_at > $4)`,
		held.organization, held.role, tx.actor.Person, tx.now).Scan(&others)
	if err != nil {
		return false, fmt.Errorf("count the holders of %s: %w", held.role, err)
	}
	return others == 0, nil
}

// compareClaims finds the organizations that the claims name and holds them against what the person has.
func (q *Query) compareClaims(ctx context.Context, person governance.PersonID, claimed []ClaimedMandate) (claimChanges, error) {
	wanted, unknown, err := q.resolveClaims(ctx, claimed)
	if err != nil {
		return claimChanges{}, err
	}
	held, err := q.heldMandates(ctx, person)
	if err != nil {
		return claimChanges{}, err
	}
	changes := claimChanges{unknown: unknown}
	for _, w := range wanted {
		i := slices.IndexFunc(held, func(h heldMandate) bool {
			return h.organization == w.organization && h.role == w.claimed.Role
		})
		if i >= 0 && !held[i].lapsed(q.now) {
			continue
		}
		if i >= 0 {
			changes.lapsed = append(changes.lapsed, held[i])
		}
		changes.grant = append(changes.grant, w)
	}
	for _, h := range held {
		named := slices.ContainsFunc(wanted, func(w wantedMandate) bool {
			return h.organization == w.organization && h.role == w.claimed.Role
		})
		if h.source == governance.SourceClaim && !named {
			changes.end = append(changes.end, h)
		}
	}
	return changes, nil
}

func (q *Query) heldMandates(ctx context.Context, person governance.PersonID) ([]heldMandate, error) {
	return collect(ctx, q, func(row scanner) (heldMandate, error) {
		var h heldMandate
		err := row.Scan(&h.id, &h.organization, &h.slug, &h.role, &h.source, at(&h.untilAt))
		return h, err
	}, `
		SELECT
			m.id,
			m.organization_id,
			o.slug,
			m.role,
			m.source,
			m.until_at
		FROM mandates m
		JOIN organizations o ON o.id = m.organization_id
		WHERE m.person_id = $1
		AND m.ended_at IS NULL
		ORDER BY m.id`,
		person)
}

// resolveClaims finds the organization of each claimed mandate; two claims that come to the same one are one.
func (q *Query) resolveClaims(ctx context.Context, claimed []ClaimedMandate) (found []wantedMandate, unknown []ClaimedMandate, err error) {
	for _, c := range claimed {
		id, err := q.resolveClaim(ctx, c)
		if err != nil {
			return nil, nil, fmt.Errorf("find the organization of %s: %w", c, err)
		}
		if id == "" {
			unknown = append(unknown, c)
			continue
		}
		again := slices.ContainsFunc(found, func(w wantedMandate) bool {
			return w.organization == id && w.claimed.Role == c.Role
		})
		if !again {
			found = append(found, wantedMandate{id, c})
		}
	}
	return found, unknown, nil
}

// resolveClaim answers the organization that a claimed mandate names, or "" where there is none or more than one.
func (q *Query) resolveClaim(ctx context.Context, c ClaimedMandate) (governance.OrganizationID, error) {
	switch {
	case c.Role == governance.RoleAdmin:
		return q.oneOrganization(ctx, `SELECT id FROM organizations WHERE is_platform = 1`)
	case c.Council != "":
		return q.oneOrganization(ctx, `
			SELECT o.id
			FROM organizations o
			JOIN councils c ON c.id = o.id
			WHERE o.slug = $1`,
			c.Council)
	case c.Identifier != "":
		return q.organizationByIdentifier(ctx, c.Identifier)
	default:
		return q.oneOrganization(ctx, `SELECT id FROM organizations WHERE slug = $1`, c.Organization)
	}
}

func (q *Query) oneOrganization(ctx context.Context, text string, args ...any) (governance.OrganizationID, error) {
	ids, err := collect(ctx, q, func(row scanner) (governance.OrganizationID, error) {
		var id governance.OrganizationID
		err := row.Scan(&id)
		return id, err
	}, text, args...)
	if err != nil || len(ids) != 1 {
		return "", err
	}
	return ids[0], nil
}

// organizationByIdentifier looks for an organization with the identifier SCHEME:value. The text search narrows the rows
// down; what decides is the identifier read in full.
func (q *Query) organizationByIdentifier(ctx context.Context, identifier string) (governance.OrganizationID, error) {
	scheme, value, _ := strings.Cut(identifier, ":")
	type row struct {
		id          governance.OrganizationID
		identifiers string
	}
	rows, err := collect(ctx, q, func(s scanner) (row, error) {
		var r row
		err := s.Scan(&r.id, &r.identifiers)
		return r, err
	}, `
		SELECT
			id,
			identifiers
		FROM organizations
		WHERE identifiers LIKE $1 ESCAPE '\'
		ORDER BY id
		LIMIT 50`,
		"%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(value)+"%")
	if err != nil {
		return "", err
	}
	var found []governance.OrganizationID
	for _, r := range rows {
		var identifiers []struct {
			Scheme string `json:"scheme"`
			Value  string `json:"value"`
		}
		if err := json.Unmarshal([]byte(r.identifiers), &identifiers); err != nil {
			return "", fmt.Errorf("read the identifiers of %s: %w", r.id, err)
		}
		for _, i := range identifiers {
			if strings.EqualFold(i.Scheme, scheme) && i.Value == value {
				found = append(found, r.id)
			}
		}
	}
	if len(found) != 1 {
		return "", nil
	}
	return found[0], nil
}
