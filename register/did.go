package register

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// Media types of what identifies those who sign, and of what they signed.
const (
	typeDID        = "application/did+json"
	typeKeySet     = "application/jwk-set+json"
	typeCredential = "application/vc+jwt"
)

// soon is how long what changes when a key or a statement is revoked may be kept.
const soon = "public, max-age=300"

// organizationDocument is an organization's DID document: the keys that its statements are checked with.
func (l *Log) organizationDocument(w http.ResponseWriter, r *http.Request) error {
	document, err := l.didOf(r)
	if err != nil {
		return err
	}
	return serveIdentity(w, r, typeDID, document)
}

// organizationKeySet is the same keys as a JSON Web Key Set.
func (l *Log) organizationKeySet(w http.ResponseWriter, r *http.Request) error {
	document, err := l.didOf(r)
	if err != nil {
		return err
	}
	return serveIdentity(w, r, typeKeySet, document.KeySet())
}

// didOf reads the document of the organization whose short name is in the address. NOT_FOUND where there is none.
func (l *Log) didOf(r *http.Request) (notary.DIDDocument, error) {
	slug := r.PathValue("slug")
	organization, err := l.Store.OrganizationBySlug(r.Context(), slug)
	if err != nil {
		return notary.DIDDocument{}, err
	}
	if organization == nil {
		return notary.DIDDocument{}, governance.NotFound("organization", slug)
	}
	return l.documentOf(r.Context(), organization.ID, store.OrganizationURL(l.PublicURL, slug))
}

// documentOf is the DID document of whoever has the keys; no organization means the log.
func (l *Log) documentOf(ctx context.Context, id governance.OrganizationID, address string) (notary.DIDDocument, error) {
	keys, err := l.Store.PublishedKeys(ctx, id)
	if err != nil {
		return notary.DIDDocument{}, err
	}
	did, err := notary.DIDOf(address)
	return notary.DIDDocumentOf(did, keys), err
}

func serveIdentity(w http.ResponseWriter, r *http.Request, mediaType string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", mediaType, err)
	}
	serveAs(w, r, mediaType, data)
	return nil
}

// serveAs serves what may change soon, under the digest of what it is now.
func serveAs(w http.ResponseWriter, r *http.Request, mediaType string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", soon)
	h.Set("ETag", `"`+string(notary.Digest(data))+`"`)
	open(h)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// statement serves what a body signed, to whoever may see the statement without signing in.
func (l *Log) statement(w http.ResponseWriter, r *http.Request) error {
	id := governance.StatementID(r.PathValue("id"))
	if _, err := l.Store.Statement(r.Context(), nobody, id); err != nil {
		return err
	}
	jwt, err := l.Store.StatementCredential(r.Context(), id)
	if err != nil {
		return err
	}
	if jwt == "" {
		return governance.NotFound("signature of statement", string(id))
	}
	serveAs(w, r, typeCredential, []byte(jwt))
	return nil
}

// publication serves what a provider signed when it published.
func (l *Log) publication(w http.ResponseWriter, r *http.Request) error {
	id := governance.PublicationID(r.PathValue("id"))
	signature, err := l.Store.PublicationSignature(r.Context(), id)
	if err != nil {
		return err
	}
	if signature == nil {
		return governance.NotFound("signature of publication", string(id))
	}
	serveAs(w, r, typeCredential, []byte(signature.Credential))
	return nil
}

// statusList serves a status list of statements.
func (l *Log) statusList(w http.ResponseWriter, r *http.Request) error {
	return l.signedList(w, r, l.Store.StatusList, store.StatusURL)
}

// publicationStatusList serves a status list of publications.
func (l *Log) publicationStatusList(w http.ResponseWriter, r *http.Request) error {
	return l.signedList(w, r, l.Store.PublicationStatusList, store.PublicationStatusURL)
}

// signedList serves the status list whose number is in the address, signed by the platform.
func (l *Log) signedList(
	w http.ResponseWriter, r *http.Request,
	read func(context.Context, int) (*notary.StatusList, time.Time, error), address func(base string, number int) string,
) error {
	number, err := strconv.Atoi(r.PathValue("list"))
	if err != nil || number < 1 {
		return governance.NotFound("status list", r.PathValue("list"))
	}
	list, changed, err := read(r.Context(), number)
	if err != nil {
		return err
	}
	did, err := notary.DIDOf(l.PublicURL)
	if err != nil {
		return err
	}
	credential, err := list.Credential(address(l.PublicURL, number), notary.Issuer{DID: did}, changed)
	if err != nil {
		return err
	}
	jwt, err := l.Key.SignCredential(credential, did)
	if err != nil {
		return err
	}
	serveAs(w, r, typeCredential, []byte(jwt))
	return nil
}

// offer serves the exact facts of an offer that a digest names, to whoever may see the offer without signing in.
func (l *Log) offer(w http.ResponseWriter, r *http.Request) error {
	hex := r.PathValue("hex")
	if !hexDigest.MatchString(hex) {
		return governance.NotFound("version of an offer", hex)
	}
	digest := governance.Digest("sha256:" + hex)
	facts, err := l.Store.OfferVersion(r.Context(), nobody, governance.OfferID(r.PathValue("id")), digest)
	if err != nil {
		return err
	}
	serveBytes(w, r, "offer.json", digest, facts)
	return nil
}
