package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// linkKeySetting is where the key lies that the links of invitations are signed with. It is made with the first
// invitation; taking it away makes every link that is out worthless, and the next invitation makes another one.
const linkKeySetting = "mandate-link-key"

// linkKey reads that key; nil before there is one.
func (q *Query) linkKey(ctx context.Context) ([]byte, error) {
	var kept string
	err := q.queryRow(ctx, `SELECT value FROM settings WHERE name = $1`, linkKeySetting).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of links: %w", err)
	}
	key, err := base64.RawStdEncoding.DecodeString(kept)
	if err != nil || len(key) != sha256.Size {
		return nil, fmt.Errorf("the setting %s is no key", linkKeySetting)
	}
	return key, nil
}

// requireLinkKey makes the key where there is none.
func (tx *Tx) requireLinkKey(ctx context.Context) error {
	_, err := tx.exec(ctx, `
		INSERT INTO settings (name, value, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (name) DO NOTHING`,
		linkKeySetting, base64.RawStdEncoding.EncodeToString(tx.randomBytes(sha256.Size)), tx.now)
	if err != nil {
		return fmt.Errorf("keep the key of links: %w", err)
	}
	return nil
}

// token is what the invitation's link ends in: its id, and a proof that we made it for exactly what is offered.
func (i *MandateInvitation) token(key []byte) string { return string(i.ID) + "." + i.proof(key) }

// proof signs what is offered, to whom and until when. Whoever changes a row makes another link of it.
func (i *MandateInvitation) proof(key []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "invitation to a mandate\n%s\n%s\n%s\n%s\n%s\n%t\n%s\n%s",
		i.ID, i.Organization.ID, i.Role, instantOrNone(i.FromAt), instantOrNone(i.UntilAt), i.ByLink, i.invitedBy, formatTime(i.ExpiresAt))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func instantOrNone(t *time.Time) string {
	if t == nil {
		return "none"
	}
	return formatTime(*t)
}

// prove notes that the reader has shown the link. One that we did not make is NOT_FOUND, as is any invitation that is
// none.
func (q *Query) prove(ctx context.Context, i *MandateInvitation, proof string) error {
	key, err := q.linkKey(ctx)
	if err != nil {
		return err
	}
	if key == nil || subtle.ConstantTimeCompare([]byte(proof), []byte(i.proof(key))) != 1 {
		return governance.NotFound("invitation", string(i.ID))
	}
	i.proven = true
	return nil
}

// invitationNamed is an invitation as somebody names it: by its id, or by its link.
type invitationNamed struct {
	id    governance.InvitationID
	proof string // of the link; empty: by its id
}

// nameInvitation reads how an invitation is named; for a token the whole link may be given. Errors: INVALID where neither or both are given, NOT_FOUND for a token
// that is none.
func nameInvitation(id governance.InvitationID, token string) (invitationNamed, error) {
	if (id == "") == (token == "") {
		return invitationNamed{}, governance.Invalid("input.invitation", "invitation-ambiguous",
			"An invitation is named by its id, or by the token of its link.")
	}
	if token == "" {
		return invitationNamed{id: id}, nil
	}
	named, proof, _ := strings.Cut(token[strings.LastIndexByte(token, '/')+1:], ".")
	if CheckID("input.token", named) != nil || proof == "" {
		return invitationNamed{}, governance.Refuse(governance.CodeNotFound, "not-found", "There is no invitation at this link.")
	}
	return invitationNamed{governance.InvitationID(named), proof}, nil
}
