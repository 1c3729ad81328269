package storebench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
)

// filling is a set on its way into a database.
type filling struct {
	Set
	tables  []*table // in the order in which rows refer to each other
	charter governance.Charter
	rule    string // its rule, as a ballot freezes it

	organizations, councils, sectors, roll, charters *table
	persons, mandates                                *table
	specifications, editions, stages, revisions      *table
	consultations, comments                          *table
	ballots, electors, positions, statements         *table
	offers, offerVersions, publications              *table
}

// Fill puts the set into the migrated and empty database at a store's address, which nothing else may use meanwhile.
func (s Set) Fill(ctx context.Context, address string) error {
	db, err := open(ctx, address, "?_journal_mode=WAL&_synchronous=OFF")
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := newFilling(s)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	defer tx.Rollback() // after the commit it does nothing
	var there int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM organizations`).Scan(&there); err != nil {
		return fmt.Errorf("look whether the database is empty: %w", err)
	}
	if there > 0 {
		return fmt.Errorf("the database at hand is not empty: it has %d organizations", there)
	}
	if err := f.fill(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE ballots SET state = 'CLOSED' WHERE outcome IS NOT NULL`); err != nil {
		return fmt.Errorf("close the ballots: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	if !strings.HasPrefix(address, "file:") { // the server's autovacuum would, a little later
		_, err = db.ExecContext(ctx, `ANALYZE`)
	}
	return err
}

func newFilling(s Set) (*filling, error) {
	f := &filling{Set: s}
	f.add(&f.organizations, "organizations", "id, slug, legal_name, country, created_at")
	f.add(&f.councils, "councils", "id, jurisdiction, zone, charter_id, created_at")
	f.add(&f.sectors, "council_sectors", "council_id, sector")
	f.add(&f.persons, "persons", "id, issuer, subject, name, created_at")
	f.add(&f.mandates, "mandates", "id, person_id, organization_id, role, source, from_at, created_at")
	f.add(&f.roll, "roll_entries", "id, council_id, organization_id, chamber, state, from_at, created_at")
	f.add(&f.charters, "charters", "id, council_id, number, state, body, digest, proposed_by, created_at, in_force_at")
	f.add(&f.specifications, "specifications", "id, slug, council_id, title, language, created_at")
	f.add(&f.editions, "editions", "id, specification_id, number, stage, stage_at, lead_id, charter_id, profile, consulted, "+
		"head_id, head_digest, approved_digest, approved_ballot_id, comment_count, created_at")
	f.add(&f.stages, "edition_stages", "edition_id, number, stage, entered_at")
	f.add(&f.revisions, "revisions", "id, edition_id, number, digest, document, person_id, organization_id, class, created_at")
	f.add(&f.consultations, "consultations", "id, edition_id, revision_id, state, is_public, opened_at, closes_at, closed_at, opened_by")
	f.add(&f.comments, "comments", "id, edition_id, revision_id, kind, path, body, state, organization_id, person_id, created_at")
	f.add(&f.ballots, "ballots", "id, council_id, kind, edition_id, revision_id, digest, charter_id, rule, profile, findings, "+
		"secrecy, state, opened_at, closes_at, closed_at, outcome, record, result, elector_count, position_count, opened_by")
	f.add(&f.electors, "electors", "ballot_id, organization_id, chamber, weight, announced_at")
	f.add(&f.positions, "positions", "id, ballot_id, organization_id, number, position, person_id, taken_at, is_latest")
	f.add(&f.statements, "statements", "id, kind, edition_id, digest, organization_id, state, person_id, asked_at, answered_at, valid_until, created_at")
	f.add(&f.offers, "offers", "id, edition_id, organization_id, state, number, facts, digest, created_at")
	f.add(&f.offerVersions, "offer_versions", "offer_id, number, facts, digest, person_id, created_at")
	f.add(&f.publications, "publications", "id, specification_id, edition_id, organization_id, offer_id, digest, title, language, "+
		"sector, country, eqf_level, search_text, valid_from, state, published_at")
	var err error
	if f.charter, err = governance.FoundingCharter("tripartite", "Charter", "Europe/Riga"); err != nil {
		return nil, err
	}
	rule, err := notary.Canonical(f.charter.Rule)
	f.rule = string(rule)
	return f, err
}

func (f *filling) add(to **table, name, columns string) {
	*to = newTable(name, columns)
	f.tables = append(f.tables, *to)
}

