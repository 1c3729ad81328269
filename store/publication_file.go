package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// PublicationFileSchema is the first member of every publication's file.
const PublicationFileSchema = "concordat/publication/1"

// PublicationFile is a publication as it was on the day of its publication, as canonical JSON; Digest names the bytes.
type PublicationFile struct {
	Digest      governance.Digest
	Bytes       []byte
	Publication *Publication
}

// publicationFile is what the file holds: what the register and the API tell everybody.
type publicationFile struct {
	Schema        string                   `json:"schema"`
	ID            governance.PublicationID `json:"id"`
	Specification string                   `json:"specification"` // its short name
	Edition       string                   `json:"edition"`       // its number
	Organization  filedOrganization        `json:"organization"`
	PublishedAt   string                   `json:"publishedAt"`
	ValidFrom     governance.Date          `json:"validFrom"`
	EnrolUntil    governance.Date          `json:"enrolUntil,omitempty"`
	AwardUntil    governance.Date          `json:"awardUntil,omitempty"`
	Digest        governance.Digest        `json:"digest"` // of document
	Document      json.RawMessage          `json:"document"`
	Ballot        governance.BallotID      `json:"ballot,omitempty"` // that approved the text
	Offers        []filedOffer             `json:"offers"`
	Statements    []filedStatement         `json:"statements"`
	Claims        []filedClaim             `json:"claims"`
	Stages        []filedStage             `json:"stages"`
	Balance       *Balance                 `json:"balance"`
}

type filedOrganization struct {
	ID        governance.OrganizationID `json:"id"`
	Slug      string                    `json:"slug"`
	LegalName string                    `json:"legalName"`
}

type filedOffer struct {
	ID           governance.OfferID    `json:"id"`
	Organization filedOrganization     `json:"organization"`
	Number       int                   `json:"number"`
	Digest       governance.Digest     `json:"digest"`
	Facts        governance.OfferFacts `json:"facts"`
}

type filedStatement struct {
	ID           governance.StatementID    `json:"id"`
	Kind         governance.StatementKind  `json:"kind"`
	Organization filedOrganization         `json:"organization"`
	Digest       governance.Digest         `json:"digest"`
	GivenAt      string                    `json:"givenAt"`
	ValidFrom    string                    `json:"validFrom,omitempty"`
	ValidUntil   string                    `json:"validUntil,omitempty"`
	Words        string                    `json:"words,omitempty"`
	Conditions   string                    `json:"conditions,omitempty"`
	Facts        governance.StatementFacts `json:"facts"`
	Signed       bool                      `json:"signed"`
}

type filedClaim struct {
	Kind        governance.ClaimKind     `json:"kind"`
	Path        string                   `json:"path"`
	Offer       governance.OfferID       `json:"offer,omitempty"`
	ConfirmedBy []governance.StatementID `json:"confirmedBy"`
}

type filedStage struct {
	Stage  governance.Stage `json:"stage"`
	At     string           `json:"at"`
	Reason string           `json:"reason,omitempty"`
}

func filed(o *Organization) filedOrganization {
	return filedOrganization{ID: o.ID, Slug: o.Slug, LegalName: o.LegalName}
}

// filePublication freezes the file of an edition that was published just now.
func (tx *Tx) filePublication(ctx context.Context, id governance.PublicationID) error {
	p, err := tx.onePublication(ctx, string(id), `p.id = $1`, id)
	if err != nil {
		return err
	}
	if err := tx.fillOrganizations(ctx, p.Organization); err != nil {
		return err
	}
	file, err := tx.describePublication(ctx, p, tx.now)
	if err != nil {
		return fmt.Errorf("describe publication %s: %w", id, err)
	}
	bytes, err := notary.Canonical(file)
	if err != nil {
		return fmt.Errorf("encode the file of publication %s: %w", id, err)
	}
	_, err = tx.exec(ctx, `INSERT INTO publication_files (publication_id, digest, bytes, created_at) VALUES ($1, $2, $3, $4)`,
		id, notary.Digest(bytes), bytes, tx.now)
	if err != nil {
		return fmt.Errorf("keep the file of publication %s: %w", id, err)
	}
	return nil
}

