package demo

import (
	"encoding/json"
	"fmt"
	"slices"

	"concordat/governance"
)

// Organization is an invented legal person of the demo's two sectors: heat pumps and green construction around the
// Baltic Sea, and digital care.
type Organization struct {
	Slug     string
	Name     string // legal name
	Country  string // ISO 3166-1 alpha-2
	Region   string // NUTS code
	Size     string // MICRO, SMALL, MEDIUM, LARGE; empty: not told
	Homepage string
	Chamber  governance.Chamber // on the rolls it is on; empty: on none
	Rolls    []string           // slugs of the councils whose rolls it is on
	Council  bool
	Platform bool // runs the installation; administrators belong to it
}

// The councils of the demo.
const (
	HeatCouncil = "heat-skills-council"
	CareCouncil = "digital-care-council"
)

// Organizations lists the demo's organizations, councils first. A new slice each time.
func Organizations() []Organization {
	heat, care := []string{HeatCouncil}, []string{CareCouncil}
	return []Organization{
		{Slug: "concordat-office", Name: "Concordat Office", Country: "LV", Region: "LV006", Homepage: "https://office.example", Platform: true},
		{Slug: HeatCouncil, Name: "Heat Transition Skills Council", Country: "LV", Region: "LV006", Homepage: "https://heat-skills.example", Chamber: governance.ChamberSkillsCouncil, Rolls: heat, Council: true},
		{Slug: CareCouncil, Name: "Digital Care Skills Council", Country: "DE", Region: "DE40", Homepage: "https://digital-care.example", Chamber: governance.ChamberSkillsCouncil, Rolls: care, Council: true},
		{Slug: "nordwaerme", Name: "Nordwärme Anlagenbau GmbH", Country: "DE", Region: "DE80", Size: "MEDIUM", Homepage: "https://nordwaerme.example", Chamber: governance.ChamberEmployer, Rolls: heat},
		{Slug: "siltumtehnika", Name: "SIA Siltumtehnika Daugava", Country: "LV", Region: "LV006", Size: "SMALL", Homepage: "https://siltumtehnika.example", Chamber: governance.ChamberEmployer, Rolls: heat},
		{Slug: "baltherm", Name: "UAB Baltherm Montažas", Country: "LT", Region: "LT011", Size: "SMALL", Homepage: "https://baltherm.example", Chamber: governance.ChamberEmployer, Rolls: heat},
		{Slug: "gewerkschaft-gebaeude", Name: "Gewerkschaft Gebäude und Energie", Country: "DE", Region: "DE60", Homepage: "https://gge.example", Chamber: governance.ChamberUnion, Rolls: heat},
		{Slug: "siltuma-arodbiedriba", Name: "Būves un siltuma arodbiedrība", Country: "LV", Region: "LV006", Homepage: "https://arodbiedriba.example", Chamber: governance.ChamberUnion, Rolls: heat},
		{Slug: "daugava-koledza", Name: "Daugavas Enerģētikas koledža", Country: "LV", Region: "LV006", Size: "MEDIUM", Homepage: "https://koledza.example", Chamber: governance.ChamberProvider, Rolls: heat},
		{Slug: "hanse-akademie", Name: "Hanse-Akademie für Gebäudetechnik", Country: "DE", Region: "DEF0", Size: "MEDIUM", Homepage: "https://hanse-akademie.example", Chamber: governance.ChamberProvider, Rolls: []string{HeatCouncil, CareCouncil}},
		{Slug: "baltic-vet-quality", Name: "Baltic VET Quality Agency", Country: "EE", Region: "EE001", Homepage: "https://vet-quality.example", Chamber: governance.ChamberQualityAgency, Rolls: heat},
		{Slug: "learners-forum", Name: "Forum of Vocational Learners", Country: "LT", Region: "LT011", Homepage: "https://learners.example", Chamber: governance.ChamberLearnerBody, Rolls: heat},
		{Slug: "igudziu-biuras", Name: "Nacionalinis įgūdžių biuras", Country: "LT", Region: "LT011", Homepage: "https://igudziai.example", Chamber: governance.ChamberPublicAuthority, Rolls: heat},
		{Slug: "havelland-pflege", Name: "Havelland Pflege gGmbH", Country: "DE", Region: "DE40", Size: "LARGE", Homepage: "https://havelland-pflege.example", Chamber: governance.ChamberEmployer, Rolls: care},
		{Slug: "pflege-verband", Name: "Verband der Pflegekräfte", Country: "DE", Region: "DE40", Homepage: "https://pflegekraefte.example", Chamber: governance.ChamberUnion, Rolls: care},
	}
}

// Persona is somebody as whom one signs in to the demo with one click.
type Persona struct {
	ID          string // its subject at the demo provider; concordat demo-token takes it
	Name        string
	Description string // what this person is there to do
	Mandates    []Mandate
	Admin       bool
}

// Mandate is a role that a persona's claims name.
type Mandate struct {
	Organization string // slug
	Role         governance.Role
}

func in(organization string, roles ...governance.Role) []Mandate {
	mandates := make([]Mandate, len(roles))
	for i, role := range roles {
		mandates[i] = Mandate{organization, role}
	}
	return mandates
}

