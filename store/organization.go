package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"concordat/governance"
)

// Organization is a legal person as it is read.
type Organization struct {
	ID           governance.OrganizationID
	Slug         string
	LegalName    string
	Country      string
	Region       string
	Size         *governance.OrganizationSize
	Homepage     string
	Identifiers  []OrganizationIdentifier
	ControllerID governance.OrganizationID // empty: none
	IsPlatform   bool
	Suspended    bool
	CreatedAt    time.Time
}

// OrganizationIdentifier is a number under which an organization is known.
type OrganizationIdentifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// OrganizationConnection is a page of organizations.
type OrganizationConnection struct {
	Nodes    []*Organization
	PageInfo *PageInfo
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkSlug refuses a short name that could not stand in an address for good.
func checkSlug(field, slug string) error {
	if len(slug) < 2 || len(slug) > 80 || !slugForm.MatchString(slug) {
		return governance.Invalid(field, "slug-malformed",
			"A short name has 2 to 80 lower-case letters, digits and single hyphens; {slug} has not.", "slug", slug)
	}
	return nil
}

// RegisterOrganization registers a legal person. Errors: FORBIDDEN but for the administrator, INVALID for the input,
// CONFLICT for a short name, an id or an identifier that is taken.
func (db *DB) RegisterOrganization(ctx context.Context, actor governance.Actor, in RegisterOrganizationInput) (governance.OrganizationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "registerOrganization", actor: actor, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			platform, err := tx.platformSubject(ctx, actor)
			if err != nil {
				return "", err
			}
			if err := platform.permit(ctx, governance.RegisterOrganization); err != nil {
				return "", err
			}
			id, err := tx.insertOrganization(ctx, in, platform.actingRole(governance.RegisterOrganization))
			return string(id), err
		}})
	return governance.OrganizationID(id), err
}

// The most that an organization is registered with.
const (
	maxIdentifiers = 20
	maxMemberships = 50
)

func (in RegisterOrganizationInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if err := checkSlug("input.slug", in.Slug); err != nil {
		return err
	}
	if err := checkLength("input.legalName", in.LegalName, 1, 300); err != nil {
		return err
	}
	if err := checkPlace(in.Country, in.Region); err != nil {
		return err
	}
	if in.Homepage != "" {
		if err := checkHomepage(in.Homepage); err != nil {
			return err
		}
	}
	if len(in.Identifiers) > maxIdentifiers || len(in.MemberOf) > maxMemberships {
		return governance.Invalid("input", "too-many", "An organization has at most {identifiers} identifiers and {memberships} memberships.",
			"identifiers", strconv.Itoa(maxIdentifiers), "memberships", strconv.Itoa(maxMemberships))
	}
	return checkIdentifiers(in.Identifiers)
}

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	regionForm  = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{0,3}$`)
)

// checkPlace refuses what is no country, or no NUTS region of it; a region need not be said.
func checkPlace(country, region string) error {
	if !countryForm.MatchString(country) {
		return governance.Invalid("input.country", "country-malformed", "A country has two capital letters (ISO 3166-1 alpha-2).")
	}
	if region != "" && !regionForm.MatchString(region) {
		return governance.Invalid("input.region", "region-malformed", "A region is a NUTS code such as LV006.")
	}
	return nil
}

// checkHomepage refuses what a page could not link to.
func checkHomepage(text string) error {
	if err := checkLength("input.homepage", text, 1, 500); err != nil {
		return err
	}
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" {
		return governance.Invalid("input.homepage", "homepage-malformed", "A homepage is an address such as https://example.org.")
	}
	return nil
}

// insertOrganization registers the organization, and tells; role is the one in which it is registered. Two registrations
// of one short name at the same moment meet in the UNIQUE of the column, where the later one fails whole.
func (tx *Tx) insertOrganization(ctx context.Context, in RegisterOrganizationInput, role governance.Role) (governance.OrganizationID, error) {
	if err := tx.requireNewOrganization(ctx, in); err != nil {
		return "", err
	}
	if in.ID == "" {
		in.ID = governance.OrganizationID(tx.newID())
	}
	if err := tx.writeOrganization(ctx, in); err != nil {
		return "", err
	}
	_, err := tx.appendAct(ctx, Act{
		Type: "ORGANIZATION_REGISTERED", Object: Object{"ORGANIZATION", string(in.ID)},
		Root: root{rootOrganization, string(in.ID)}, Role: role, Texts: map[string]string{"legalName": in.LegalName},
	})
	return in.ID, err
}

// requireNewOrganization refuses a short name, an id or a number that is taken, and others that are not there.
func (tx *Tx) requireNewOrganization(ctx context.Context, in RegisterOrganizationInput) error {
	taken, err := tx.exists(ctx, `SELECT 1 FROM organizations WHERE slug = $1 OR id = $2`, in.Slug, in.ID)
	if err != nil {
		return fmt.Errorf("look for organization %s: %w", in.Slug, err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "organization-exists",
			"There is an organization {slug} already, or one with this id.", "slug", in.Slug)
	}
	if err := tx.requireUnregistered(ctx, in.Identifiers); err != nil {
		return err
	}
	for _, other := range slices.Concat(in.MemberOf, []governance.OrganizationID{in.ControlledBy}) {
		if err := tx.requireOrganization(ctx, other); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) writeOrganization(ctx context.Context, in RegisterOrganizationInput) error {
	identifiers, err := json.Marshal(in.identifiers())
	if err != nil {
		return fmt.Errorf("encode identifiers: %w", err)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO organizations (
			id, slug, legal_name, country, region, size, homepage, identifiers, controlled_by, is_platform, suspended, created_at, version
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, 0)`,
		in.ID, in.Slug, in.LegalName, in.Country, in.Region, in.Size, in.Homepage, string(identifiers), orNull(in.ControlledBy), tx.now)
	if err != nil {
		return fmt.Errorf("insert organization: %w", err)
	}
	if err := tx.insertIdentifiers(ctx, in.ID, in.Identifiers); err != nil {
		return err
	}
	for _, parent := range slices.Compact(slices.Sorted(slices.Values(in.MemberOf))) {
		_, err := tx.exec(ctx, `INSERT INTO organization_members (organization_id, member_of, from_at) VALUES ($1, $2, $3)`,
			in.ID, parent, tx.now)
		if err != nil {
			return fmt.Errorf("insert membership: %w", err)
		}
	}
	return nil
}

