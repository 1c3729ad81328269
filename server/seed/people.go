package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// The day on which the councils are founded: everything that comes before the story.
const foundingHour = 9.00

// council is what the demo's councils differ in.
type council struct {
	slug         string
	secretary    string // persona
	jurisdiction []string
	sectors      []string
	zone         string
	preset       string
}

func councils() []council {
	return []council{
		{
			slug: demo.HeatCouncil, secretary: "secretary", jurisdiction: []string{"DE", "EE", "LT", "LV"},
			sectors: []string{heatSector, buildingSector}, zone: "Europe/Riga", preset: governance.PresetTripartite,
		},
		{
			slug: demo.CareCouncil, secretary: "care-secretary", jurisdiction: []string{"DE"},
			sectors: []string{careSector}, zone: "Europe/Berlin", preset: governance.PresetConsent,
		},
	}
}

// secretaryOf names the persona that runs a council.
func secretaryOf(slug string) string {
	all := councils()
	return all[slices.IndexFunc(all, func(c council) bool { return c.slug == slug })].secretary
}

// The sectors of the demo's councils.
const (
	heatSector     = "heat"
	buildingSector = "green-construction"
	careSector     = "digital-care"
)

// found registers the organizations, signs everybody in and founds the councils.
func (t *tale) found(ctx context.Context) error {
	t.clock.hold(t.when(0, time.Monday, foundingHour))
	for _, step := range []func(context.Context) error{t.loadVocabularies, t.administrator, t.register, t.establish, t.signEverybodyIn, t.rolls, t.charters} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// administrator makes the first administrator, as the command line would.
func (t *tale) administrator(ctx context.Context) error {
	for _, p := range demo.Personas() {
		if !p.Admin {
			continue
		}
		grant, err := t.db.GrantAdmin(ctx, store.AdminGrant{Issuer: t.issuer, Subject: p.ID, Platform: registration(platform())})
		if err != nil {
			return fmt.Errorf("grant the administrator's mandate: %w", err)
		}
		if err := t.signIn(ctx, p); err != nil {
			return err
		}
		mandate, err := t.db.Mandate(ctx, governance.Actor{Person: t.persons[p.ID]}, grant)
		if err != nil {
			return fmt.Errorf("read the administrator's mandate: %w", err)
		}
		t.organizations[platform().Slug] = mandate.Organization.ID
	}
	return nil
}

// platform is the organization that runs the installation.
func platform() demo.Organization {
	all := demo.Organizations()
	return all[slices.IndexFunc(all, func(o demo.Organization) bool { return o.Platform })]
}

func registration(o demo.Organization) store.RegisterOrganizationInput {
	return store.RegisterOrganizationInput{
		Slug: o.Slug, LegalName: o.Name, Country: o.Country, Region: o.Region,
		Size: governance.OrganizationSize(o.Size), Homepage: o.Homepage,
	}
}

func (t *tale) register(ctx context.Context) error {
	for _, o := range demo.Organizations() {
		if o.Platform {
			continue
		}
		id, err := t.db.RegisterOrganization(ctx, t.as("admin"), registration(o))
		if err != nil {
			return fmt.Errorf("register %s: %w", o.Slug, err)
		}
		t.organizations[o.Slug] = id
	}
	return nil
}

func (t *tale) establish(ctx context.Context) error {
	for _, c := range councils() {
		_, err := t.db.EstablishCouncil(ctx, t.as("admin"), store.EstablishCouncilInput{
			Organization: t.organizations[c.slug], Jurisdiction: c.jurisdiction, Sectors: c.sectors, Zone: c.zone,
		})
		if err != nil {
			return fmt.Errorf("establish %s: %w", c.slug, err)
		}
	}
	return nil
}

func (t *tale) signEverybodyIn(ctx context.Context) error {
	for _, p := range demo.Personas() {
		if err := t.signIn(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// signIn signs a persona in as its token would: a later sign-in at the provider finds the same person with the same
// mandates.
func (t *tale) signIn(ctx context.Context, p demo.Persona) error {
	in, err := t.claimed(p)
	if err != nil {
		return fmt.Errorf("sign %s in: %w", p.ID, err)
	}
	signedIn, err := t.db.SignIn(ctx, in)
	if err != nil {
		return fmt.Errorf("sign %s in: %w", p.ID, err)
	}
	t.persons[p.ID] = signedIn.Person
	return nil
}

// claimed reads what a persona's token says under the demo's claim mapping.
func (t *tale) claimed(p demo.Persona) (store.SignIn, error) {
	claims, err := p.Claims(t.issuer)
	if err != nil {
		return store.SignIn{}, err
	}
	parsed, err := auth.ParseClaims(claims)
	if err != nil {
		return store.SignIn{}, err
	}
	who, now := t.mapping.Explain(parsed), t.clock.Now()
	return store.SignIn{
		Issuer: who.Issuer, Subject: who.Subject, Name: who.Name, Email: who.Email,
		AuthenticatedAt: now, IssuedAt: now, ReadsMandates: true, Mandates: who.Mandates,
	}, nil
}

// as answers the persona acting for the organization of its mandates, the first of several; one without any speaks for
// itself.
func (t *tale) as(persona string) governance.Actor {
	actor := governance.Actor{
		Person: t.persons[persona], Issuer: t.issuer, AuthenticatedAt: t.clock.Now(),
		Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct},
	}
	for _, p := range demo.Personas() {
		switch {
		case p.ID != persona:
		case p.Admin:
			actor.Organization = t.organizations[platform().Slug]
		case len(p.Mandates) > 0:
			actor.Organization = t.organizations[p.Mandates[0].Organization]
		}
	}
	return actor
}

// grounds say in public why a chamber's organizations stand on a roll.
var grounds = map[governance.Chamber]string{
	governance.ChamberEmployer:        "Employs people of the sector's occupations; entry in the commercial register was shown.",
	governance.ChamberUnion:           "Negotiates collective agreements of the sector; statutes were shown.",
	governance.ChamberProvider:        "Teaches the sector's occupations under a recognised quality assurance; certificate was shown.",
	governance.ChamberSkillsCouncil:   "The council itself, as its statutes provide.",
	governance.ChamberQualityAgency:   "External quality assurance of vocational education in its country; appointed by law.",
	governance.ChamberLearnerBody:     "Elected body of learners in vocational education; minutes of the election were shown.",
	governance.ChamberPublicAuthority: "Forecasts skills for the sector on its ministry's behalf; letter of appointment was shown.",
}

// rolls puts each organization on the rolls that the demo names; one application is left for the secretary to answer.
func (t *tale) rolls(ctx context.Context) error {
	for _, o := range demo.Organizations() {
		for _, c := range councils() {
			if !slices.Contains(o.Rolls, c.slug) {
				continue
			}
			_, err := t.db.AdmitToRoll(ctx, t.as(c.secretary), store.AdmitToRollInput{
				Council: t.organizations[c.slug], Organization: t.organizations[o.Slug], Chamber: o.Chamber, Ground: grounds[o.Chamber],
			})
			if err != nil {
				return fmt.Errorf("put %s on the roll of %s: %w", o.Slug, c.slug, err)
			}
		}
	}
	t.add(t.when(28, time.Thursday, 11.20), "apply to the care council's roll", func(ctx context.Context) error {
		_, err := t.db.ApplyToRoll(ctx, t.as("quality-rep"), store.ApplyToRollInput{
			Council: t.organizations[demo.CareCouncil], Chamber: governance.ChamberQualityAgency,
			Ground: "We assure the quality of care training in Estonia and are asked for it by providers in Brandenburg.",
		})
		return err
	})
	return nil
}

// charters founds each council's first charter.
func (t *tale) charters(ctx context.Context) error {
	for _, c := range councils() {
		id, err := t.db.ProposeCharter(ctx, t.as(c.secretary), store.ProposeCharterInput{Council: t.organizations[c.slug], Preset: c.preset})
		if err != nil {
			return fmt.Errorf("propose the charter of %s: %w", c.slug, err)
		}
		charter, err := t.db.Charter(ctx, id)
		if err != nil {
			return fmt.Errorf("read the charter of %s: %w", c.slug, err)
		}
		if _, err := t.db.FoundCharter(ctx, t.as("admin"), store.FoundCharterInput{Charter: id, Digest: charter.Digest}); err != nil {
			return fmt.Errorf("found the charter of %s: %w", c.slug, err)
		}
	}
	return nil
}