// Personas lists the people of the demo: every role and every chamber, somebody with mandates in two organizations,
// and somebody with none. A new slice each time.
func Personas() []Persona {
	const (
		author, representative = governance.RoleAuthor, governance.RoleRepresentative
		publisher, observer    = governance.RolePublisher, governance.RoleObserver
	)
	return []Persona{
		{ID: "nordwaerme-author", Name: "Jana Petersen", Description: "trains the fitters of an installer in Rostock and reports what they cannot do yet", Mandates: in("nordwaerme", author)},
		{ID: "nordwaerme-rep", Name: "Holger Brandt", Description: "speaks and votes for the installer in Rostock", Mandates: in("nordwaerme", representative)},
		{ID: "siltumtehnika-author", Name: "Ilze Ozola", Description: "writes for an installer in Riga", Mandates: in("siltumtehnika", author)},
		{ID: "siltumtehnika-rep", Name: "Mārtiņš Bērziņš", Description: "speaks and votes for the installer in Riga", Mandates: in("siltumtehnika", representative)},
		{ID: "baltherm-rep", Name: "Jonas Petrauskas", Description: "does both at a small installer in Vilnius", Mandates: in("baltherm", author, representative)},
		{ID: "gge-author", Name: "Deniz Kaya", Description: "reads and comments for a union in Germany", Mandates: in("gewerkschaft-gebaeude", author)},
		{ID: "gge-rep", Name: "Sabine Vogt", Description: "objects, bargains and votes for the union in Germany", Mandates: in("gewerkschaft-gebaeude", representative)},
		{ID: "arodbiedriba-rep", Name: "Andris Liepiņš", Description: "writes and votes for a union in Latvia", Mandates: in("siltuma-arodbiedriba", author, representative)},
		{ID: "koledza-author", Name: "Līga Kalniņa", Description: "drafts credentials at a college in Latvia", Mandates: in("daugava-koledza", author)},
		{ID: "koledza-rep", Name: "Inese Vītola", Description: "votes for the college in Latvia", Mandates: in("daugava-koledza", representative)},
		{ID: "koledza-publisher", Name: "Toms Zariņš", Description: "publishes what the college in Latvia offers", Mandates: in("daugava-koledza", publisher)},
		{ID: "hanse-author", Name: "Friederike Lohmann", Description: "drafts credentials at an academy in Schleswig-Holstein", Mandates: in("hanse-akademie", author)},
		{ID: "hanse-rep", Name: "Nele Thomsen", Description: "votes for the academy", Mandates: in("hanse-akademie", representative)},
		{ID: "hanse-publisher", Name: "Uwe Matthiesen", Description: "publishes what the academy offers", Mandates: in("hanse-akademie", publisher)},
		{ID: "secretary", Name: "Kadri Tamm", Description: "runs consultations and ballots of the heat council", Mandates: in(HeatCouncil, governance.RoleSecretary)},
		{ID: "council-rep", Name: "Rasa Kazlauskienė", Description: "endorses for the heat council", Mandates: in(HeatCouncil, representative)},
		{ID: "council-rep-2", Name: "Peter Hoffmann", Description: "is the second mandate holder that recalling and overruling need", Mandates: in(HeatCouncil, representative)},
		{ID: "quality-rep", Name: "Tiina Saar", Description: "judges quality assurance and votes for the agency", Mandates: in("baltic-vet-quality", author, representative)},
		{ID: "learners-rep", Name: "Emilis Jonaitis", Description: "speaks and votes for learners", Mandates: in("learners-forum", author, representative)},
		{ID: "authority-rep", Name: "Audronė Balčiūnaitė", Description: "speaks and votes for a public authority", Mandates: in("igudziu-biuras", author, representative)},
		{ID: "observer", Name: "Lukas Weber", Description: "may look on for the installer in Rostock, and no more", Mandates: in("nordwaerme", observer)},
		{ID: "two-hats", Name: "Marta Ziediņa", Description: "represents two employers and must say for which she speaks", Mandates: slices.Concat(in("siltumtehnika", representative), in("baltherm", representative))},
		{ID: "care-secretary", Name: "Anke Schubert", Description: "runs the digital care council", Mandates: in(CareCouncil, governance.RoleSecretary)},
		{ID: "care-council-rep", Name: "Ruth Albers", Description: "endorses for the digital care council", Mandates: in(CareCouncil, representative)},
		{ID: "care-employer", Name: "Milan Novák", Description: "writes and votes for a care home operator", Mandates: in("havelland-pflege", author, representative)},
		{ID: "care-union", Name: "Birgit Sommer", Description: "writes and votes for a union of carers", Mandates: in("pflege-verband", author, representative)},
		{ID: "visitor", Name: "Elza Krūmiņa", Description: "has no mandate and comments in public consultations for herself"},
		{ID: "admin", Name: "Ada Lindqvist", Description: "administers the installation", Admin: true},
	}
}

// groups renders the mandates as Keycloak does: paths with a leading slash.
func (p Persona) groups() []string {
	groups := make([]string, 0, len(p.Mandates))
	for _, mandate := range p.Mandates {
		kind := "org"
		if mandate.Role == governance.RoleSecretary {
			kind = "council"
		}
		groups = append(groups, fmt.Sprintf("/%s/%s/%s", kind, mandate.Organization, mandate.Role))
	}
	return groups
}

func (p Persona) realmRoles() []string {
	if p.Admin {
		return []string{"demo-user", "concordat-admin"}
	}
	return []string{"demo-user"}
}

// Claims are what the tokens of the persona say about it, as one JSON object.
func (p Persona) Claims(issuer string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"iss": issuer, "sub": p.ID, "name": p.Name, "email": p.email(), "email_verified": true,
		"groups": p.groups(), "realm_access": map[string]any{"roles": p.realmRoles()},
	})
}

func (p Persona) email() string { return p.ID + "@demo.example" }
