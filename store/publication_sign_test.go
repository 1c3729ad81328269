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

// publicationSaid is what was signed of a publication, checked with its publisher's published keys alone.
func (v *vote) publicationSaid(id governance.PublicationID) map[string]any {
	v.t.Helper()
	signature, err := v.DB.PublicationSignature(v.t.Context(), id)
	require.NoError(v.t, err)
	require.NotNil(v.t, signature)
	keys, err := v.DB.PublishedKeys(v.t.Context(), v.Organizations["college"])
	require.NoError(v.t, err)
	did, err := notary.DIDOf(store.OrganizationURL(storetest.PublicURL, "college"))
	require.NoError(v.t, err)
	verified, err := notary.VerifyCredential(signature.Credential, notary.DIDDocumentOf(did, keys).Find)
	require.NoError(v.t, err)
	var said map[string]any
	require.NoError(v.t, json.Unmarshal(verified.Payload, &said))
	return said
}

// publicationRevoked says what a publication's bit is in the status list that its credential names.
func (v *vote) publicationRevoked(said map[string]any) bool {
	v.t.Helper()
	status := said["credentialStatus"].(map[string]any)
	assert.Equal(v.t, storetest.PublicURL+"/status/publications/1", status["statusListCredential"])
	list, _, err := v.DB.PublicationStatusList(v.t.Context(), 1)
	require.NoError(v.t, err)
	index, err := json.Number(status["statusListIndex"].(string)).Int64()
	require.NoError(v.t, err)
	return list.Revoked(int(index))
}

func TestAPublicationIsSignedWithTheKeyThatThePlatformKeeps(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		key := v.signs("college", "")
		in := v.publication()
		in.IdempotencyKey = "once"
		var published *store.Publication
		for range 2 {
			id, err := v.DB.PublishEdition(v.t.Context(), v.As("college", governance.RolePublisher), in)
			require.NoError(v.t, err)
			published, err = v.DB.PublicationByID(v.t.Context(), id)
			require.NoError(v.t, err)
		}
		signature, err := v.DB.PublicationSignature(v.t.Context(), published.ID)
		require.NoError(v.t, err)
		assert.Equal(v.t, []any{key, governance.CustodyPlatform, true}, []any{signature.Key.ID, signature.Key.Custody, signature.Believed})

		said := v.publicationSaid(published.ID)
		page := storetest.PublicURL + "/register/sha256/" + strings.TrimPrefix(string(v.digest), "sha256:")
		subject := said["credentialSubject"].(map[string]any)
		assert.Equal(v.t, []any{page, "2026-04-01", "2028-12-31", storetest.PublicURL + "/orgs/council"},
			[]any{subject["id"], subject["awardFrom"], subject["awardUntil"], subject["council"]})
		assert.Equal(v.t, page+"/document.json", said["relatedResource"].([]any)[0].(map[string]any)["id"])
		assert.False(v.t, v.publicationRevoked(said))
		assert.Empty(v.t, v.problems())

		change(v.t, v.DB, `UPDATE publications SET award_until = '2099-12-31' WHERE id = $1`, published.ID)
		assert.Equal(v.t, []string{"publication " + string(published.ID) + ": is not what was signed"}, v.problems())
		change(v.t, v.DB, `UPDATE publications SET award_until = '2028-12-31' WHERE id = $1`, published.ID)

		representative := v.As("college", governance.RoleRepresentative)
		from := signature.SignedAt
		_, err = v.DB.RevokeKey(v.t.Context(), representative, store.RevokeKeyInput{Organization: v.Organizations["college"], Key: key, FromAt: &from, Reason: "lost"})
		require.NoError(v.t, err)
		signature, err = v.DB.PublicationSignature(v.t.Context(), published.ID)
		require.NoError(v.t, err)
		assert.False(v.t, signature.Believed)
		assert.True(v.t, v.publicationRevoked(said))
	})
}

func TestAPublicationIsSignedOutsideAndRevokedWhenItIsWithdrawn(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		private := ed25519.NewKeyFromSeed([]byte(strings.Repeat("c", ed25519.SeedSize)))
		in, publisher := v.publication(), v.As("college", governance.RolePublisher)
		_, err := v.DB.PreparePublication(v.t.Context(), publisher, in)
		refused(v.t, err, governance.CodeInvalid, "field-missing")
		in.ID = "01998a0e-0000-7000-8000-000000000001"
		_, err = v.DB.PreparePublication(v.t.Context(), publisher, in)
		refused(v.t, err, governance.CodeConflict, "no-key")
		v.signs("college", string(notary.PublicKeyOf(private.Public().(ed25519.PublicKey))))
		_, err = v.DB.PublishEdition(v.t.Context(), publisher, in)
		refused(v.t, err, governance.CodeConflict, "sign-outside")
		_, err = v.DB.PreparePublication(v.t.Context(), v.As("union-a", governance.RoleRepresentative), in)
		refused(v.t, err, governance.CodeForbidden, "role-needed")

		prepared, err := v.DB.PreparePublication(v.t.Context(), publisher, in)
		require.NoError(v.t, err)
		in.Signature = &store.SignatureInput{PreparedAt: prepared.PreparedAt,
			JWS: notary.JoinSignature(prepared.SigningInput, ed25519.Sign(private, []byte(prepared.SigningInput)))}
		other := in
		other.AwardUntil = "2029-12-31"
		_, err = v.DB.PublishEdition(v.t.Context(), publisher, other)
		refused(v.t, err, governance.CodeInvalid, "credential-malformed")
		v.clock.Advance(time.Hour)
		id, err := v.DB.PublishEdition(v.t.Context(), publisher, in)
		require.NoError(v.t, err)
		said := v.publicationSaid(id)
		assert.Equal(v.t, prepared.PreparedAt.Format(time.RFC3339), said["validFrom"])
		assert.Empty(v.t, v.problems())

		_, err = v.DB.AskWithdrawal(v.t.Context(), publisher, store.AskWithdrawalInput{Edition: v.edition, Reason: "nobody comes"})
		require.NoError(v.t, err)
		assert.False(v.t, v.publicationRevoked(said))
		_, err = v.DB.ConfirmWithdrawal(v.t.Context(), v.As("council", governance.RoleSecretary), store.ConfirmWithdrawalInput{Edition: v.edition})
		require.NoError(v.t, err)
		assert.True(v.t, v.publicationRevoked(said))
		assert.Empty(v.t, v.problems())
	})
}
