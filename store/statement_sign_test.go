package store_test

import (
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// asksForTheCouncil is a charter that asks for the council's endorsement, for a month.
func asksForTheCouncil(c *governance.Charter) {
	c.Endorsements = []governance.RequiredEndorsement{{By: governance.EndorsedByCouncil, AtLeast: 1, ValidDays: 30}}
}

// signs has the database sign, and gives an organization a key: its own, or one that the platform keeps.
func (v *vote) signs(slug, public string) governance.KeyID {
	v.t.Helper()
	storetest.Sign(v.t, v.DB)
	_, err := v.DB.KeepSetting(v.t.Context(), store.SettingPublicURL, storetest.PublicURL)
	require.NoError(v.t, err)
	id, err := v.DB.RegisterKey(v.t.Context(), v.As(slug, governance.RoleRepresentative),
		store.RegisterKeyInput{Organization: v.Organizations[slug], PublicKey: public})
	require.NoError(v.t, err)
	return id
}

// verified is what was signed of a statement, checked with the organization's published keys alone.
func (v *vote) verified(id governance.StatementID, slug string) map[string]any {
	v.t.Helper()
	jwt, err := v.DB.StatementCredential(v.t.Context(), id)
	require.NoError(v.t, err)
	keys, err := v.DB.PublishedKeys(v.t.Context(), v.Organizations[slug])
	require.NoError(v.t, err)
	did, err := notary.DIDOf(store.OrganizationURL(storetest.PublicURL, slug))
	require.NoError(v.t, err)
	verified, err := notary.VerifyCredential(jwt, notary.DIDDocumentOf(did, keys).Find)
	require.NoError(v.t, err)
	var said map[string]any
	require.NoError(v.t, json.Unmarshal(verified.Payload, &said))
	return said
}

func (v *vote) problems() []string {
	v.t.Helper()
	problems, err := v.DB.Check(v.t.Context())
	require.NoError(v.t, err)
	var found []string
	for _, p := range problems {
		found = append(found, p.String())
	}
	return found
}

// revoked says what a statement's bit in the status list is that its credential names.
func (v *vote) revoked(said map[string]any) bool {
	v.t.Helper()
	status := said["credentialStatus"].(map[string]any)
	assert.Equal(v.t, storetest.PublicURL+"/status/1", status["statusListCredential"])
	list, _, err := v.DB.StatusList(v.t.Context(), 1)
	require.NoError(v.t, err)
	index, err := json.Number(status["statusListIndex"].(string)).Int64()
	require.NoError(v.t, err)
	return list.Revoked(int(index))
}

func TestAnEndorsementIsSignedWithTheKeyThatThePlatformKeeps(t *testing.T) {
	eachVote(t, asksForTheCouncil, func(v *vote) {
		v.approved()
		id, other := v.ask("council"), v.ask("union-a")
		v.signs("council", "")
		in := store.GiveEndorsementInput{Statement: id, Digest: v.digest, Conditions: "Until the standard changes.", IdempotencyKey: "once"}
		for range 2 {
			_, err := v.DB.GiveEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative), in)
			require.NoError(v.t, err)
		}
		assert.Equal(v.t, governance.StageEndorsed, v.stage())
		given := v.statement(id)
		require.True(v.t, given.Signed())
		assert.Equal(v.t, governance.CustodyPlatform, *given.Custody)
		require.NoError(v.t, v.endorse(other, "union-a"))
		assert.False(v.t, v.statement(other).Signed(), "a body without a key stays unsigned and says so")

		said := v.verified(id, "council")
		page := storetest.PublicURL + "/register/sha256/" + strings.TrimPrefix(string(v.digest), "sha256:")
		subject := said["credentialSubject"].(map[string]any)
		assert.Equal(v.t, []any{page, "ENDORSEMENT", "Until the standard changes."}, []any{subject["id"], subject["statementKind"], subject["endorsementComment"]})
		assert.Equal(v.t, page+"/document.json", said["relatedResource"].([]any)[0].(map[string]any)["id"])
		assert.Equal(v.t, given.ValidUntil.Format(time.RFC3339), said["validUntil"])
		assert.Equal(v.t, storetest.PublicURL+"/statements/"+string(id), said["id"])
		assert.False(v.t, v.revoked(said))
		assert.Empty(v.t, v.problems())

		_, err := v.DB.RevokeEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative),
			store.RevokeEndorsementInput{Statement: id, Reason: "a mistake"})
		require.NoError(v.t, err)
		assert.True(v.t, v.revoked(said))
		assert.Empty(v.t, v.problems())
		_, _, err = v.DB.StatusList(v.t.Context(), 2)
		refused(v.t, err, governance.CodeNotFound, "not-found")
	})
}

