package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
)

// BallotBundle gathers everything that shows what a closed ballot decided, with the proofs for a log of so many leaves:
// what notary.SealBundle completes. NOT_FOUND where the actor may not see the ballot; CONFLICT while it is open, where it
// was secret and ended without a count, and where an act of it is not in that log yet.
func (db *DB) BallotBundle(ctx context.Context, actor governance.Actor, id governance.BallotID, size int64) (notary.Bundle, error) {
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
		bundle, err = q.ballotBundle(ctx, b, size)
		return err
	})
	if err != nil && governance.CodeOf(err) == "" {
		return notary.Bundle{}, fmt.Errorf("bundle ballot %s: %w", id, err)
	}
	return bundle, err
}

func (q *Query) ballotBundle(ctx context.Context, b *Ballot, size int64) (notary.Bundle, error) {
	council := &Organization{ID: b.CouncilID}
	if err := q.fillOrganizations(ctx, council); err != nil {
		return notary.Bundle{}, err
	}
	bundle := notary.Bundle{Ballot: notary.BundleBallot{
		ID: b.ID, Kind: b.Kind, Council: council.LegalName, Digest: b.Digest, Secrecy: b.Secrecy,
		OpenedAt: formatTime(b.OpenedAt), ClosesAt: formatTime(b.ClosesAt), ClosedAt: formatTime(*b.ClosedAt), Outcome: *b.Outcome,
	}}
	for _, fill := range []func(context.Context, *Ballot, *notary.Bundle) error{
		q.bundleTexts, q.bundleElectors, q.bundlePositions,
	} {
		if err := fill(ctx, b, &bundle); err != nil {
			return notary.Bundle{}, err
		}
	}
	var err error
	bundle.Acts, err = q.bundleActs(ctx, b, bundle.Positions, size)
	return bundle, err
}

// bundleTexts reads what the ballot's digests name, as it is stored.
func (q *Query) bundleTexts(ctx context.Context, b *Ballot, bundle *notary.Bundle) error {
	var result *string
	err := q.queryRow(ctx, `
		SELECT
			COALESCE(r.document, p.body, m.statement),
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
		Scan(raw(&bundle.Subject), raw(&bundle.Charter), raw(&bundle.Findings), raw(&bundle.Record), orNil(&result))
	if err != nil {
		return fmt.Errorf("read what the ballot was on: %w", err)
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
	bundle.Electors = make([]notary.BundleElector, len(record.Electors))
	for i, elector := range record.Electors {
		bundle.Electors[i] = notary.BundleElector{Elector: elector, Name: organizations[i].LegalName}
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

// bundledRow is an act of a ballot on its way into a bundle.
type bundledRow struct {
	id     string
	object string
	body   string
	leaf   int64
}

// bundleActs reads the acts that opened and closed the ballot and those by which its positions were taken, with the salts
// of the texts of the latter, and proves each.
func (q *Query) bundleActs(ctx context.Context, b *Ballot, positions []notary.BundlePosition, size int64) ([]notary.BundleAct, error) {
	place := make(map[string]int, len(positions))
	objects := []string{string(b.ID)}
	for i, p := range positions {
		place[string(p.ID)] = i
		objects = append(objects, string(p.ID))
	}
	var rows []bundledRow
	for batch := range batches(objects) {
		found, err := collect(ctx, q, func(row scanner) (bundledRow, error) {
			var a bundledRow
			return a, row.Scan(&a.id, &a.object, &a.body, &a.leaf)
		}, `
			SELECT a.id, a.object_id, a.body, COALESCE(l.number, -1)
			FROM acts a
			LEFT JOIN leaves l ON l.act_id = a.id
			WHERE a.object_id IN (`+placeholders(1, len(batch))+`) AND a.object_kind IN ('BALLOT', 'POSITION')`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the acts: %w", err)
		}
		rows = append(rows, found...)
	}
	if err := q.bundleActTexts(ctx, rows, place, positions); err != nil {
		return nil, err
	}
	return q.proveActs(ctx, rows, size)
}

// bundleActTexts adds to each position the texts that its act holds salted digests of.
func (q *Query) bundleActTexts(ctx context.Context, rows []bundledRow, place map[string]int, positions []notary.BundlePosition) error {
	acts := make([]named, len(rows))
	of := make(map[string]string, len(rows))
	for i, row := range rows {
		acts[i] = named{id: row.id}
		of[row.id] = row.object
	}
	sealed, err := q.sealedBeside(ctx, acts)
	if err != nil {
		return err
	}
	for act, beside := range sealed {
		at, is := place[of[act]]
		if !is {
			continue
		}
		for name, row := range beside {
			name, isText := strings.CutPrefix(name, "text ")
			if !isText {
				continue
			}
			if positions[at].Texts == nil {
				positions[at].Texts = map[string]notary.BundleText{}
			}
			text := notary.BundleText{Salt: row.Salt}
			if row.there {
				text.Text = &row.Text
			}
			positions[at].Texts[name] = text
		}
	}
	return nil
}

// proveActs puts acts into the order of the log, each with its proof.
func (q *Query) proveActs(ctx context.Context, rows []bundledRow, size int64) ([]notary.BundleAct, error) {
	slices.SortFunc(rows, func(a, b bundledRow) int { return cmp.Compare(a.leaf, b.leaf) })
	read := rememberTiles(q.tiles(ctx))
	acts := make([]notary.BundleAct, len(rows))
	for i, row := range rows {
		if row.leaf < 0 || row.leaf >= size {
			return nil, governance.Refuse(governance.CodeConflict, "not-logged-yet", "An act of the ballot is not in the log yet; ask again in a moment.")
		}
		proof, err := notary.ProveInclusion(read, row.leaf, size)
		if err != nil {
			return nil, err
		}
		acts[i] = notary.BundleAct{Leaf: row.leaf, Act: json.RawMessage(row.body), Proof: notary.EncodeHashes(proof.Hashes)}
	}
	return acts, nil
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
