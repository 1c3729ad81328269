package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
)

// Object is what an act is about: a kind in the words of the process ("NEED", "BALLOT") and an id.
type Object struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Act is anything official that happened. Id, time, acting organization, random bytes and how the person had
// authenticated are added when it is appended.
type Act struct {
	Type    string                       // what happened: "NEED_PROPOSED"
	Object  Object                       // what it happened to
	Root    root                         // under which it is listed; the step's only root if it is not named
	Role    governance.Role              // in which the person acted; empty: it spoke for itself
	Digests map[string]governance.Digest // of the exact things that it binds to: "document", "charter"
	Words   map[string]string            // of the process, for good in the act: the position taken, the outcome
	Texts   map[string]string            // free text and names; kept in rows that can be erased, salted digests in the act
}

// What stands in an act in the place of a role where no person took the step.
const (
	roleClock   governance.Role = "CLOCK"
	roleCommand governance.Role = "COMMAND"
)

// actBody is an act as it is logged, for ever.
type actBody struct {
	Schema         string                       `json:"schema"`
	ID             string                       `json:"id"`
	Time           string                       `json:"time"`
	Type           string                       `json:"type"`
	Organization   string                       `json:"organization,omitempty"`
	Role           governance.Role              `json:"role,omitempty"`
	Person         governance.Digest            `json:"person,omitempty"` // salted
	Object         Object                       `json:"object"`
	Digests        map[string]governance.Digest `json:"digests,omitempty"`
	Words          map[string]string            `json:"words,omitempty"`
	Texts          map[string]governance.Digest `json:"texts,omitempty"` // salted
	Random         string                       `json:"random"`          // 16 bytes in hexadecimal
	Authentication *authentication              `json:"authentication,omitempty"`
}

// authentication is how the person had proved who it is.
type authentication struct {
	Issuer string `json:"issuer"`
	ACR    string `json:"acr,omitempty"`
	Time   string `json:"time,omitempty"`
}

const actSchema = "concordat/act/1"

// salted is a text that can be erased without breaking what refers to it.
type salted struct {
	Salt string `json:"salt"`
	Text string `json:"text"`
}

// digest names the salted text.
func (s salted) digest() (governance.Digest, error) {
	canonical, err := notary.Canonical(s)
	if err != nil {
		return "", fmt.Errorf("digest a salted text: %w", err)
	}
	return notary.Digest(canonical), nil
}

// loggedAct is an act on its way to its leaf.
type loggedAct struct {
	id     string
	digest governance.Digest
}

// leafHash is the RFC 6962 leaf hash, in hexadecimal, of the SHA-256 of an act's bytes: a leaf is the digest, so that
// the log can be served without the acts.
func leafHash(digest governance.Digest) (string, error) {
	sum, err := hex.DecodeString(strings.TrimPrefix(string(digest), "sha256:"))
	if err != nil || len(sum) != 32 {
		return "", fmt.Errorf("the digest %q of an act is malformed", digest)
	}
	hash := tlog.RecordHash(sum)
	return hex.EncodeToString(hash[:]), nil
}

// appendAct writes an act. Its leaf follows: in the same transaction on SQLite, within 100 ms on PostgreSQL.
func (tx *Tx) appendAct(ctx context.Context, a Act) (governance.ActID, error) {
	if a.Root.id == "" && len(tx.roots) == 1 {
		a.Root = tx.roots[0]
	}
	if a.Type == "" || a.Object.Kind == "" || a.Object.ID == "" || a.Root.id == "" {
		return "", fmt.Errorf("append act %q: type, object and root are needed", a.Type)
	}
	body := tx.describe(a)
	person, err := tx.sealPerson(&body)
	if err != nil {
		return "", fmt.Errorf("append act %s: %w", a.Type, err)
	}
	texts, err := tx.sealTexts(&body, a.Texts)
	if err != nil {
		return "", fmt.Errorf("append act %s: %w", a.Type, err)
	}
	if err := tx.insertAct(ctx, a, body); err != nil {
		return "", fmt.Errorf("append act %s: %w", a.Type, err)
	}
	if err := tx.insertSealed(ctx, body.ID, person, texts); err != nil {
		return "", fmt.Errorf("append act %s: %w", a.Type, err)
	}
	return governance.ActID(body.ID), nil
}

