package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// SignatureInput is what an organization's own key signed.
type SignatureInput struct {
	PreparedAt time.Time // as prepareStatement answered it
	JWS        string    // compact; its payload may be left out
}

// longestPreparation is how long after its preparation a statement may still be given.
const longestPreparation = 24 * time.Hour

// preparation is a statement that is about to be given, in the exact bytes that a key signs.
type preparation struct {
	at          time.Time
	key         *Key
	keyID       string // DID URL
	bytes       []byte
	list, index int // of its bit in the status lists
}

// at is the moment from which a statement that is given now counts its times: when it was prepared, or now.
func (s *SignatureInput) at(now time.Time) time.Time {
	if s == nil {
		return now
	}
	return s.PreparedAt.UTC()
}

// SettingPublicURL is the name under which the base of every identifier is kept.
const SettingPublicURL = "public-url"

// prepare makes the bytes of a statement under the key with which its organization signs now; nil where it signs with none.
func (db *DB) prepare(ctx context.Context, q *Query, s *Statement, at time.Time) (*preparation, error) {
	return db.prepareIn(ctx, q, statementLists, toSign{organization: s.Organization, id: string(s.ID), at: at,
		credential: func(issuer string, status *notary.StatusEntry) ([]byte, error) {
			credential := credentialOf(s, db.signing.PublicURL, at)
			credential.Issuer.DID, credential.Status = issuer, status
			return credential.Credential()
		}})
}

// toSign is something that an organization is about to say.
type toSign struct {
	organization *Organization
	id           string // of what is said
	at           time.Time
	// credential makes the bytes, once the organization's name is known, with its DID and the place in the status lists.
	credential func(issuer string, status *notary.StatusEntry) ([]byte, error)
}

// prepareIn makes the bytes of what an organization is about to say under the key with which it signs now; nil where it
// signs with none.
func (db *DB) prepareIn(ctx context.Context, q *Query, lists statusLists, s toSign) (*preparation, error) {
	key, err := q.signingKey(ctx, s.organization.ID)
	if err != nil || key == nil {
		return nil, err
	}
	if err := q.fillOrganizations(ctx, s.organization); err != nil {
		return nil, err
	}
	p := preparation{at: s.at, key: key, index: statusIndex(s.id)}
	if p.list, err = q.freeStatus(ctx, lists, p.index); err != nil {
		return nil, err
	}
	did, err := notary.DIDOf(OrganizationURL(db.signing.PublicURL, s.organization.Slug))
	if err != nil {
		return nil, err
	}
	p.keyID = notary.KeyID(did, key.PublicKey)
	p.bytes, err = s.credential(did, &notary.StatusEntry{List: lists.url(db.signing.PublicURL, p.list), Index: p.index})
	return &p, err
}

// OrganizationURL is the address of an organization's documents.
func OrganizationURL(base, slug string) string { return base + "/orgs/" + slug }

// statementNames say what a statement is, for wallets.
var statementNames = map[governance.StatementKind]string{
	governance.StatementEndorsement: "Endorsement", governance.StatementRecognition: "Recognition",
	governance.StatementNqfInclusion: "Inclusion in a qualifications framework", governance.StatementCreditTowards: "Credit towards a qualification",
	governance.StatementExemption: "Exemption", governance.StatementLicencePart: "Part of a licence",
	governance.StatementAccreditation: "Accreditation", governance.StatementEquivalence: "Equivalence",
	governance.StatementOpinion: "Opinion", governance.StatementDissent: "Minority statement",
}

// credentialOf is a statement as it is signed, without its issuer's DID and its place in the status lists.
func credentialOf(s *Statement, base string, at time.Time) notary.Statement {
	hex := strings.TrimPrefix(string(s.Digest), "sha256:")
	c := notary.Statement{
		ID: base + "/statements/" + string(s.ID), Kind: s.Kind, Name: statementNames[s.Kind] + " by " + s.Organization.LegalName,
		Issuer: notary.Issuer{Name: s.Organization.LegalName}, Comment: s.Words, From: at, Until: s.ValidUntil,
		Subject: notary.Resource{
			URI: base + "/register/sha256/" + hex, File: base + "/register/sha256/" + hex + "/document.json", Digest: s.Digest,
		},
		Terms: said(map[string]string{
			"conditions": s.Conditions, "ballot": string(s.BallotID), "framework": s.Framework, "level": s.Level,
			"credits": string(s.Credits), "creditSystem": s.System, "target": string(s.Target), "targetDigest": string(s.TargetDigest),
			"decision": string(s.StatementFacts.URI),
		}),
	}
	if s.OfferID != "" {
		c.Subject.URI = base + "/offers/" + string(s.OfferID) + "/" + hex
		c.Subject.File = c.Subject.URI
	}
	if c.Comment == "" {
		c.Comment = s.Conditions
	}
	if s.ValidFrom != nil {
		c.From = *s.ValidFrom
	}
	return c
}

