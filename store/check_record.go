package store

import (
	"context"
	"fmt"
	"strconv"

	"concordat/governance"
	"concordat/notary"
)

// checkDigests compares every text that is named by a digest with it: revisions, versions of offers, charters and
// matters; and each ballot, approved edition and publication with the text that it names.
func (q *Query) checkDigests(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	for _, kept := range []struct{ noun, text string }{
		{"revision", `SELECT id, document, digest FROM revisions WHERE id > $1 ORDER BY id LIMIT $2`},
		{"charter", `SELECT id, body, digest FROM charters WHERE id > $1 ORDER BY id LIMIT $2`},
		{"matter", `SELECT id, statement, digest FROM matters WHERE id > $1 ORDER BY id LIMIT $2`},
		{"offer", `SELECT id, facts, digest FROM offers WHERE id > $1 ORDER BY id LIMIT $2`},
	} {
		found, err := q.checkNamed(ctx, kept.noun, kept.text)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	versions, err := q.checkVersions(ctx)
	if err != nil {
		return nil, err
	}
	bound, err := q.checkBinding(ctx)
	return append(append(problems, versions...), bound...), err
}

// named is a text and the digest that names it.
type named struct {
	id     string
	bytes  []byte
	digest governance.Digest
}

func scanNamed(row scanner) (named, error) {
	var n named
	return n, row.Scan(&n.id, &n.bytes, &n.digest)
}

// check says whether the bytes are what the digest names.
func (n named) check(noun string) []Problem {
	if notary.Digest(n.bytes) == n.digest {
		return nil
	}
	return []Problem{{noun + " " + n.id, "is not what its digest names"}}
}

// namedPage is how many texts are read at a time: each may have a megabyte.
const namedPage = 50

// checkNamed goes through a table by id; the statement answers id, bytes and digest of a page after an id.
func (q *Query) checkNamed(ctx context.Context, noun, text string) ([]Problem, error) {
	var problems []Problem
	for last := ""; ; {
		page, err := collect(ctx, q, scanNamed, text, last, namedPage)
		if err != nil {
			return nil, fmt.Errorf("read the digests of each %s: %w", noun, err)
		}
		for _, n := range page {
			problems = append(problems, n.check(noun)...)
			last = n.id
		}
		if len(page) < namedPage {
			return problems, nil
		}
	}
}

// checkVersions is checkNamed for the versions of offers, whose key has two parts, and looks for gaps in their numbers.
func (q *Query) checkVersions(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	offers, err := collect(ctx, q, func(row scanner) (named, error) {
		var n named
		return n, row.Scan(&n.id)
	}, `SELECT id FROM offers ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the offers: %w", err)
	}
	for _, offer := range offers {
		versions, err := collect(ctx, q, scanNamed,
			`SELECT CAST(number AS TEXT), facts, digest FROM offer_versions WHERE offer_id = $1 ORDER BY number`, offer.id)
		if err != nil {
			return nil, fmt.Errorf("read the versions of offer %s: %w", offer.id, err)
		}
		for i, version := range versions {
			noun := "offer " + offer.id + ", version"
			problems = append(problems, version.check(noun)...)
			if version.id != strconv.Itoa(i+1) {
				problems = append(problems, Problem{noun + " " + version.id, fmt.Sprintf("stands where version %d should", i+1)})
			}
		}
	}
	return problems, nil
}

// checkBinding looks for ballots, approvals and publications that name another text than they are about, and for charters,
// publications and reviews that are not what a ballot on them decided.
func (q *Query) checkBinding(ctx context.Context) ([]Problem, error) {
	return collect(ctx, q, func(row scanner) (Problem, error) {
		p := Problem{What: "binds to a digest that is not its text's"}
		return p, row.Scan(&p.Where)
	}, `
		SELECT 'ballot ' || b.id AS place
		FROM ballots b
		JOIN revisions r ON r.id = b.revision_id
		WHERE r.digest <> b.digest
		UNION ALL
		SELECT 'ballot ' || b.id AS place
		FROM ballots b
		JOIN charters p ON p.id = b.proposal_id
		WHERE p.digest <> b.digest
		UNION ALL
		SELECT 'ballot ' || b.id AS place
		FROM ballots b
		JOIN matters m ON m.id = b.matter_id
		WHERE m.digest <> b.digest
		UNION ALL
		SELECT 'charter ' || p.id AS place
		FROM charters p
		JOIN ballots b ON b.proposal_id = p.id
		WHERE b.outcome = 'CARRIED' AND p.state NOT IN ('IN_FORCE', 'REPLACED')
		UNION ALL
		SELECT 'publication ' || p.id AS place
		FROM publications p
		JOIN matters m ON m.object_id = p.id
		JOIN ballots b ON b.matter_id = m.id
		WHERE b.outcome = 'CARRIED' AND (
			m.kind = 'WITHDRAWAL' AND p.state <> 'WITHDRAWN'
			OR m.kind = 'REVIEW' AND NOT EXISTS (SELECT 1 FROM reviews v WHERE v.publication_id = p.id AND v.ballot_id = b.id)
		)
		UNION ALL
		SELECT 'publication ' || v.publication_id AS place
		FROM reviews v
		JOIN ballots b ON b.id = v.ballot_id
		WHERE b.outcome IS NULL OR b.outcome <> 'CARRIED'
		UNION ALL
		SELECT 'edition ' || e.id AS place
		FROM editions e
		JOIN ballots b ON b.id = e.approved_ballot_id
		WHERE e.approved_digest <> b.digest OR b.outcome IS NULL OR b.outcome <> 'CARRIED'
		UNION ALL
		SELECT 'publication ' || p.id AS place
		FROM publications p
		JOIN editions e ON e.id = p.edition_id
		WHERE e.approved_digest IS NULL OR e.approved_digest <> p.digest
		ORDER BY place`)
}