// describePublication reads what stood at an instant and may be told to everybody.
func (q *Query) describePublication(ctx context.Context, p *Publication, instant time.Time) (*publicationFile, error) {
	e, err := q.edition(ctx, p.EditionID)
	if err != nil {
		return nil, err
	}
	head := &Revision{ID: e.HeadID, Digest: e.HeadDigest}
	if err := q.fillDocuments(ctx, head); err != nil {
		return nil, err
	}
	file := &publicationFile{
		Schema: PublicationFileSchema, ID: p.ID, Specification: p.Slug, Edition: p.EditionNumber, Organization: filed(p.Organization),
		PublishedAt: formatTime(p.PublishedAt), ValidFrom: p.ValidFrom, Digest: p.Digest, Document: head.Bytes, Ballot: e.ApprovedBallotID,
		Offers: []filedOffer{}, Statements: []filedStatement{}, Claims: []filedClaim{}, Stages: []filedStage{},
	}
	if p.EnrolUntil != nil {
		file.EnrolUntil = *p.EnrolUntil
	}
	if p.AwardUntil != nil {
		file.AwardUntil = *p.AwardUntil
	}
	standing, err := q.standingAt(ctx, e, p, instant)
	if err != nil {
		return nil, err
	}
	file.stand(standing)
	stages, err := q.stagesOf(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range stages {
		file.Stages = append(file.Stages, filedStage{Stage: s.Stage, At: formatTime(s.From), Reason: s.Reason})
	}
	file.Balance, err = q.balance(ctx, balanceScope{editions: `SELECT w.id FROM editions w WHERE w.id = $1`, args: []any{e.ID}})
	return file, err
}

// stand puts into the file what stands.
func (f *publicationFile) stand(standing *PublicationStanding) {
	for _, o := range standing.Offers {
		f.Offers = append(f.Offers, filedOffer{ID: o.ID, Organization: filed(o.Organization), Number: o.Number, Digest: o.Digest, Facts: o.Facts})
	}
	for _, s := range standing.Statements {
		one := filedStatement{
			ID: s.ID, Kind: s.Kind, Organization: filed(s.Organization), Digest: s.Digest, GivenAt: formatTime(*s.AnsweredAt),
			Words: s.Words, Conditions: s.Conditions, Facts: s.StatementFacts, Signed: s.Signed(),
		}
		if s.ValidFrom != nil {
			one.ValidFrom = formatTime(*s.ValidFrom)
		}
		if s.ValidUntil != nil {
			one.ValidUntil = formatTime(*s.ValidUntil)
		}
		f.Statements = append(f.Statements, one)
	}
	for _, c := range standing.Claims {
		one := filedClaim{Kind: c.Kind, Path: c.Path, Offer: c.OfferID, ConfirmedBy: []governance.StatementID{}}
		for _, s := range c.ConfirmedBy {
			one.ConfirmedBy = append(one.ConfirmedBy, s.ID)
		}
		f.Claims = append(f.Claims, one)
	}
}

// PublicationFile reads a publication's file: public. Nil for what was published before files were kept.
func (db *DB) PublicationFile(ctx context.Context, p *Publication) (file *PublicationFile, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := q.publicationFiles(ctx, p)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			file = found[0]
		}
		return nil
	})
	return file, err
}

// publicationFiles reads the file of a publication; none of what was published before files were kept.
func (q *Query) publicationFiles(ctx context.Context, p *Publication) ([]*PublicationFile, error) {
	found, err := collect(ctx, q, func(row scanner) (*PublicationFile, error) {
		f := PublicationFile{Publication: p}
		return &f, row.Scan(&f.Digest, &f.Bytes)
	}, `SELECT digest, bytes FROM publication_files WHERE publication_id = $1`, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read the file of publication %s: %w", p.ID, err)
	}
	return found, nil
}
