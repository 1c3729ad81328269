package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
)

// BallotBundle gathers everything that shows what a closed ballot decided, with proofs for the first checkpoint of an epoch
// that holds it all: what notary.SealBundle completes. NOT_FOUND where the actor may not see the ballot; CONFLICT while it is
// open, where it was secret and ended without a count, and where an act of it is in no checkpoint yet.
func (db *DB) BallotBundle(ctx context.Context, actor governance.Actor, id governance.BallotID, epoch int64) (notary.Bundle, error) {
	var bundle notary.Bundle
	err := db.readLong(ctx, func(ctx context.Context, q *Query) error {
		b, err := q.visibleBallot(ctx, actor, id)
		if err != nil {
			return err
		}
		if b.State != governance.BallotIsClosed || !b.shows() {
			return governance.Refuse(governance.CodeConflict, "no-bundle",
				"A ballot has a bundle once it is closed, and a secret one only once it was counted.")
		}
		wanted, err := q.ballotBundle(ctx, actor, b, b.OpenedAt, &bundle)
		if err != nil {
			return err
		}
		return q.bundleActs(ctx, wanted, epoch, &bundle)
	})
	if err != nil {
		return notary.Bundle{}, wrapStep("bundle ballot "+string(id), err)
	}
	return bundle, nil
}

// ballotBundle fills in all that is about the ballot, with what was said of its text until an instant, and answers the acts
// that belong to it.
func (q *Query) ballotBundle(
	ctx context.Context, actor governance.Actor, b *Ballot, until time.Time, bundle *notary.Bundle,
) ([]wantedActs, error) {
	council := &Organization{ID: b.CouncilID}
	if err := q.fillOrganizations(ctx, council); err != nil {
		return nil, err
	}
	bundle.Ballot = notary.BundleBallot{
		ID: b.ID, Kind: b.Kind, Council: council.LegalName, Digest: b.Digest, Secrecy: b.Secrecy,
		OpenedAt: formatTime(b.OpenedAt), ClosesAt: formatTime(b.ClosesAt), ClosedAt: formatTime(*b.ClosedAt), Outcome: *b.Outcome,
	}
	for _, fill := range []func(context.Context, *Ballot, *notary.Bundle) error{
		q.bundleTexts, q.bundleElectors, q.bundleNotices, q.bundlePositions,
	} {
		if err := fill(ctx, b, bundle); err != nil {
			return nil, err
		}
	}
	wanted := []wantedActs{{kind: "BALLOT", ids: []string{string(b.ID)}}, {kind: "CHARTER", ids: []string{string(b.CharterID)}}}
	roll := wantedActs{kind: "ROLL_ENTRY", until: b.OpenedAt}
	for _, e := range bundle.Electors {
		if e.Entry != "" {
			roll.ids = append(roll.ids, string(e.Entry))
		}
	}
	positions := wantedActs{kind: "POSITION"}
	for _, p := range bundle.Positions {
		positions.ids = append(positions.ids, string(p.ID))
	}
	wanted = append(wanted, positions, roll)
	if b.Kind != governance.BallotEdition {
		return wanted, nil
	}
	comments, err := q.bundleComments(ctx, actor, b.EditionID, until, bundle)
	return append(wanted, comments), err
}

// bundleTexts reads what the ballot's digests name, as it is stored.
func (q *Query) bundleTexts(ctx context.Context, b *Ballot, bundle *notary.Bundle) error {
	var document []byte
	var stated, result *string
	err := q.queryRow(ctx, `
		SELECT
			r.document,
			COALESCE(p.body, m.statement),
			c.body,
			b.findings,
			b.record,
			b.result
		FROM ballots b
		JOIN charters c ON c.id = b.charter_id
		LEFT JOIN revisions r ON r.id = b.revision_id
		LEFT JOIN charters p ON p.id = b.proposal_id
		LEFT JOIN matters m ON m.id = b.matter_id
		WHERE b.id = $1`, b.ID).
		Scan(&document, orNil(&stated), raw(&bundle.Charter), raw(&bundle.Findings), raw(&bundle.Record), orNil(&result))
	if err != nil {
		return fmt.Errorf("read what the ballot was on: %w", err)
	}
	bundle.Subject = document
	if stated != nil {
		bundle.Subject = json.RawMessage(*stated)
	}
	bundle.Result = json.RawMessage("null")
	if result != nil {
		bundle.Result = json.RawMessage(*result)
	}
	return nil
}

