package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// PublicationURL is the address of what was signed of a publication.
func PublicationURL(base string, id governance.PublicationID) string {
	return base + "/publications/" + string(id) + "/credential"
}

// announcement is a publication as it is signed.
type announcement struct {
	id          governance.PublicationID
	edition     *Edition
	document    governance.Document
	offer       governance.OfferID
	offerDigest governance.Digest
	council     *Organization
	dates       [3]governance.Date // valid from, enrol until, award until
}

// credential is the announcement, without its issuer's DID and its place in the status lists.
func (a announcement) credential(publisher *Organization, base string, at time.Time) notary.Publication {
	language := string(a.document.PrimaryLanguage())
	hex := strings.TrimPrefix(string(a.edition.HeadDigest), "sha256:")
	text := base + "/register/sha256/" + hex
	offer := base + "/offers/" + string(a.offer) + "/" + strings.TrimPrefix(string(a.offerDigest), "sha256:")
	return notary.Publication{
		ID: PublicationURL(base, a.id), Issuer: notary.Issuer{Name: publisher.LegalName},
		Text:  notary.Resource{URI: text, File: text + "/document.json", Digest: a.edition.HeadDigest},
		Offer: notary.Resource{URI: offer, File: offer, Digest: a.offerDigest},
		Title: a.document.Title[language], Summary: a.document.Summary[language], Language: language, Number: a.edition.Number, From: at,
		Terms: said(map[string]string{
			"ballot": string(a.edition.ApprovedBallotID), "council": OrganizationURL(base, a.council.Slug),
			"awardFrom": string(a.dates[0]), "enrolUntil": string(a.dates[1]), "awardUntil": string(a.dates[2]),
		}),
	}
}

// announce reads what is signed of an edition that is published with an offer.
func (q *Query) announce(ctx context.Context, a announcement) (announcement, error) {
	var err error
	if a.document, err = q.document(ctx, a.edition.HeadID, a.edition.HeadDigest); err != nil {
		return a, err
	}
	a.council = &Organization{ID: a.edition.CouncilID}
	return a, q.fillOrganizations(ctx, a.council)
}

// preparePublication makes the bytes of a publication under the key with which its publisher signs now; nil where it signs
// with none.
func (db *DB) preparePublication(
	ctx context.Context, q *Query, e *Edition, offer *Offer, in PublishEditionInput, at time.Time,
) (*preparation, error) {
	a, err := q.announce(ctx, announcement{id: in.ID, edition: e, offer: offer.ID, offerDigest: offer.Digest,
		dates: [3]governance.Date{in.ValidFrom, in.EnrolUntil, in.AwardUntil}})
	if err != nil {
		return nil, err
	}
	publisher := &Organization{ID: offer.Organization.ID}
	return db.prepareIn(ctx, q, publicationLists, toSign{organization: publisher, id: string(in.ID), at: at,
		credential: func(issuer string, status *notary.StatusEntry) ([]byte, error) {
			credential := a.credential(publisher, db.signing.PublicURL, at)
			credential.Issuer.DID, credential.Status = issuer, status
			return credential.Credential()
		}})
}

// permittedPublication prepares a publication that the actor may make, as it would be made now.
func (db *DB) permittedPublication(actor governance.Actor, in PublishEditionInput) maker {
	return func(ctx context.Context, q *Query, at time.Time) (*preparation, error) {
		e, err := q.edition(ctx, in.Edition)
		if err != nil {
			return nil, err
		}
		s, err := q.editionSubject(ctx, actor, e)
		if err != nil {
			return nil, err
		}
		if err := s.with(publishingNeeds(e, in)).permit(ctx, governance.PublishEdition); err != nil {
			return nil, err
		}
		if err := q.checkDates(ctx, e, in); err != nil {
			return nil, err
		}
		offer, err := q.offerOf(ctx, e.ID, s.standing.organization)
		if err != nil {
			return nil, err
		}
		return db.preparePublication(ctx, q, e, offer, in, at)
	}
}

// PreparePublication answers what a key is to sign of a publication that the actor may make. Errors: those of
// PublishEdition; CONFLICT where the provider has no key; INVALID without the publication's id, which is a part of what is
// signed.
func (db *DB) PreparePublication(ctx context.Context, actor governance.Actor, in PublishEditionInput) (*PreparedStatement, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, governance.Invalid("input.id", "field-missing", "Its id is a part of what is signed: make one.")
	}
	return db.toBeSigned(ctx, db.permittedPublication(actor, in))
}

// insertPublicationSignature keeps what was signed of a publication whose row is written; nothing where nothing was.
func (tx *Tx) insertPublicationSignature(ctx context.Context, id governance.PublicationID, s *signed) error {
	if s == nil {
		return nil
	}
	_, err := tx.exec(ctx, `
		INSERT INTO publication_signatures (publication_id, key_id, status_list, status_index, prepared_at, credential, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, s.key.ID, s.list, s.index, s.at, s.jwt, tx.now)
	if err != nil {
		return fmt.Errorf("keep the signature of %s: %w", id, err)
	}
	return nil
}

// PublicationSignature is what a publisher signed of its publication.
type PublicationSignature struct {
	Credential string // vc+jwt
	Key        *Key   // that signed it
	SignedAt   time.Time
	Believed   bool // the key was not revoked as of a moment before
}

// PublicationSignature reads what was signed of a publication: public. Nil where it was published unsigned.
func (db *DB) PublicationSignature(ctx context.Context, id governance.PublicationID) (signature *PublicationSignature, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		var keyID string
		found, err := collect(ctx, q, func(row scanner) (*PublicationSignature, error) {
			var s PublicationSignature
			return &s, row.Scan(&s.Credential, &keyID, at(&s.SignedAt))
		}, `SELECT credential, key_id, prepared_at FROM publication_signatures WHERE publication_id = $1`, id)
		if err != nil || len(found) == 0 {
			return err
		}
		keys, err := collect(ctx, q, scanKey, `SELECT `+keyColumns+` FROM keys WHERE id = $1`, keyID)
		if err != nil || len(keys) == 0 {
			return err
		}
		signature = found[0]
		signature.Key = keys[0]
		signature.Believed = signature.Key.RevokedFrom == nil || signature.Key.RevokedFrom.After(signature.SignedAt)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the signature of publication %s: %w", id, err)
	}
	return signature, nil
}

// announced reads what a publication's row and its file say that was signed.
func (q *Query) announced(ctx context.Context, p *Publication) (announcement, error) {
	a := announcement{id: p.ID, offer: p.OfferID, dates: [3]governance.Date{p.ValidFrom}}
	for i, date := range []*governance.Date{p.EnrolUntil, p.AwardUntil} {
		if date != nil {
			a.dates[i+1] = *date
		}
	}
	files, err := q.publicationFiles(ctx, p)
	if err != nil {
		return a, err
	}
	for _, file := range files {
		var filed publicationFile
		if err := json.Unmarshal(file.Bytes, &filed); err != nil {
			return a, fmt.Errorf("read the file of publication %s: %w", p.ID, errStored{err})
		}
		for _, offer := range filed.Offers {
			if offer.ID == p.OfferID {
				a.offerDigest = offer.Digest
			}
		}
	}
	if a.edition, err = q.edition(ctx, p.EditionID); err != nil {
		return a, err
	}
	return q.announce(ctx, a)
}
