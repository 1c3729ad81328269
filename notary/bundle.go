package notary

import (
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"concordat/governance"
)

// BundleSchema names the form of a bundle.
const BundleSchema = "concordat/bundle/1"

// MaxBundle is the most that VerifyBundle reads, in bytes.
const MaxBundle = 64 << 20

// Bundle is everything that shows what a closed ballot decided and that nobody changed it since, in one canonical JSON
// file: what was voted on, under which charter, by whom, what was said of it before, each position with its act, the record
// and its count, the acts with their proofs, and a checkpoint of the log. The bundle of a publication is that of the ballot
// that approved its text, with the publication and the acts of its way. It is checked offline, against the log's key from
// elsewhere. Statements are in it as they stand in the publication's file, each with its act; what was signed of them and of
// the publication stands in Signatures.
type Bundle struct {
	Schema      string            `json:"schema"`
	Ballot      BundleBallot      `json:"ballot"`
	Subject     json.RawMessage   `json:"subject"`  // what was voted on, as stored: a document, a charter or a matter
	Charter     json.RawMessage   `json:"charter"`  // under which it was held, as stored
	Findings    json.RawMessage   `json:"findings"` // that stood at the opening
	Electors    []BundleElector   `json:"electors"`
	Notices     []BundleNotice    `json:"notices,omitempty"`     // to electors; who has none was not told
	Comments    []BundleComment   `json:"comments,omitempty"`    // on the text, in the order of their coming
	Positions   []BundlePosition  `json:"positions"`             // in the order in which they were taken
	Record      json.RawMessage   `json:"record"`                // concordat/tally/1, as stored
	Result      json.RawMessage   `json:"result"`                // of the count, as stored; null where there was none
	Publication json.RawMessage   `json:"publication,omitempty"` // concordat/publication/1; none: the bundle is a ballot's
	Signatures  []BundleSignature `json:"signatures,omitempty"`  // of the publication and of the statements in it that are signed
	Acts        []BundleAct       `json:"acts"`                  // in the order of their leaves
	Checkpoint  string            `json:"checkpoint"`
	Key         string            `json:"key"` // the log's, to be compared with the one known from elsewhere
	Seal        BundleSeal        `json:"seal"`
	Witnesses   []string          `json:"witnesses,omitempty"`  // checkpoints cosigned by others
	Timestamps  []string          `json:"timestamps,omitempty"` // RFC 3161 tokens over the seal, in base64
}

// BundleBallot says which ballot it was.
type BundleBallot struct {
	ID       governance.BallotID   `json:"id"`
	Kind     governance.BallotKind `json:"kind"`
	Council  string                `json:"council"` // its legal name
	Digest   governance.Digest     `json:"digest"`  // of what was voted on
	Secrecy  governance.Secrecy    `json:"secrecy"`
	OpenedAt string                `json:"openedAt"`
	ClosesAt string                `json:"closesAt"`
	ClosedAt string                `json:"closedAt"`
	Outcome  governance.Outcome    `json:"outcome"`
}

// BundleElector is an organization of the electorate by its name, and the entry on the council's roll that made it one: the
// acts on that are in the bundle.
type BundleElector struct {
	governance.Elector
	Name  string                 `json:"name"`
	Entry governance.RollEntryID `json:"entry,omitempty"` // none: it was on the roll no more when the ballot was opened
}

// BundleNotice says when an elector was first told of the ballot. No act tells of it: it stands on the seal alone.
type BundleNotice struct {
	Organization governance.OrganizationID `json:"organization"`
	ToldAt       string                    `json:"toldAt"`
}

// BundleComment is a comment or an objection. Its words, the answer to it and the reply to that are with its acts.
type BundleComment struct {
	ID           governance.CommentID      `json:"id"`
	Kind         governance.CommentKind    `json:"kind"`
	Path         string                    `json:"path"` // of the element; empty: the whole document
	Objection    bool                      `json:"objection"`
	Late         bool                      `json:"late"`
	Organization governance.OrganizationID `json:"organization,omitempty"` // none: a person for itself
	Name         string                    `json:"name,omitempty"`         // of the organization, or that the person chose
	At           string                    `json:"at"`
}