// rawJSON scans JSON that is stored as text or as bytes.
type rawJSON struct{ to *json.RawMessage }

func raw(to *json.RawMessage) rawJSON { return rawJSON{to} }

// Scan implements sql.Scanner.
func (r rawJSON) Scan(value any) error {
	switch v := value.(type) {
	case string:
		*r.to = json.RawMessage(v)
	case []byte:
		*r.to = append(json.RawMessage(nil), v...)
	default:
		return fmt.Errorf("%T is no JSON", value)
	}
	return nil
}

func (q *Query) bundleElectors(ctx context.Context, b *Ballot, bundle *notary.Bundle) error {
	record, err := governance.ParseTallyRecord(bundle.Record)
	if err != nil {
		return fmt.Errorf("read the record: %w", errStored{err})
	}
	organizations := make([]*Organization, len(record.Electors))
	for i, elector := range record.Electors {
		organizations[i] = &Organization{ID: elector.Organization}
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return err
	}
	entries := make(map[governance.OrganizationID]governance.RollEntryID, len(record.Electors))
	err = q.query(ctx, func(row scanner) error {
		var organization governance.OrganizationID
		var entry governance.RollEntryID
		err := row.Scan(&organization, &entry)
		entries[organization] = entry
		return err
	}, `
		SELECT organization_id, id
		FROM roll_entries
		WHERE council_id = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2)`, b.CouncilID, b.OpenedAt)
	if err != nil {
		return fmt.Errorf("read the electors' entries on the roll: %w", err)
	}
	bundle.Electors = make([]notary.BundleElector, len(record.Electors))
	for i, elector := range record.Electors {
		bundle.Electors[i] = notary.BundleElector{Elector: elector, Name: organizations[i].LegalName, Entry: entries[elector.Organization]}
	}
	return nil
}

// bundlePositions reads the positions taken: each change where they were public at once, and of a secret ballot each
// organization's last one.
func (q *Query) bundlePositions(ctx context.Context, b *Ballot, bundle *notary.Bundle) error {
	var err error
	bundle.Positions, err = collect(ctx, q, func(row scanner) (notary.BundlePosition, error) {
		var p notary.BundlePosition
		return p, row.Scan(&p.ID, &p.Organization, &p.Number, &p.Position, &p.TakenAt)
	}, `
		SELECT id, organization_id, number, position, taken_at
		FROM positions
		WHERE ballot_id = $1 AND (is_latest = 1 OR CAST($2 AS TEXT) = 'AT_ONCE')
		ORDER BY taken_at, id`, b.ID, b.Secrecy)
	if err != nil {
		return fmt.Errorf("read the positions: %w", err)
	}
	if bundle.Positions == nil {
		bundle.Positions = []notary.BundlePosition{}
	}
	return nil
}

// bundleNotices reads which electors were told of the ballot, and when first.
func (q *Query) bundleNotices(ctx context.Context, b *Ballot, bundle *notary.Bundle) error {
	var err error
	bundle.Notices, err = collect(ctx, q, func(row scanner) (notary.BundleNotice, error) {
		var n notary.BundleNotice
		return n, row.Scan(&n.Organization, &n.ToldAt)
	}, `
		SELECT organization_id, MIN(at)
		FROM announcements
		WHERE ballot_id = $1 AND channel <> 'NONE'
		GROUP BY organization_id
		ORDER BY organization_id`, b.ID)
	if err != nil {
		return fmt.Errorf("read who was told: %w", err)
	}
	return nil
}

