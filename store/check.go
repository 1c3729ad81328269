package store

import (
	"context"
	"fmt"

	"concordat/governance"
	"concordat/notary"
)

// Problem is one thing that a check of the database found: where, and what is wrong, in English for an operator.
type Problem struct {
	Where string // "leaf 17", "act 0195…", "file"
	What  string
}

// String renders the problem on a line.
func (p Problem) String() string { return p.Where + ": " + p.What }

// Check reads the whole database in one snapshot and answers what is wrong with it: the file's own integrity (on SQLite;
// on PostgreSQL that is pg_amcheck's business), the log against the acts and against every checkpoint signed of it, what
// lies beside them against the digests in them, every text against the digest that names it, every closed ballot
// against its record, counted again, and its act, and every signed statement against its signature and its key.
func (db *DB) Check(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	err := db.readAfresh(ctx, func(ctx context.Context, q *Query) error {
		if !db.Postgres() {
			found, err := q.checkFile(ctx)
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
		for _, check := range []func(context.Context) ([]Problem, error){q.checkLog, q.checkTree, q.checkTexts, q.checkDigests, q.checkBallots, q.checkSignatures} {
			found, err := check(ctx)
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	return problems, nil
}

// checkFile asks SQLite for damage and for references to nothing.
func (q *Query) checkFile(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	err := q.query(ctx, func(row scanner) error {
		var what string
		if err := row.Scan(&what); err != nil {
			return err
		}
		if what != "ok" {
			problems = append(problems, Problem{Where: "file", What: what})
		}
		return nil
	}, `PRAGMA integrity_check`)
	if err != nil {
		return nil, err
	}
	err = q.query(ctx, func(row scanner) error {
		var table, parent string
		var number, key *int64
		if err := row.Scan(&table, &number, &parent, &key); err != nil {
			return err
		}
		problems = append(problems, Problem{Where: table, What: "refers to a row of " + parent + " that does not exist"})
		return nil
	}, `PRAGMA foreign_key_check`)
	return problems, err
}

// checkPage is how many acts are read at a time.
const checkPage = 1000

// loggedRow is an act as it stands in the log.
type loggedRow struct {
	number int64
	hash   string
	act    string
	digest governance.Digest
	body   string
}

func scanLoggedRow(row scanner) (loggedRow, error) {
	var r loggedRow
	err := row.Scan(&r.number, &r.hash, &r.act, &r.digest, &r.body)
	return r, err
}

// checkLog recomputes every leaf and looks for gaps and for acts without a leaf. Acts that wait in the queue are none.
func (q *Query) checkLog(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	for next := int64(0); ; {
		page, err := collect(ctx, q, scanLoggedRow, `
			SELECT l.number, l.hash, a.id, a.digest, a.body
			FROM leaves l
			JOIN acts a ON a.id = l.act_id
			WHERE l.number >= $1
			ORDER BY l.number
			LIMIT $2`, next, checkPage)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		for _, row := range page {
			problems = append(problems, row.check(next)...)
			next = row.number + 1
		}
		if len(page) < checkPage {
			break
		}
	}
	lost, err := collect(ctx, q, func(row scanner) (Problem, error) {
		p := Problem{What: "has no leaf and does not wait for one"}
		err := row.Scan(&p.Where)
		p.Where = "act " + p.Where
		return p, err
	}, `
		SELECT a.id
		FROM acts a
		LEFT JOIN leaves l ON l.act_id = a.id
		LEFT JOIN act_queue w ON w.act_id = a.id
		WHERE l.act_id IS NULL AND w.act_id IS NULL
		ORDER BY a.id`)
	return append(problems, lost...), err
}

// check compares one leaf with its act and with its place.
func (r loggedRow) check(expected int64) []Problem {
	var problems []Problem
	where := fmt.Sprintf("leaf %d", r.number)
	if r.number != expected {
		problems = append(problems, Problem{where, fmt.Sprintf("stands where leaf %d should", expected)})
	}
	if notary.Digest([]byte(r.body)) != r.digest {
		problems = append(problems, Problem{"act " + r.act, "is not what its digest names"})
	}
	if hash, err := leafHash(notary.Digest([]byte(r.body))); err != nil || hash != r.hash {
		problems = append(problems, Problem{where, "is not the hash of act " + r.act})
	}
	return problems
}
