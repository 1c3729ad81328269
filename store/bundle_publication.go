package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// PublicationBundle gathers everything that shows how a published text came about: its file, the ballot that approved it as
// BallotBundle does, and the acts of its way until it was published. Errors: CONFLICT where no ballot is on record, and
// where an act is in no checkpoint of the epoch yet.
func (db *DB) PublicationBundle(ctx context.Context, p *Publication, epoch int64) (notary.Bundle, error) {
	var bundle notary.Bundle
	err := db.readLong(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, p.EditionID)
		if err != nil {
			return err
		}
		var nobody governance.Actor
		if e.ApprovedBallotID == "" {
			return governance.Refuse(governance.CodeConflict, "no-ballot", "No ballot on this text is on record.")
		}
		b, err := q.visibleBallot(ctx, nobody, e.ApprovedBallotID)
		if err != nil {
			return err
		}
		if bundle.Publication, err = q.publicationBytes(ctx, p); err != nil {
			return err
		}
		wanted, err := q.ballotBundle(ctx, nobody, b, p.PublishedAt, &bundle)
		if err != nil {
			return err
		}
		way, err := q.actsOfWay(ctx, p, e, b, bundle.Publication)
		if err != nil {
			return err
		}
		keys, err := q.bundleSignatures(ctx, p, way, &bundle)
		if err != nil {
			return err
		}
		return q.bundleActs(ctx, append(append(wanted, way...), keys), epoch, &bundle)
	})
	if err != nil {
		return notary.Bundle{}, wrapStep("bundle publication "+string(p.ID), err)
	}
	return bundle, nil
}

// publicationBytes reads a publication's file. One of what was published before files were kept is made as of that moment.
func (q *Query) publicationBytes(ctx context.Context, p *Publication) (json.RawMessage, error) {
	found, err := q.publicationFiles(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return found[0].Bytes, nil
	}
	file, err := q.describePublication(ctx, p, p.PublishedAt)
	if err != nil {
		return nil, err
	}
	return notary.Canonical(file)
}

// actsOfWay are the acts of a publication's edition until it was published, besides those of the ballot that approved it.
func (q *Query) actsOfWay(ctx context.Context, p *Publication, e *Edition, approved *Ballot, file json.RawMessage) ([]wantedActs, error) {
	var filed publicationFile
	if err := json.Unmarshal(file, &filed); err != nil {
		return nil, fmt.Errorf("read the file of publication %s: %w", p.ID, errStored{err})
	}
	statements, offers := wantedActs{kind: "STATEMENT"}, wantedActs{kind: "OFFER"}
	for _, s := range filed.Statements {
		statements.ids = append(statements.ids, string(s.ID))
	}
	for _, o := range filed.Offers {
		offers.ids = append(offers.ids, string(o.ID))
	}
	consultations, err := collect(ctx, q, scanText,
		`SELECT id FROM consultations WHERE edition_id = $1 AND is_public = 1 AND state <> 'OPEN' ORDER BY id`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("read the consultations on %s: %w", e.ID, err)
	}
	ballots, err := collect(ctx, q, scanText,
		`SELECT id FROM ballots WHERE edition_id = $1 AND kind = 'EDITION' AND id <> $2 ORDER BY id`, e.ID, approved.ID)
	if err != nil {
		return nil, fmt.Errorf("read the ballots on %s: %w", e.ID, err)
	}
	way := []wantedActs{
		{kind: "SPECIFICATION", ids: []string{string(e.SpecificationID)}},
		{kind: "EDITION", ids: []string{string(e.ID)}},
		{kind: "REVISION", ids: []string{string(e.HeadID)}},
		{kind: "CONSULTATION", ids: consultations},
		{kind: "BALLOT", ids: ballots},
		statements, offers,
		{kind: "PUBLICATION", ids: []string{string(p.ID)}},
	}
	for i := range way {
		way[i].until = p.PublishedAt
	}
	return way, nil
}

// bundleSignatures reads what was signed of a publication and of the statements among the acts of its way, and answers the acts
// by which those who signed registered their keys.
func (q *Query) bundleSignatures(ctx context.Context, p *Publication, way []wantedActs, bundle *notary.Bundle) (wantedActs, error) {
	keys := wantedActs{kind: "ORGANIZATION", until: p.PublishedAt}
	read := func(object, rows string, arguments ...any) error {
		return q.query(ctx, func(row scanner) error {
			s := notary.BundleSignature{Object: object}
			var organization string
			var revoked, keyRevoked *time.Time
			err := row.Scan(&s.ID, &s.Credential, &s.PublicKey, &organization, atOrNil(&revoked), atOrNil(&keyRevoked))
			if err != nil {
				return err
			}
			if revoked != nil {
				s.RevokedAt = formatTime(*revoked)
			}
			if keyRevoked != nil {
				s.KeyRevokedFrom = formatTime(*keyRevoked)
			}
			if !slices.Contains(keys.ids, organization) {
				keys.ids = append(keys.ids, organization)
			}
			bundle.Signatures = append(bundle.Signatures, s)
			return nil
		}, rows, arguments...)
	}
	err := read("PUBLICATION", `
		SELECT g.publication_id, g.credential, k.public_key, k.organization_id,
			CASE WHEN p.state = 'WITHDRAWN' THEN e.stage_at END,
			CASE WHEN k.revoked_from <= g.prepared_at THEN k.revoked_from END
		FROM publication_signatures g
		JOIN publications p ON p.id = g.publication_id
		JOIN editions e ON e.id = p.edition_id
		JOIN keys k ON k.id = g.key_id
		WHERE g.publication_id = $1`, p.ID)
	for _, w := range way {
		if w.kind != "STATEMENT" {
			continue
		}
		for batch := range batches(w.ids) {
			if err == nil {
				err = read("STATEMENT", `
					SELECT g.statement_id, g.credential, k.public_key, k.organization_id, COALESCE(s.revoked_at, s.lapsed_at),
						CASE WHEN k.revoked_from <= g.prepared_at THEN k.revoked_from END
					FROM statement_signatures g
					JOIN statements s ON s.id = g.statement_id
					JOIN keys k ON k.id = g.key_id
					WHERE g.statement_id IN (`+placeholders(1, len(batch))+`)
					ORDER BY g.statement_id`, batch...)
			}
		}
	}
	if err != nil {
		return keys, fmt.Errorf("read what was signed of publication %s: %w", p.ID, err)
	}
	return keys, nil
}
