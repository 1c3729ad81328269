package store

import (
	"context"
	"encoding/json"
	"fmt"

	"concordat/governance"
)

// sealedRow is what lies beside an act under a name: the person, or one of its texts.
type sealedRow struct {
	act  string
	name string
	salted
	there bool // it was not redacted
}

// actPerson is the name under which the person of an act is looked for.
const actPerson = "person"

// checkTexts compares the texts and persons beside the acts with the salted digests in them. What was redacted or erased
// is no problem: Redacted names it.
func (q *Query) checkTexts(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	err := q.eachSealed(ctx, func(row sealedRow, digest governance.Digest) error {
		if !row.there {
			return nil
		}
		found, err := row.digest()
		if err == nil && found != digest {
			problems = append(problems, Problem{"act " + row.act, "has a " + row.name + " beside it that is not what its digest names"})
		}
		return err
	})
	return problems, err
}

// Redacted names what was said in official acts, or who took them, and was erased since: the acts and their digests
// stand, and nothing is wrong.
func (db *DB) Redacted(ctx context.Context) ([]Problem, error) {
	var redacted []Problem
	err := db.readLong(ctx, func(ctx context.Context, q *Query) error {
		return q.eachSealed(ctx, func(row sealedRow, _ governance.Digest) error {
			if !row.there {
				redacted = append(redacted, Problem{"act " + row.act, row.name + " redacted"})
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("look for what was redacted: %w", err)
	}
	return redacted, nil
}

// eachSealed goes through all acts and calls look for each text and person that an act holds a salted digest of.
func (q *Query) eachSealed(ctx context.Context, look func(sealedRow, governance.Digest) error) error {
	for last := ""; ; {
		page, err := collect(ctx, q, scanNamed, `SELECT id, body, digest FROM acts WHERE id > $1 ORDER BY id LIMIT $2`, last, listLimit)
		if err != nil {
			return fmt.Errorf("read acts: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		sealed, err := q.sealedBeside(ctx, page)
		if err != nil {
			return err
		}
		for _, act := range page {
			if err := eachDigest(act, sealed[act.id], look); err != nil {
				return err
			}
			last = act.id
		}
	}
}

// eachDigest calls look for what one act holds digests of.
func eachDigest(act named, beside map[string]sealedRow, look func(sealedRow, governance.Digest) error) error {
	var body actBody
	if err := json.Unmarshal(act.bytes, &body); err != nil {
		return fmt.Errorf("read act %s: %w", act.id, err)
	}
	digests := make(map[string]governance.Digest, len(body.Texts)+1)
	for name, digest := range body.Texts {
		digests["text "+name] = digest
	}
	if body.Person != "" {
		digests[actPerson] = body.Person
	}
	for _, name := range sortedKeys(digests) {
		row := beside[name]
		row.act, row.name = act.id, name
		if err := look(row, digests[name]); err != nil {
			return err
		}
	}
	return nil
}

// sealedBeside reads what lies beside a page of acts, by act and name.
func (q *Query) sealedBeside(ctx context.Context, page []named) (map[string]map[string]sealedRow, error) {
	ids := make([]governance.ActID, len(page))
	for i, act := range page {
		ids[i] = governance.ActID(act.id)
	}
	sealed := make(map[string]map[string]sealedRow, len(page))
	for batch := range batches(ids) {
		in := placeholders(1, len(batch))
		rows, err := collect(ctx, q, func(row scanner) (sealedRow, error) {
			var s sealedRow
			return s, row.Scan(&s.act, &s.name, &s.Salt, orEmpty(&s.Text), &s.there)
		}, `
			SELECT act_id, 'text ' || name, salt, text, CASE WHEN text IS NULL THEN 0 ELSE 1 END
			FROM act_texts
			WHERE act_id IN (`+in+`)
			UNION ALL
			SELECT act_id, '`+actPerson+`', salt, person_id, 1
			FROM act_people
			WHERE act_id IN (`+in+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read what lies beside acts: %w", err)
		}
		for _, row := range rows {
			if sealed[row.act] == nil {
				sealed[row.act] = map[string]sealedRow{}
			}
			sealed[row.act][row.name] = row
		}
	}
	return sealed, nil
}