func (in RegisterOrganizationInput) identifiers() []OrganizationIdentifier {
	identifiers := make([]OrganizationIdentifier, 0, len(in.Identifiers))
	for _, identifier := range in.Identifiers {
		identifiers = append(identifiers, OrganizationIdentifier(identifier))
	}
	return identifiers
}

// requireOrganization refuses, as NOT_FOUND, an id that names no organization; an empty one is none at all.
func (q *Query) requireOrganization(ctx context.Context, id governance.OrganizationID) error {
	if id == "" {
		return nil
	}
	found, err := q.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("look for organization %s: %w", id, err)
	}
	if !found {
		return governance.NotFound("organization", string(id))
	}
	return nil
}

// Organization reads an organization: public. NOT_FOUND where there is none.
func (db *DB) Organization(ctx context.Context, id governance.OrganizationID) (*Organization, error) {
	organizations, err := db.OrganizationsByID(ctx, []governance.OrganizationID{id})
	if err != nil {
		return nil, err
	}
	if organizations[id] == nil {
		return nil, governance.NotFound("organization", string(id))
	}
	return organizations[id], nil
}

// OrganizationsByID reads those of the organizations that there are.
func (db *DB) OrganizationsByID(ctx context.Context, ids []governance.OrganizationID) (found map[governance.OrganizationID]*Organization, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err = q.organizationsByID(ctx, ids)
		return err
	})
	return found, err
}

// OrganizationBySlug reads an organization by its short name; nil where there is none.
func (db *DB) OrganizationBySlug(ctx context.Context, slug string) (*Organization, error) {
	var found []*Organization
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		found, err = collect(ctx, q, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE slug = $1`, slug)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// Organizations reads a page of all organizations, the newest last.
func (db *DB) Organizations(ctx context.Context, page Page) (*OrganizationConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	var all []*Organization
	err = db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		all, err = collect(ctx, q, scanOrganization, `
			SELECT `+organizationColumns+`
			FROM organizations
			WHERE (created_at, id) > ($1, $2)
			ORDER BY created_at, id
			LIMIT $3`,
			after.CreatedAt, after.ID, limit+1)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read organizations: %w", err)
	}
	nodes, info := cut(all, limit, func(o *Organization) Cursor { return Cursor{o.CreatedAt, string(o.ID)} })
	return &OrganizationConnection{Nodes: nodes, PageInfo: info}, nil
}