// BundlePosition is what an organization took, and when. Of each text there is the salt that its act was made with.
type BundlePosition struct {
	ID           governance.PositionID     `json:"id"`
	Organization governance.OrganizationID `json:"organization"`
	Number       int                       `json:"number"` // 1 is the organization's first
	Position     governance.Position       `json:"position"`
	TakenAt      string                    `json:"takenAt"`
	Texts        map[string]BundleText     `json:"texts,omitempty"` // "reason", "remedy", "comment"
}

// BundleText is a text that can be erased: an act holds the digest of it with its salt. Redacted ones have no text.
type BundleText struct {
	Salt string  `json:"salt"`
	Text *string `json:"text,omitempty"`
}

// BundleAct is an act with its leaf and the proof that it stands in the checkpoint's log.
type BundleAct struct {
	Leaf  int64                 `json:"leaf"`
	Act   json.RawMessage       `json:"act"`
	Proof []string              `json:"proof"`           // base64, from the leaf upwards
	Texts map[string]BundleText `json:"texts,omitempty"` // that the act holds digests of and that are shown
}

// BundleSignature is what an organization signed: the publication, or a statement. That its key was registered is in the
// acts; what became of it later stands on the seal alone.
type BundleSignature struct {
	Object         string    `json:"object"` // PUBLICATION or STATEMENT
	ID             string    `json:"id"`
	Credential     string    `json:"credential"` // vc+jwt
	PublicKey      PublicKey `json:"publicKey"`
	RevokedAt      string    `json:"revokedAt,omitempty"`      // since when it is revoked, has lapsed or is withdrawn
	KeyRevokedFrom string    `json:"keyRevokedFrom,omitempty"` // the key was revoked as of this moment, before it signed this
}

// BundleSeal is the log's signature over the digests of all other members, so that a change is named by its member.
type BundleSeal struct {
	Parts map[string]governance.Digest `json:"parts"`
	Note  string                       `json:"note"`
}

// unsealed are the members that are added after the seal.
var unsealed = map[string]bool{"seal": true, "witnesses": true, "timestamps": true}

// SealBundle completes a bundle with the signature of the log's key and answers the file's bytes.
func SealBundle(b Bundle, key *LogKey) ([]byte, error) {
	b.Schema, b.Key, b.Seal = BundleSchema, key.Verifier(), BundleSeal{}
	data, err := Canonical(b)
	if err != nil {
		return nil, fmt.Errorf("seal a bundle: %w", err)
	}
	parts, err := digestsOf(data)
	if err != nil {
		return nil, fmt.Errorf("seal a bundle: %w", err)
	}
	text, err := sealText(key.Name(), parts)
	if err != nil {
		return nil, fmt.Errorf("seal a bundle: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, key)
	if err != nil {
		return nil, fmt.Errorf("seal a bundle: %w", err)
	}
	b.Seal = BundleSeal{Parts: parts, Note: string(signed)}
	return Canonical(b)
}

// digestsOf names each member of a canonical object that the seal covers.
func digestsOf(data []byte) (map[string]governance.Digest, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	parts := make(map[string]governance.Digest, len(members))
	for name, member := range members {
		if !unsealed[name] {
			parts[name] = Digest(member) // a part of canonical JSON is canonical
		}
	}
	return parts, nil
}

// sealText is what the log's key signs of a bundle: a note that no checkpoint can be taken for.
func sealText(origin string, parts map[string]governance.Digest) (string, error) {
	canonical, err := Canonical(parts)
	if err != nil {
		return "", err
	}
	return "bundle of " + origin + "\n" + string(Digest(canonical)) + "\n", nil
}