// maker prepares what the actor may say now, as of a moment; nil: it is signed with no key. Refusals are governance.Error.
type maker func(ctx context.Context, q *Query, at time.Time) (*preparation, error)

// ofStatement prepares the statement that may be given.
func (db *DB) ofStatement(permitted func(ctx context.Context, q *Query, at time.Time) (*Statement, error)) maker {
	return func(ctx context.Context, q *Query, at time.Time) (*preparation, error) {
		s, err := permitted(ctx, q, at)
		if err != nil {
			return nil, err
		}
		return db.prepare(ctx, q, s, at)
	}
}

// prepared has something prepared as of now, to the second.
func (db *DB) prepared(ctx context.Context, prepare maker) (p *preparation, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		p, err = prepare(ctx, q, q.now.Truncate(time.Second))
		return err
	})
	return p, err
}

// signature is what the organization's own key signed, or has the key that the platform keeps for it sign, before and
// outside the step's transaction. Nil: nothing is signed here, or what is prepared cannot be said; the step says which.
func (db *DB) signature(ctx context.Context, given *SignatureInput, prepare maker) (*SignatureInput, error) {
	if given != nil {
		return given, nil
	}
	p, err := db.prepared(ctx, prepare)
	if governance.CodeOf(err) != "" {
		return nil, nil
	}
	if err != nil || p == nil || p.key.Custody == governance.CustodyOwn {
		return nil, err
	}
	if db.signing.Vault == nil {
		return nil, errNoVault
	}
	private, err := db.signing.Vault.Open(p.key.sealed, p.key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("open the key of %s: %w", p.key.Organization, err)
	}
	jws, err := notary.SignCredential(p.bytes, p.keyID, private)
	return &SignatureInput{PreparedAt: p.at, JWS: jws}, err
}

// sign holds what was signed against the statement as it is about to be written, and answers it complete; empty where the
// organization has no key. CONFLICT where its own key is to sign first and for what was prepared too long ago; INVALID
// where something else was signed, or with another key.
func (tx *Tx) sign(ctx context.Context, s *Statement, signature *SignatureInput) (*signed, error) {
	p, err := tx.db.prepare(ctx, tx.Query, s, signature.at(tx.now))
	if err != nil {
		return nil, err
	}
	return tx.accept(p, signature)
}

// accept holds what was signed against what was prepared under the step's lock, and answers it complete; see sign.
func (tx *Tx) accept(p *preparation, signature *SignatureInput) (*signed, error) {
	switch {
	case p == nil && signature == nil:
		return nil, nil
	case p == nil:
		return nil, governance.Invalid("input.signature", "no-key", "The organization has registered no key.")
	case signature == nil && p.key.Custody == governance.CustodyOwn:
		return nil, governance.Refuse(governance.CodeConflict, "sign-outside",
			"The organization keeps its key itself: sign what is prepared, and give it with the signature.")
	case signature == nil:
		return nil, governance.Refuse(governance.CodeConflict, "raced", "Somebody else did the same at this moment; read again.")
	case p.at.After(tx.now), p.at.Before(tx.now.Add(-longestPreparation)), p.at.Before(p.key.CreatedAt.Truncate(time.Second)):
		return nil, governance.Refuse(governance.CodeConflict, "preparation-old", "Prepare it again: this was not prepared under the key in use, in the last {hours} hours.",
			"hours", "24")
	}
	jwt, err := notary.CompleteCredential(signature.JWS, p.bytes, p.keyID, p.key.PublicKey)
	if refusal, ok := errors.AsType[*governance.Error](err); ok {
		moved := *refusal
		moved.Field = "input.signature.jws"
		return nil, &moved
	}
	if err != nil {
		return nil, err
	}
	return &signed{preparation: p, jwt: jwt}, nil
}

