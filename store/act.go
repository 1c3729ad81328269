package store

import (
	"context"
	"encoding/hex"
	"fmt"

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

// leafHash is an act's leaf hash as the tables keep it, in hexadecimal.
func leafHash(digest governance.Digest) (string, error) {
	hash, err := notary.LeafHash(digest)
	return hex.EncodeToString(hash[:]), err
}

// appendAct gives an act to the transaction, which writes it before it ends and before any statement that reads acts.
// Its leaf follows: in the same transaction on SQLite, within 100 ms on PostgreSQL.
func (tx *Tx) appendAct(_ context.Context, a Act) (governance.ActID, error) {
	if a.Root.id == "" && len(tx.roots) == 1 {
		a.Root = tx.roots[0]
	}
	if a.Type == "" || a.Object.Kind == "" || a.Object.ID == "" || a.Root.id == "" {
		return "", fmt.Errorf("append act %q: type, object and root are needed", a.Type)
	}
	act := &loggedAct{act: a, body: tx.describe(a), at: tx.now}
	if tx.actor.Person != "" {
		act.person = salted{Salt: hex.EncodeToString(tx.randomBytes(16)), Text: string(tx.actor.Person)}
	}
	for _, name := range sortedKeys(a.Texts) {
		if err := checkText(a.Texts[name]); err != nil {
			return "", fmt.Errorf("append act %s: %w", a.Type, err)
		}
		act.texts = append(act.texts, namedText{name, salted{hex.EncodeToString(tx.randomBytes(16)), a.Texts[name]}})
	}
	tx.wrote = true
	tx.acts++
	tx.log.add(act)
	return governance.ActID(act.body.ID), nil
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