// fill inserts everything, few rows at a time in memory.
func (f *filling) fill(ctx context.Context, tx *sql.Tx) error {
	steps := []struct {
		count int
		one   func(n int) error
	}{
		{f.Organizations, f.organization},
		{f.Sectors, f.council},
		{f.People, f.person},
		{1, func(int) error { return f.write(ctx, tx, true) }},
		{f.Sectors, f.charterOf},
		{f.Organizations, f.rollEntry},
		{f.Specifications, f.specification},
	}
	for _, step := range steps {
		for n := range step.count {
			if err := step.one(n); err != nil {
				return err
			}
			if n%500 == 499 {
				if err := f.write(ctx, tx, true); err != nil {
					return err
				}
			}
		}
	}
	return f.write(ctx, tx, true)
}

func (f *filling) write(ctx context.Context, tx *sql.Tx, all bool) error {
	for _, t := range f.tables {
		if err := t.write(ctx, tx, all); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) organization(n int) error {
	f.organizations.add(id(idOrganization, n), fmt.Sprintf("organization-%06d", n), fmt.Sprintf("Organization %d Ltd", n), "LV",
		f.at(time.Duration(n)*time.Millisecond))
	return nil
}

func (f *filling) council(n int) error {
	council := id(idCouncil, n)
	f.organizations.add(council, fmt.Sprintf("council-%02d", n), fmt.Sprintf("Skills council %d", n), "LV", f.at(0))
	f.councils.add(council, `["LV"]`, "Europe/Riga", id(idCharter, n), f.at(0))
	f.sectors.add(council, fmt.Sprintf("S%02d", n))
	return nil
}

func (f *filling) person(n int) error {
	person, organization := id(idPerson, n), id(idOrganization, n%f.Organizations)
	f.persons.add(person, f.Issuer, Subject(n), fmt.Sprintf("Person %d", n), f.at(0))
	for k, role := range []governance.Role{governance.RoleAuthor, governance.RoleRepresentative} {
		f.mandates.add(id(idMandate, 2*n+k), person, organization, string(role), "GRANT", f.at(0), f.at(0))
	}
	return nil
}

func (f *filling) charterOf(n int) error {
	body, err := notary.Canonical(f.charter)
	if err != nil {
		return err
	}
	f.charters.add(id(idCharter, n), id(idCouncil, n), 1, "IN_FORCE", string(body), string(notary.Digest(body)),
		id(idPerson, 0), f.at(0), f.at(0))
	return nil
}

// chamber is the chamber of the nth organization on the one roll that it is on.
func (f *filling) chamber(n int) governance.Chamber {
	chambers := []governance.Chamber{governance.ChamberEmployer, governance.ChamberUnion, governance.ChamberProvider}
	return chambers[n%len(chambers)]
}

func (f *filling) rollEntry(n int) error {
	f.roll.add(id(idRollEntry, n), id(idCouncil, n%f.Sectors), id(idOrganization, n), string(f.chamber(n)), "ACTIVE", f.at(0), f.at(0))
	return nil
}

// specification adds the nth specification with all that belongs to it.
func (f *filling) specification(n int) error {
	text, digest := document(n)
	is, made := stage(n), time.Duration(n)*time.Millisecond+time.Hour
	edition, revision, ballot := id(idEdition, n), id(idRevision, n), id(idBallot, n)
	lead, author := id(idOrganization, n%f.Organizations), id(idPerson, n%f.People)
	var approvedDigest, approvedBallot any
	comments, consulted := 0, 0
	if complete(n) {
		approvedDigest, approvedBallot, comments = string(digest), ballot, CommentsEach
	}
	if is != governance.StageDrafting {
		consulted = 1
	}
	f.specifications.add(id(idSpecification, n), Slug(n), id(idCouncil, n%f.Sectors), title(n), "en", f.at(made))
	f.editions.add(edition, id(idSpecification, n), "1.0", string(is), f.at(made), lead, id(idCharter, n%f.Sectors), "EU/1",
		consulted, revision, string(digest), approvedDigest, approvedBallot, comments, f.at(made))
	f.revisions.add(revision, edition, 1, string(digest), text, author, lead, "SUBSTANTIVE", f.at(made))
	if is == governance.StageDrafting {
		return nil
	}
	f.consultation(n, is)
	if is == governance.StageConsultation {
		return nil
	}
	if err := f.ballot(n, is, digest); err != nil {
		return err
	}
	if !complete(n) {
		return nil
	}
	f.comment(n)
	f.endorse(n, digest)
	return f.publish(n, digest)
}

// consultation opens 2 h after the set's start and is over 30 days later, but for those still open, which are for
// another year.
func (f *filling) consultation(n int, is governance.Stage) {
	state, closes, closed := "CLOSED", 30*24*time.Hour, any(f.at(30*24*time.Hour))
	if is == governance.StageConsultation {
		state, closes, closed = "OPEN", 365*24*time.Hour, nil
	}
	f.consultations.add(id(idConsultation, n), id(idEdition, n), id(idRevision, n), state, 1, f.at(2*time.Hour), f.at(closes), closed,
		id(idPerson, 0))
}

func (f *filling) comment(n int) {
	for k := range CommentsEach {
		person := f.commenter(n, k)
		f.comments.add(id(idComment, n*CommentsEach+k), id(idEdition, n), id(idRevision, n), "TECHNICAL", "/outcomes/types/statement",
			fmt.Sprintf("Comment %d: the statement should name the standard by which the work is judged, and the tolerance.", k),
			"RESOLVED", id(idOrganization, person%f.Organizations), id(idPerson, person),
			f.at(3*time.Hour+time.Duration(k)*time.Minute))
	}
}

// ballot adds an open ballot in which nobody has spoken, or a carried one.
func (f *filling) ballot(n int, is governance.Stage, digest governance.Digest) error {
	count, closes := electorsEach, 365*24*time.Hour
	var closed, outcome, record, result any
	if is != governance.StageBallot {
		count, closes = PositionsEach, 60*24*time.Hour
		closed = f.at(closes)
		var err error
		if outcome, record, result, err = f.count(n); err != nil {
			return err
		}
	}
	council, ballot := id(idCouncil, n%f.Sectors), id(idBallot, n)
	positions := count
	if is == governance.StageBallot {
		positions = 0
	}
	f.ballots.add(ballot, council, "EDITION", id(idEdition, n), id(idRevision, n), string(digest), id(idCharter, n%f.Sectors), f.rule,
		"EU/1", "[]", string(f.charter.Secrecy), "OPEN", f.at(31*24*time.Hour), f.at(closes), closed, outcome, record, result,
		count, positions, id(idPerson, 0))
	for k := range count {
		organization := f.elector(n, k)
		f.electors.add(ballot, id(idOrganization, organization), string(f.chamber(organization)), "1", f.at(31*24*time.Hour))
		if k < positions {
			f.positions.add(id(idPosition, n*PositionsEach+k), ballot, id(idOrganization, organization), 1, "APPROVE",
				id(idPerson, organization), f.at(32*24*time.Hour), 1)
		}
	}
	return nil
}

// count tallies the nth specification's closed ballot, in which everybody approved.
func (f *filling) count(n int) (outcome, record, result any, err error) {
	r := governance.TallyRecord{Schema: governance.TallySchema, Rule: f.charter.Rule}
	for k := range PositionsEach {
		organization := f.elector(n, k)
		name := governance.OrganizationID(id(idOrganization, organization))
		r.Electors = append(r.Electors, governance.Elector{Organization: name, Chamber: f.chamber(organization)})
		r.Votes = append(r.Votes, governance.Vote{Organization: name, Position: governance.PositionApprove})
	}
	counted, err := governance.Tally(r)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("count a ballot of the standard data set: %w", err)
	}
	recorded, err := notary.Canonical(r)
	if err != nil {
		return nil, nil, nil, err
	}
	told, err := json.Marshal(counted)
	return string(counted.Outcome), string(recorded), string(told), err
}