// describe fills in what the step knows about an act.
func (tx *Tx) describe(a Act) actBody {
	body := actBody{
		Schema: actSchema, ID: tx.newID(), Time: formatTime(tx.now), Type: a.Type, Role: a.Role,
		Organization: string(tx.actor.Organization), Object: a.Object, Digests: a.Digests, Words: a.Words,
		Random: hex.EncodeToString(tx.randomBytes(16)),
	}
	if tx.actor.Clock {
		body.Role = roleClock
		return body
	}
	if tx.actor.Command {
		body.Role = roleCommand
		return body
	}
	body.Authentication = &authentication{Issuer: tx.actor.Issuer, ACR: tx.actor.ACR}
	if !tx.actor.AuthenticatedAt.IsZero() {
		body.Authentication.Time = formatTime(tx.actor.AuthenticatedAt)
	}
	return body
}

// sealPerson puts the salted digest of the person into the act.
func (tx *Tx) sealPerson(body *actBody) (salted, error) {
	if tx.actor.Person == "" {
		return salted{}, nil
	}
	person := salted{Salt: hex.EncodeToString(tx.randomBytes(16)), Text: string(tx.actor.Person)}
	digest, err := person.digest()
	body.Person = digest
	return person, err
}

// sealTexts puts the salted digests of the texts into the act.
func (tx *Tx) sealTexts(body *actBody, texts map[string]string) (map[string]salted, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	body.Texts = make(map[string]governance.Digest, len(texts))
	sealed := make(map[string]salted, len(texts))
	for _, name := range sortedKeys(texts) {
		one := salted{Salt: hex.EncodeToString(tx.randomBytes(16)), Text: texts[name]}
		digest, err := one.digest()
		if err != nil {
			return nil, err
		}
		body.Texts[name], sealed[name] = digest, one
	}
	return sealed, nil
}

// insertAct writes the act's row and puts it in the way of its leaf.
func (tx *Tx) insertAct(ctx context.Context, a Act, body actBody) error {
	canonical, err := notary.Canonical(body)
	if err != nil {
		return err
	}
	digest := notary.Digest(canonical)
	_, err = tx.exec(ctx, `
		INSERT INTO acts (
			id, created_at, type, object_kind, object_id, root_kind, root_id, organization_id, role, digest, body
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		body.ID, tx.now, a.Type, a.Object.Kind, a.Object.ID, a.Root.noun(), a.Root.id,
		body.Organization, body.Role, digest, string(canonical))
	if err != nil {
		return err
	}
	tx.acts = append(tx.acts, loggedAct{id: body.ID, digest: digest})
	if tx.db.group != nil {
		return nil // the group commit appends the leaf
	}
	_, err = tx.exec(ctx, `INSERT INTO act_queue (act_id) VALUES ($1)`, body.ID)
	return err
}

// insertSealed writes what can be erased beside the act.
func (tx *Tx) insertSealed(ctx context.Context, act string, person salted, texts map[string]salted) error {
	if person.Text != "" {
		_, err := tx.exec(ctx, `INSERT INTO act_people (act_id, person_id, salt) VALUES ($1, $2, $3)`,
			act, person.Text, person.Salt)
		if err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(texts) {
		_, err := tx.exec(ctx, `INSERT INTO act_texts (act_id, name, salt, text) VALUES ($1, $2, $3, $4)`,
			act, name, texts[name].Salt, texts[name].Text)
		if err != nil {
			return err
		}
	}
	return nil
}
