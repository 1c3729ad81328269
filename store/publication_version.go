package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Generation says how far this node knows the database to have come. While it stays the same, what was read stays true, but
// for what time alone changes; what another process writes is known here a second later at the latest.
type Generation struct {
	steps uint64 // that this process committed
	leaf  int64  // the newest
}

// Generation answers the newest one. Whoever keeps what it reads asks for it before it reads.
func (db *DB) Generation() Generation { return Generation{db.steps.Load(), db.watch.head()} }

// PublicationVersion names what everybody is told of a publication: while it is the same, so is that.
type PublicationVersion struct {
	ID        governance.PublicationID
	Digest    governance.Digest
	Version   string
	Until     *time.Time // when a statement begins or ends, and the version with it; nil: no time ends it
	ChangedAt time.Time  // when the publication, an offer or what is said about it changed last
}

// PublicationVersionAt finds the version of the publication of an edition, as PublicationAt finds the publication, by one
// statement. NOT_FOUND where there is none.
func (db *DB) PublicationVersionAt(ctx context.Context, slug, number string) (PublicationVersion, error) {
	return db.publicationVersion(ctx, slug+"/"+number, `s.slug = $2 AND e.number = $3`, slug, number)
}

// PublicationVersionOf finds the version of the publication of an exact text, as Publication finds the publication, by one
// statement. NOT_FOUND where there is none.
func (db *DB) PublicationVersionOf(ctx context.Context, digest governance.Digest) (PublicationVersion, error) {
	return db.publicationVersion(ctx, string(digest), `p.digest = $2 ORDER BY p.published_at DESC, p.id DESC LIMIT 1`, digest)
}

// lastSaid is when a statement about the edition of a publication p was given or revoked last.
const lastSaid = `(SELECT MAX(COALESCE(st.revoked_at, st.answered_at)) FROM statements st WHERE st.edition_id = p.edition_id)`

// publicationVersion counts every step on the specification and on the organizations that the publication names, and looks
// for what time changes. $1 is now.
func (db *DB) publicationVersion(ctx context.Context, name, condition string, args ...any) (PublicationVersion, error) {
	var found []PublicationVersion
	err := db.readOne(ctx, func(ctx context.Context, q *Query) (err error) {
		found, err = collect(ctx, q, scanPublicationVersion, `
			SELECT
				p.id,
				p.digest,
				s.version,
				(
					SELECT CAST(SUM(o.version) AS BIGINT)
					FROM organizations o
					WHERE o.id IN (
						SELECT p.organization_id
						UNION SELECT e.lead_id
						UNION SELECT s.council_id
						UNION SELECT st.organization_id FROM statements st WHERE st.edition_id = p.edition_id
						UNION SELECT f.organization_id FROM offers f WHERE f.edition_id = p.edition_id
					)
				),
				(SELECT MIN(st.valid_from) FROM statements st WHERE st.edition_id = p.edition_id AND st.valid_from > $1),
				(SELECT MIN(st.valid_until) FROM statements st WHERE st.edition_id = p.edition_id AND st.valid_until > $1),
				e.stage_at,
				(
					SELECT MAX(v.created_at)
					FROM offers f
					JOIN offer_versions v ON v.offer_id = f.id
					WHERE f.edition_id = p.edition_id
				),
				`+lastSaid+
			publicationTables+`WHERE `+condition, append([]any{q.now}, args...)...)
		return err
	})
	if err != nil {
		return PublicationVersion{}, fmt.Errorf("read the version of publication %s: %w", name, err)
	}
	if len(found) == 0 {
		return PublicationVersion{}, governance.NotFound("publication", name)
	}
	return found[0], nil
}

func scanPublicationVersion(row scanner) (PublicationVersion, error) {
	var v PublicationVersion
	var specification, organizations int64
	var begins, ends, offered, said *time.Time
	err := row.Scan(&v.ID, &v.Digest, &specification, &organizations, atOrNil(&begins), atOrNil(&ends), at(&v.ChangedAt),
		atOrNil(&offered), atOrNil(&said))
	for _, moment := range []*time.Time{begins, ends} {
		if moment != nil && (v.Until == nil || moment.Before(*v.Until)) {
			v.Until = moment
		}
	}
	v.ChangedAt = newest(v.ChangedAt, offered, said)
	until := ""
	if v.Until != nil {
		until = formatTime(*v.Until)
	}
	v.Version = fmt.Sprintf("%d %d %s", specification, organizations, until)
	return v, err
}

// Holds says whether the version still stands as far as time goes.
func (v PublicationVersion) Holds(now time.Time) bool { return v.Until == nil || now.Before(*v.Until) }

// NewestPublished finds the number of a specification's edition that is published, or else of the one that was published
// last: public. NOT_FOUND where none was.
func (db *DB) NewestPublished(ctx context.Context, slug string) (number string, err error) {
	var found []string
	err = db.readOne(ctx, func(ctx context.Context, q *Query) (err error) {
		found, err = collect(ctx, q, func(row scanner) (string, error) {
			var number string
			return number, row.Scan(&number)
		}, `
			SELECT e.number `+publicationTables+`
			WHERE s.slug = $1
			ORDER BY CASE p.state WHEN 'PUBLISHED' THEN 0 ELSE 1 END, p.published_at DESC, p.id DESC
			LIMIT 1`, slug)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look for the newest publication of %s: %w", slug, err)
	}
	if len(found) == 0 {
		return "", governance.NotFound("publication", slug)
	}
	return found[0], nil
}