func (f *filling) endorse(n int, digest governance.Digest) {
	bodies := []string{id(idCouncil, n%f.Sectors), id(idOrganization, (n+1)%f.Organizations)}
	for k := range EndorsementsEach {
		f.statements.add(id(idStatement, n*EndorsementsEach+k), "ENDORSEMENT", id(idEdition, n), string(digest), bodies[k], "GIVEN",
			id(idPerson, 0), f.at(61*24*time.Hour), f.at(62*24*time.Hour), f.at(5*365*24*time.Hour), f.at(61*24*time.Hour))
	}
}

func (f *filling) publish(n int, digest governance.Digest) error {
	provider, offer, made := id(idOrganization, n%f.Organizations), id(idOffer, n), f.at(70*24*time.Hour+time.Duration(n)*time.Millisecond)
	facts, facted, err := notary.EncodeOffer(sample.Offer())
	if err != nil {
		return err
	}
	f.offers.add(offer, id(idEdition, n), provider, "CURRENT", 1, string(facts), string(facted), made)
	f.offerVersions.add(offer, 1, string(facts), string(facted), id(idPerson, 0), made)
	f.stages.add(id(idEdition, n), 1, "PUBLISHED", made)
	f.publications.add(id(idPublication, n), id(idSpecification, n), id(idEdition, n), provider, offer, string(digest), title(n), "en",
		fmt.Sprintf("S%02d", n%f.Sectors), "LV", 4, fmt.Sprintf("installing and commissioning heat pumps #%07d#", n),
		f.Start.Format(time.DateOnly), "PUBLISHED", made)
	return nil
}
