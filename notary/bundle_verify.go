package notary

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gowebpki/jcs"
	"golang.org/x/mod/sumdb/note"

	"concordat/governance"
)

// BundleCheck is one thing that was checked of a bundle, and what was found.
type BundleCheck struct {
	Name  string // "charter", "act 0195…"
	Holds bool
	Says  string // in English
}

// Verification is what came of checking a bundle.
type Verification struct {
	Checks []BundleCheck
	Bundle *Bundle // nil where it could not be read

	Published string // "short-name 1.0" of the publication that the bundle is of; empty: it is of a ballot
}

// Holds says whether every check does.
func (v *Verification) Holds() bool {
	return !slices.ContainsFunc(v.Checks, func(c BundleCheck) bool { return !c.Holds })
}

func (v *Verification) note(name string, err error, says string) bool {
	check := BundleCheck{Name: name, Holds: err == nil, Says: says}
	if err != nil {
		check.Says = err.Error()
		if refusal, ok := errors.AsType[*governance.Error](err); ok {
			check.Says = refusal.Message
		}
	}
	v.Checks = append(v.Checks, check)
	return err == nil
}

// VerifyBundle checks a bundle offline: that its bytes are canonical and as they were sealed, that the log's key signed
// seal and checkpoint, that every act stands in that log, that what was voted on, charter, electorate, positions and record
// are those that the acts name, and that the record counts as was said. An empty key means the one that the bundle holds,
// which shows less and says so.
func VerifyBundle(data []byte, key string) *Verification {
	v := &Verification{}
	b, err := readBundle(data)
	if !v.note("form", err, "canonical JSON, "+BundleSchema) {
		return v
	}
	v.Bundle = b
	given := key != "" && key != b.Key
	if key == "" {
		key = b.Key
		v.note("key", nil, "taken from the bundle itself: compare it with one that you know from elsewhere")
	} else {
		v.note("key", errorIf(given, "the bundle was made under %s, not under the key given", b.Key), "the one given")
	}
	v.seal(data, b, key)
	checkpoint, err := OpenCheckpoint([]byte(b.Checkpoint), key)
	v.note("checkpoint", err, fmt.Sprintf("%d leaves of %s", checkpoint.Size, checkpoint.Origin))
	acts := v.acts(b, checkpoint)
	v.note("words", b.checkWords(), "each is what its act holds a digest of")
	v.ballot(b, acts)
	if len(b.Publication) > 0 {
		v.publication(b, acts)
	}
	return v
}

func errorIf(wrong bool, format string, args ...any) error {
	if !wrong {
		return nil
	}
	return fmt.Errorf(format, args...)
}