// signed is a statement with its signature.
type signed struct {
	*preparation
	jwt string
}

// digest names what was signed, for the act; none where nothing was.
func (s *signed) digest(digests map[string]governance.Digest) map[string]governance.Digest {
	if s != nil {
		digests["credential"] = notary.Digest([]byte(s.jwt))
	}
	return digests
}

// insertSignature keeps what was signed of a statement whose row is written; nothing where nothing was.
func (tx *Tx) insertSignature(ctx context.Context, id governance.StatementID, s *signed) error {
	if s == nil {
		return nil
	}
	_, err := tx.exec(ctx, `
		INSERT INTO statement_signatures (statement_id, key_id, status_list, status_index, prepared_at, credential, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, s.key.ID, s.list, s.index, s.at, s.jwt, tx.now)
	if err != nil {
		return fmt.Errorf("keep the signature of %s: %w", id, err)
	}
	return nil
}

// inWords says in an act whether something is signed.
func inWords(signed bool) string {
	if signed {
		return "yes"
	}
	return "no"
}

// PrepareStatementInput is what prepareStatement takes: one of the two.
type PrepareStatementInput struct {
	Endorsement *GiveEndorsementInput
	Statement   *GiveStatementInput
}

// PreparedStatement is a statement in the exact bytes that a key signs.
type PreparedStatement struct {
	PreparedAt   time.Time
	Custody      governance.Custody
	KeyID        string            // DID URL of the key that is to sign
	Credential   string            // canonical JSON
	SigningInput string            // what the key signs: the header and the credential of a JWS
	Digest       governance.Digest // of SigningInput
}

// PrepareStatement answers what a key is to sign of an endorsement or another statement that the actor may give. Errors:
// those of GiveEndorsement and GiveStatement; CONFLICT where the organization has no key; INVALID without the id of another
// statement than an endorsement, which is a part of what is signed.
func (db *DB) PrepareStatement(ctx context.Context, actor governance.Actor, in PrepareStatementInput) (*PreparedStatement, error) {
	var permitted func(ctx context.Context, q *Query, at time.Time) (*Statement, error)
	switch {
	case (in.Endorsement == nil) == (in.Statement == nil):
		return nil, governance.Invalid("input", "one-of-two", "Give either an endorsement or another statement.")
	case in.Endorsement != nil:
		if err := in.Endorsement.check(); err != nil {
			return nil, err
		}
		permitted = func(ctx context.Context, q *Query, at time.Time) (*Statement, error) {
			return q.permittedEndorsement(ctx, actor, *in.Endorsement, at)
		}
	default:
		if err := in.Statement.check(); err != nil {
			return nil, err
		}
		if in.Statement.ID == "" {
			return nil, governance.Invalid("input.statement.id", "field-missing", "Its id is a part of what is signed: make one.")
		}
		permitted = func(ctx context.Context, q *Query, _ time.Time) (*Statement, error) {
			return q.permittedStatement(ctx, actor, *in.Statement)
		}
	}
	return db.toBeSigned(ctx, db.ofStatement(permitted))
}

// toBeSigned answers what a key is to sign of what is prepared. CONFLICT where the organization has no key.
func (db *DB) toBeSigned(ctx context.Context, prepare maker) (*PreparedStatement, error) {
	p, err := db.prepared(ctx, prepare)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, governance.Refuse(governance.CodeConflict, "no-key", "The organization signs with no key: register one.")
	}
	input, err := notary.SigningInput(p.bytes, p.keyID)
	if err != nil {
		return nil, err
	}
	return &PreparedStatement{
		PreparedAt: p.at, Custody: p.key.Custody, KeyID: p.keyID, Credential: string(p.bytes), SigningInput: input,
		Digest: notary.Digest([]byte(input)),
	}, nil
}

// StatementCredential reads what was signed of a statement that the actor was shown; empty where it is unsigned.
func (db *DB) StatementCredential(ctx context.Context, id governance.StatementID) (jwt string, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, func(row scanner) (string, error) {
			var one string
			return one, row.Scan(&one)
		}, `SELECT credential FROM statement_signatures WHERE statement_id = $1`, id)
		if err != nil || len(found) == 0 {
			return err
		}
		jwt = found[0]
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read the credential of %s: %w", id, err)
	}
	return jwt, nil
}