// bundleComments reads the comments on an edition until an instant that the actor sees. What became of them is in the acts.
func (q *Query) bundleComments(
	ctx context.Context, actor governance.Actor, edition governance.EditionID, until time.Time, bundle *notary.Bundle,
) (wantedActs, error) {
	wanted := wantedActs{kind: "COMMENT", until: until, veiled: map[string]bool{}}
	e, err := q.edition(ctx, edition)
	if err != nil {
		return wanted, err
	}
	viewer, err := q.viewerOf(ctx, actor, e)
	if err != nil {
		return wanted, err
	}
	comments, err := q.comments(ctx, viewer, e, CommentFilter{until: until}, beforeAll, math.MaxInt32)
	if err != nil {
		return wanted, err
	}
	if err := q.fillComments(ctx, viewer, e, Fields{"organization": nil}, comments...); err != nil {
		return wanted, err
	}
	for _, c := range comments {
		one := notary.BundleComment{ID: c.ID, Kind: c.Kind, Path: c.Path, Objection: c.IsObjection, Late: c.Late, At: formatTime(c.CreatedAt)}
		if c.Organization != nil {
			one.Organization, one.Name = c.Organization.ID, c.Organization.LegalName
		} else if c.Author != nil && c.Author.Name != nil {
			one.Name = *c.Author.Name
		}
		bundle.Comments = append(bundle.Comments, one)
		wanted.ids = append(wanted.ids, string(c.ID))
		wanted.veiled[string(c.ID)] = c.Moderation != nil
	}
	return wanted, nil
}

// wantedActs are acts on objects of one kind that belong into a bundle.
type wantedActs struct {
	kind   string
	ids    []string
	until  time.Time       // zero: whenever
	veiled map[string]bool // objects whose authors' words are not shown
}

// openActs are the types of acts that a bundle may hold: each is about something that everybody may know once there is one.
var openActs = map[string]bool{
	"CHARTER_PROPOSED": true, "CHARTER_FOUNDED": true, "CHARTER_ADOPTED": true,
	"SPECIFICATION_STARTED": true, "EDITION_STARTED": true, "REVISION_SAVED": true, "REVISION_RESTORED": true,
	"CONSULTATION_OPENED": true, "CONSULTATION_EXTENDED": true, "CONSULTATION_CLOSED": true, "CONSULTATION_RECALLED": true,
	"CONSULTATION_SKIPPED": true, "TEXT_REOPENED": true,
	"COMMENT_ADDED": true, "OBJECTION_RAISED": true, "COMMENT_EDITED": true, "COMMENT_WITHDRAWN": true, "COMMENT_DISPOSED": true,
	"DISPOSITION_REPLIED": true, "DISPOSITION_LAPSED": true, "OBJECTION_REFERRED": true, "OBJECTION_UPHELD": true,
	"OBJECTION_OVERRULED": true, "COMMENT_HIDDEN": true, "COMMENT_SHOWN": true, "COMMENT_REDACTED": true,
	actBallotOpened: true, "BALLOT_CLOSED": true, "BALLOT_ENDED": true, "BALLOT_RECALLED": true,
	actPositionTaken: true, actPositionChanged: true, actPositionReconfirmed: true,
	"ENDORSEMENT_REQUESTED": true, "ENDORSEMENT_GIVEN": true, actStatementGiven: true,
	"OFFER_MADE": true, "OFFER_CHANGED": true, "EDITION_PUBLISHED": true,
	"KEY_REGISTERED": true, "KEY_ROTATED": true,
	"ROLL_ADMITTED": true, "ROLL_CHAMBER_CHANGED": true, "ROLL_SUSPENDED": true, "ROLL_REINSTATED": true,
}

// authorsWords are the types of acts whose texts are the commenter's.
var authorsWords = map[string]bool{"COMMENT_ADDED": true, "OBJECTION_RAISED": true, "COMMENT_EDITED": true, "DISPOSITION_REPLIED": true}

// bundledRow is an act on its way into a bundle.
type bundledRow struct {
	id     string
	of     Object
	what   string
	body   string
	at     time.Time
	leaf   int64
	veiled bool
}

// bundleActs adds the acts, with the texts beside them that may be shown, and proves each in the first checkpoint that holds
// them all: so the same is made whenever somebody asks.
func (q *Query) bundleActs(ctx context.Context, wanted []wantedActs, epoch int64, bundle *notary.Bundle) error {
	var rows []bundledRow
	for _, w := range wanted {
		found, err := q.actsOn(ctx, w)
		if err != nil {
			return err
		}
		rows = append(rows, found...)
	}
	slices.SortFunc(rows, func(a, b bundledRow) int { return cmp.Compare(a.leaf, b.leaf) })
	texts, err := q.textsBeside(ctx, rows)
	if err != nil {
		return err
	}
	place := make(map[string]int, len(bundle.Positions))
	for i, p := range bundle.Positions {
		place[string(p.ID)] = i
	}
	size, err := q.coveringCheckpoint(ctx, epoch, rows, bundle)
	if err != nil {
		return err
	}
	read := rememberTiles(q.tiles(ctx))
	for _, row := range rows {
		proof, err := notary.ProveInclusion(read, row.leaf, size)
		if err != nil {
			return err
		}
		act := notary.BundleAct{Leaf: row.leaf, Act: json.RawMessage(row.body), Proof: notary.EncodeHashes(proof.Hashes)}
		if at, is := place[row.of.ID]; is {
			bundle.Positions[at].Texts = texts[row.id]
		} else if !row.veiled {
			act.Texts = shownTexts(texts[row.id])
		}
		bundle.Acts = append(bundle.Acts, act)
	}
	return nil
}