// readBundle reads the form strictly: canonical bytes, no unknown members.
func readBundle(data []byte) (*Bundle, error) {
	if len(data) > MaxBundle {
		return nil, fmt.Errorf("it is larger than %d bytes", MaxBundle)
	}
	canonical, err := jcs.Transform(data)
	if err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if !bytes.Equal(canonical, data) {
		return nil, fmt.Errorf("its bytes are not canonical JSON (RFC 8785) from byte %d on: it has been written again or changed",
			firstDifference(canonical, data))
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var b Bundle
	if err := decoder.Decode(&b); err != nil {
		return nil, fmt.Errorf("it is no bundle: %w", err)
	}
	if b.Schema != BundleSchema {
		return nil, fmt.Errorf("it is %q, not %s", b.Schema, BundleSchema)
	}
	// encoding/json takes a member's name in any case
	if written, err := Canonical(b); err != nil || !bytes.Equal(written, data) {
		return nil, fmt.Errorf("it is not written as a bundle is, from byte %d on", firstDifference(written, data))
	}
	return &b, nil
}

// firstDifference is the place of the first byte in which the two differ.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// checkSpelling refuses signatures in another spelling of base64 than the one that is written: the bits that do not count
// could be changed, and would not be missed.
func checkSpelling(signed string) error {
	_, signatures, _ := strings.Cut(signed, "\n\n")
	for line := range strings.Lines(signatures) {
		text := strings.TrimSuffix(line[strings.LastIndexByte(line, ' ')+1:], "\n")
		if _, err := base64.StdEncoding.Strict().DecodeString(text); err != nil {
			return errors.New("a signature is not in the base64 that is written")
		}
	}
	return nil
}

// seal compares each member with its digest in the seal, and the seal with its signature.
func (v *Verification) seal(data []byte, b *Bundle, key string) {
	parts, err := digestsOf(data)
	if err != nil {
		v.note("seal", err, "")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if parts[name] != b.Seal.Parts[name] {
			v.note(name, errors.New("has changed since the bundle was sealed"), "")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Seal.Parts)) {
		if _, there := parts[name]; !there {
			v.note(name, errors.New("was there when the bundle was sealed and is missing"), "")
		}
	}
	verifier, err := note.NewVerifier(key)
	if !v.note("seal's key", err, "Ed25519") {
		return
	}
	opened, err := note.Open([]byte(b.Seal.Note), note.VerifierList(verifier))
	if err != nil {
		v.note("seal", fmt.Errorf("is not signed by the log's key: %w", err), "")
		return
	}
	text, err := sealText(verifier.Name(), b.Seal.Parts)
	if err == nil {
		err = checkSpelling(b.Seal.Note)
	}
	if err == nil {
		err = errorIf(opened.Text != text, "the signature is over other digests")
	}
	v.note("seal", err, "signed by "+verifier.Name())
}

// bundledAct is as much of an act as a bundle is checked against.
type bundledAct struct {
	ID           string                       `json:"id"`
	Time         string                       `json:"time"`
	Type         string                       `json:"type"`
	Organization governance.OrganizationID    `json:"organization"`
	Object       struct{ Kind, ID string }    `json:"object"`
	Digests      map[string]governance.Digest `json:"digests"`
	Words        map[string]string            `json:"words"`
	Texts        map[string]governance.Digest `json:"texts"`
}

// acts checks that each act stands in the log, and answers them.
func (v *Verification) acts(b *Bundle, c Checkpoint) []bundledAct {
	var acts []bundledAct
	wrong := 0
	for i, bundled := range b.Acts {
		var act bundledAct
		err := json.Unmarshal(bundled.Act, &act)
		if err == nil {
			err = bundled.included(c)
		}
		if err == nil && i > 0 {
			err = errorIf(b.Acts[i-1].Leaf >= bundled.Leaf, "stands out of the order of the log")
		}
		if err != nil {
			wrong++
			v.note("act "+act.ID, err, "")
			continue
		}
		acts = append(acts, act)
	}
	v.note("acts", errorIf(wrong > 0, "%d of %d are not in the log", wrong, len(b.Acts)), fmt.Sprintf("%d, each a leaf of the log", len(b.Acts)))
	return acts
}

func (a BundleAct) included(c Checkpoint) error {
	hashes, err := DecodeHashes(a.Proof)
	if err != nil {
		return err
	}
	return Inclusion{Number: a.Leaf, Size: c.Size, Hashes: hashes}.Check(c, Digest(a.Act))
}

// subjects are the names under which an opening act holds the digest of what was voted on.
var subjects = map[governance.BallotKind]string{
	governance.BallotEdition: "document", governance.BallotCharter: "proposal", governance.BallotMatter: "matter",
}

// ballot checks what the acts say of the ballot against what the bundle holds.
func (v *Verification) ballot(b *Bundle, acts []bundledAct) {
	opened := actsOf(acts, "BALLOT", string(b.Ballot.ID), "BALLOT_OPENED")
	if !v.note("opening", errorIf(len(opened) != 1, "%d acts open the ballot", len(opened)), "one act") {
		return
	}
	open := opened[0]
	v.note("what was voted on", firstOf(
		errorIf(Digest(b.Subject) != b.Ballot.Digest, "is %s, and the ballot was on %s", Digest(b.Subject), b.Ballot.Digest),
		errorIf(open.Digests[subjects[b.Ballot.Kind]] != b.Ballot.Digest, "is not what the ballot was opened on")), string(b.Ballot.Digest))
	v.note("charter", errorIf(open.Digests["charter"] != Digest(b.Charter), "is not the one under which the ballot was opened"),
		string(Digest(b.Charter)))
	v.note("times", firstOf(
		errorIf(open.Time != b.Ballot.OpenedAt, "the ballot was opened at %s", open.Time),
		errorIf(open.Words["closesAt"] != b.Ballot.ClosesAt, "its deadline was %s", open.Words["closesAt"])),
		b.Ballot.OpenedAt+" to "+b.Ballot.ClosedAt)
	v.note("charter's adoption", b.checkAdoption(acts), "an act put it in force")
	v.note("comments", b.checkComments(acts), fmt.Sprintf("%d, each with its acts", len(b.Comments)))
	record, err := governance.ParseTallyRecord(b.Record)
	if !v.note("record's form", err, governance.TallySchema) {
		return
	}
	v.note("electorate", b.checkElectorate(open, record), fmt.Sprintf("%d electors", len(record.Electors)))
	v.note("roll", b.checkRoll(acts), "acts admitted each elector that was on it when the ballot was opened, and put it in its chamber")
	v.note("notices", b.checkNotices(), fmt.Sprintf("%d electors were told; the seal alone says so", len(b.Notices)))
	v.note("positions", b.checkPositions(acts, record), fmt.Sprintf("%d, each with its act", len(b.Positions)))
	v.note("close", b.checkClose(acts), string(b.Ballot.Outcome)+" at "+b.Ballot.ClosedAt)
	v.note("count", b.recount(record), "the record counts as was said")
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func actsOf(acts []bundledAct, kind, id string, types ...string) []bundledAct {
	var found []bundledAct
	for _, act := range acts {
		if act.Object.Kind == kind && act.Object.ID == id && slices.Contains(types, act.Type) {
			found = append(found, act)
		}
	}
	return found
}

// checkElectorate compares the electors listed with the record's and those with the digest frozen at the opening.
func (b *Bundle) checkElectorate(open bundledAct, record governance.TallyRecord) error {
	listed := make([]governance.Elector, len(b.Electors))
	for i, e := range b.Electors {
		listed[i] = e.Elector
	}
	for _, electors := range [][]governance.Elector{listed, record.Electors} {
		canonical, err := Canonical(electors)
		if err != nil {
			return err
		}
		if Digest(canonical) != open.Digests["electorate"] {
			return errors.New("is not the one that was frozen when the ballot was opened")
		}
	}
	return nil
}

// The acts by which a position is taken.
var positionActs = []string{"POSITION_TAKEN", "POSITION_CHANGED", "POSITION_RECONFIRMED"}

// checkPositions compares each position with its act, and the last of each organization with the record's votes.
func (b *Bundle) checkPositions(acts []bundledAct, record governance.TallyRecord) error {
	last := map[governance.OrganizationID]governance.Position{}
	number := map[governance.OrganizationID]int{}
	for _, p := range b.Positions {
		taken := actsOf(acts, "POSITION", string(p.ID), positionActs...)
		if len(taken) != 1 {
			return fmt.Errorf("position %s has %d acts", p.ID, len(taken))
		}
		if err := p.check(taken[0], b.Ballot); err != nil {
			return fmt.Errorf("position %s: %w", p.ID, err)
		}
		if p.Number <= number[p.Organization] {
			return fmt.Errorf("position %s stands out of its order", p.ID)
		}
		number[p.Organization], last[p.Organization] = p.Number, p.Position
	}
	if len(last) != len(record.Votes) {
		return fmt.Errorf("%d organizations took one, and the record has %d votes", len(last), len(record.Votes))
	}
	for _, vote := range record.Votes {
		if last[vote.Organization] != vote.Position {
			return fmt.Errorf("the record counts %s of %s, which is not what it took last", vote.Position, vote.Organization)
		}
	}
	return nil
}

func (p BundlePosition) check(act bundledAct, ballot BundleBallot) error {
	err := firstOf(
		errorIf(act.Organization != p.Organization, "its act is of another organization"),
		errorIf(act.Words["ballot"] != string(ballot.ID), "its act is of another ballot"),
		errorIf(act.Words["position"] != string(p.Position), "its act says %s", act.Words["position"]),
		errorIf(act.Time != p.TakenAt, "its act is of %s", act.Time),
		errorIf(act.Digests[subjects[ballot.Kind]] != ballot.Digest, "it was taken on another text"),
		errorIf(len(p.Texts) != len(act.Texts), "its act holds %d texts", len(act.Texts)))
	if err != nil {
		return err
	}
	return checkTexts(act, p.Texts)
}

// checkTexts compares texts with the digests that an act holds of them.
func checkTexts(act bundledAct, texts map[string]BundleText) error {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		digest, known := act.Texts[name]
		if !known {
			return fmt.Errorf("its act holds no %s", name)
		}
		if text.Text == nil {
			continue // redacted: the act's digest stays, and nothing is there to compare it with
		}
		canonical, err := Canonical(map[string]string{"salt": text.Salt, "text": *text.Text})
		if err != nil {
			return err
		}
		if Digest(canonical) != digest {
			return fmt.Errorf("its %s is not what its act holds a digest of", name)
		}
	}
	return nil
}

// checkClose compares the record with the act that closed or ended the ballot.
func (b *Bundle) checkClose(acts []bundledAct) error {
	closed := actsOf(acts, "BALLOT", string(b.Ballot.ID), "BALLOT_CLOSED", "BALLOT_ENDED", "BALLOT_RECALLED")
	if len(closed) != 1 {
		return fmt.Errorf("%d acts close the ballot", len(closed))
	}
	act := closed[0]
	return firstOf(
		errorIf(act.Digests["record"] != Digest(b.Record), "the record is not the one that was closed with"),
		errorIf(act.Words["outcome"] != string(b.Ballot.Outcome), "the ballot closed as %s", act.Words["outcome"]),
		errorIf(act.Time != b.Ballot.ClosedAt, "the ballot closed at %s", act.Time))
}

// recount counts the record again, unless the ballot ended without a count.
func (b *Bundle) recount(record governance.TallyRecord) error {
	if string(b.Result) == "null" {
		return errorIf(b.Ballot.Outcome.Counted(), "the ballot is %s, and there is no count", b.Ballot.Outcome)
	}
	result, err := governance.Tally(record)
	if err != nil {
		return err
	}
	canonical, err := Canonical(result)
	if err != nil {
		return err
	}
	return firstOf(
		errorIf(result.Outcome != b.Ballot.Outcome, "the record counts as %s", result.Outcome),
		errorIf(!bytes.Equal(canonical, b.Result), "the explanation is not that of the count"))
}