func TestAStatementIsSignedOutsideWithTheBodysOwnKey(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		private := ed25519.NewKeyFromSeed([]byte(strings.Repeat("u", ed25519.SeedSize)))
		key := v.signs("office", string(notary.PublicKeyOf(private.Public().(ed25519.PublicKey))))
		office := v.As("office", governance.RoleRepresentative)
		in := store.GiveStatementInput{ID: "01998a0e-0000-7000-8000-000000000001", Edition: v.edition, Digest: v.digest,
			Kind: governance.StatementNqfInclusion, Framework: "DQR", Level: "4", IdempotencyKey: "once"}
		_, err := v.DB.GiveStatement(v.t.Context(), office, in)
		refused(v.t, err, governance.CodeConflict, "sign-outside")
		prepared, err := v.DB.PrepareStatement(v.t.Context(), office, store.PrepareStatementInput{Statement: &in})
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.CustodyOwn, prepared.Custody)
		assert.Equal(v.t, notary.Digest([]byte(prepared.SigningInput)), prepared.Digest)

		sign := func(input string) *store.SignatureInput {
			return &store.SignatureInput{PreparedAt: prepared.PreparedAt, JWS: notary.JoinSignature(input, ed25519.Sign(private, []byte(input)))}
		}
		header, _, _ := strings.Cut(prepared.SigningInput, ".")
		otherwise, err := notary.SigningInput([]byte(strings.Replace(prepared.Credential, `"level":"4"`, `"level":"5"`, 1)), prepared.KeyID)
		require.NoError(v.t, err)
		unsigned := sign(prepared.SigningInput)
		unsigned.JWS = unsigned.JWS[:len(unsigned.JWS)-8] + "AAAAAAAA"
		old := sign(prepared.SigningInput)
		old.PreparedAt = old.PreparedAt.Add(-25 * time.Hour)
		for reason, signature := range map[string]*store.SignatureInput{
			"credential-malformed": sign(otherwise), "signature-wrong": unsigned, "preparation-old": old,
		} {
			in.Signature = signature
			_, err := v.DB.GiveStatement(v.t.Context(), office, in)
			code := governance.CodeInvalid
			if signature == old {
				code = governance.CodeConflict
			}
			refused(v.t, err, code, reason)
		}

		in.Signature = sign(prepared.SigningInput)
		_, _, signature := cutJWS(in.Signature.JWS)
		in.Signature.JWS = header + ".." + signature // detached
		for range 2 {
			_, err = v.DB.GiveStatement(v.t.Context(), office, in)
			require.NoError(v.t, err)
		}
		given := v.statement(in.ID)
		require.True(v.t, given.Signed())
		assert.Equal(v.t, governance.CustodyOwn, *given.Custody)
		said := v.verified(in.ID, "office")
		assert.Equal(v.t, "4", said["credentialSubject"].(map[string]any)["level"])
		assert.Equal(v.t, 1, v.claims()["/level/nqf/dqr"], "confirmed")
		assert.Empty(v.t, v.problems())

		_, err = v.DB.RevokeKey(v.t.Context(), office, store.RevokeKeyInput{
			Organization: v.Organizations["office"], Key: key, FromAt: &prepared.PreparedAt, Reason: "it was stolen"})
		require.NoError(v.t, err)
		assert.False(v.t, v.statement(in.ID).Signed(), "what a thief may have signed is not believed")
		assert.True(v.t, v.revoked(said))
	})
}

// cutJWS parts a compact JWS.
func cutJWS(jws string) (header, payload, signature string) {
	parts := strings.Split(jws, ".")
	return parts[0], parts[1], parts[2]
}

func TestPreparingAStatementIsRefusedAsGivingItIs(t *testing.T) {
	eachVote(t, asksForTheCouncil, func(v *vote) {
		v.approved()
		endorsement := store.GiveEndorsementInput{Statement: v.ask("council"), Digest: v.digest}
		opinion := store.GiveStatementInput{ID: "01998a0e-0000-7000-8000-000000000001", Edition: v.edition, Digest: v.digest,
			Kind: governance.StatementOpinion, Words: "Well made."}
		council := v.As("council", governance.RoleRepresentative)
		for _, test := range []struct {
			name   string
			actor  governance.Actor
			in     store.PrepareStatementInput
			code   governance.Code
			reason string
		}{
			{"nothing", council, store.PrepareStatementInput{}, governance.CodeInvalid, "one-of-two"},
			{"both", council, store.PrepareStatementInput{Endorsement: &endorsement, Statement: &opinion}, governance.CodeInvalid, "one-of-two"},
			{"a body that was not asked", v.As("acme", governance.RoleRepresentative), store.PrepareStatementInput{Endorsement: &endorsement}, governance.CodeForbidden, "role-needed"},
			{"a body without a key", council, store.PrepareStatementInput{Endorsement: &endorsement}, governance.CodeConflict, "no-key"},
			{"another text", council, store.PrepareStatementInput{Endorsement: &store.GiveEndorsementInput{Statement: endorsement.Statement, Digest: "sha256:0"}}, governance.CodeConflict, "another-digest"},
			{"without an id", council, store.PrepareStatementInput{Statement: &store.GiveStatementInput{Edition: v.edition, Digest: v.digest,
				Kind: governance.StatementOpinion, Words: "Well made."}}, governance.CodeInvalid, "field-missing"},
		} {
			_, err := v.DB.PrepareStatement(v.t.Context(), test.actor, test.in)
			refused(v.t, err, test.code, test.reason)
		}
		endorsement.Signature = &store.SignatureInput{PreparedAt: storetest.Start, JWS: "a.b.c"}
		_, err := v.DB.GiveEndorsement(v.t.Context(), council, endorsement)
		refused(v.t, err, governance.CodeInvalid, "no-key")
	})
}

func TestCheckFindsWhatWasNotSignedAsItStands(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"other words": {`UPDATE statements SET conditions = 'None.' WHERE id = $1`, "is not what was signed"},
		"another end": {`UPDATE statements SET valid_until = '2036-01-01T00:00:00.000000Z' WHERE id = $1`, "is not what was signed"},
		"a key that was rotated before": {`UPDATE keys SET rotated_at = '2020-01-01T00:00:00.000000Z'
			WHERE id = (SELECT key_id FROM statement_signatures WHERE statement_id = $1)`, "was signed with a key that was not in use then"},
	} {
		t.Run(name, func(t *testing.T) {
			eachVote(t, asksForTheCouncil, func(v *vote) {
				v.approved()
				id := v.ask("council")
				v.signs("council", "")
				require.NoError(v.t, v.endorse(id, "council"))
				require.Empty(v.t, v.problems())
				change(v.t, v.DB, test.text, id)
				assert.Equal(v.t, []string{"statement " + string(id) + ": " + test.want}, v.problems())
			})
		})
	}
}