// shownTexts leaves out what was redacted: a salt without its text only helps to guess.
func shownTexts(texts map[string]notary.BundleText) map[string]notary.BundleText {
	maps.DeleteFunc(texts, func(_ string, t notary.BundleText) bool { return t.Text == nil })
	return texts
}

// actsOn reads the acts of a kind of objects that a bundle may hold.
func (q *Query) actsOn(ctx context.Context, w wantedActs) ([]bundledRow, error) {
	var rows []bundledRow
	for batch := range batches(w.ids) {
		found, err := collect(ctx, q, func(row scanner) (bundledRow, error) {
			var a bundledRow
			return a, row.Scan(&a.id, &a.of.Kind, &a.of.ID, &a.what, &a.body, at(&a.at), &a.leaf)
		}, `
			SELECT a.id, a.object_kind, a.object_id, a.type, a.body, a.created_at, COALESCE(l.number, -1)
			FROM acts a
			LEFT JOIN leaves l ON l.act_id = a.id
			WHERE a.object_id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the acts: %w", err)
		}
		for _, row := range found {
			if row.of.Kind != w.kind || !openActs[row.what] || !w.until.IsZero() && row.at.After(w.until) {
				continue
			}
			row.veiled = w.veiled[row.of.ID] && authorsWords[row.what]
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// textsBeside reads the texts that the acts hold salted digests of, by act and name.
func (q *Query) textsBeside(ctx context.Context, rows []bundledRow) (map[string]map[string]notary.BundleText, error) {
	acts := make([]named, len(rows))
	for i, row := range rows {
		acts[i] = named{id: row.id}
	}
	sealed, err := q.sealedBeside(ctx, acts)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]map[string]notary.BundleText, len(sealed))
	for act, beside := range sealed {
		for name, row := range beside {
			name, isText := strings.CutPrefix(name, "text ")
			if !isText {
				continue
			}
			if texts[act] == nil {
				texts[act] = map[string]notary.BundleText{}
			}
			text := notary.BundleText{Salt: row.Salt}
			if row.there {
				text.Text = &row.Text
			}
			texts[act][name] = text
		}
	}
	return texts, nil
}

// coveringCheckpoint finds the first checkpoint of an epoch in which all acts, which are in the order of the log, stand.
func (q *Query) coveringCheckpoint(ctx context.Context, epoch int64, acts []bundledRow, bundle *notary.Bundle) (int64, error) {
	unlogged := governance.Refuse(governance.CodeConflict, "not-logged-yet", "An act is in no checkpoint of the log yet; ask again in a moment.")
	if len(acts) == 0 || acts[0].leaf < 0 {
		return 0, unlogged
	}
	found, err := collect(ctx, q, scanSigned, `
		SELECT size, root, note, signed_at
		FROM checkpoints
		WHERE epoch = $1 AND size > $2
		ORDER BY size
		LIMIT 1`, epoch, acts[len(acts)-1].leaf)
	if err != nil {
		return 0, fmt.Errorf("read the checkpoints: %w", err)
	}
	if len(found) == 0 {
		return 0, unlogged
	}
	bundle.Checkpoint = found[0].Note
	return found[0].Size, nil
}

// rememberTiles reads each tile once, for proofs of neighbours share most of theirs.
func rememberTiles(read notary.TileReader) notary.TileReader {
	known := map[notary.Tile][]tlog.Hash{}
	return func(tiles []notary.Tile) ([][]tlog.Hash, error) {
		rows := make([][]tlog.Hash, len(tiles))
		for i, t := range tiles {
			if _, is := known[t]; !is {
				got, err := read([]notary.Tile{t})
				if err != nil {
					return nil, err
				}
				known[t] = got[0]
			}
			rows[i] = known[t]
		}
		return rows, nil
	}
}
