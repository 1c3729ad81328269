package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// mailReader is how somebody wants to be told by mail.
type mailReader struct {
	person    governance.PersonID
	digest    governance.DigestFrequency
	hour      int
	zone      string
	muted     []governance.NoticeKind
	digestDue time.Time
}

// wants says whether notices of the kind are mailed.
func (r mailReader) wants(kind governance.NoticeKind) bool { return !slices.Contains(r.muted, kind) }

// mailReaders reads those of the people who are written to at all: they have an address that was verified, and have not
// turned all mails off.
func (q *Query) mailReaders(ctx context.Context, people []governance.PersonID) (map[governance.PersonID]mailReader, error) {
	readers := make(map[governance.PersonID]mailReader, len(people))
	for batch := range batches(people) {
		found, err := collect(ctx, q, scanMailReader, `
			SELECT p.id, COALESCE(n.digest, 'DAILY'), COALESCE(n.hour, 7), COALESCE(n.zone, ''), COALESCE(n.muted, '[]'), n.digest_due_at
			FROM persons p
			LEFT JOIN notice_preferences n ON n.person_id = p.id
			WHERE p.id IN (`+placeholders(1, len(batch))+`) AND p.email <> '' AND p.email_verified = 1 AND p.erased_at IS NULL
				AND COALESCE(n.no_mail, 0) = 0`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read who is written to: %w", err)
		}
		for _, r := range found {
			readers[r.person] = r
		}
	}
	return readers, nil
}

func scanMailReader(row scanner) (mailReader, error) {
	var r mailReader
	var muted string
	if err := row.Scan(&r.person, &r.digest, &r.hour, &r.zone, &muted, at(&r.digestDue)); err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(muted), &r.muted)
}

// queueMails puts what is told at once into one mail a person, and sees to it that the rest has a digest to come in.
func (tx *Tx) queueMails(ctx context.Context, told []toldNotice) error {
	byPerson := map[governance.PersonID][]toldNotice{}
	var people []governance.PersonID // in order, so that every attempt draws the same ids
	for _, t := range told {
		if byPerson[t.person] == nil {
			people = append(people, t.person)
		}
		byPerson[t.person] = append(byPerson[t.person], t)
	}
	readers, err := tx.mailReaders(ctx, people)
	if err != nil {
		return err
	}
	slices.Sort(people)
	for _, person := range people {
		reader, reached := readers[person]
		if !reached {
			continue
		}
		if err := tx.queueFor(ctx, reader, byPerson[person]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) queueFor(ctx context.Context, reader mailReader, told []toldNotice) error {
	var now []any
	later, council := false, governance.OrganizationID("")
	for _, t := range told {
		switch {
		case !reader.wants(t.kind):
		case t.atOnce:
			now = append(now, t.id)
		default:
			later, council = true, t.council
		}
	}
	if len(now) > 0 {
		mail, err := tx.insertMail(ctx, reader.person, "AT_ONCE")
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, `UPDATE notices SET mail_id = $1 WHERE id IN (`+placeholders(2, len(now))+`)`,
			append([]any{mail}, now...)...)
		if err != nil {
			return fmt.Errorf("put notices into a mail: %w", err)
		}
	}
	if !later || !reader.digestDue.IsZero() || reader.digest == governance.DigestNever {
		return nil
	}
	return tx.setDigest(ctx, reader, council)
}

// insertMail puts a mail into the outbox, to be sent now.
func (tx *Tx) insertMail(ctx context.Context, person governance.PersonID, kind string) (string, error) {
	id := tx.newID()
	_, err := tx.exec(ctx, `
		INSERT INTO outbox (id, person_id, kind, state, created_at, due_at)
		VALUES ($1, $2, $3, 'WAITING', $4, $4)`, id, person, kind, tx.now)
	if err != nil {
		return "", fmt.Errorf("put a mail into the outbox: %w", err)
	}
	return id, nil
}

// setDigest says when the person's next digest is due: by its own zone or, where it has told none, the council's.
func (tx *Tx) setDigest(ctx context.Context, reader mailReader, council governance.OrganizationID) error {
	zone := reader.zone
	if zone == "" {
		err := tx.query(ctx, func(row scanner) error { return row.Scan(&zone) }, `SELECT zone FROM councils WHERE id = $1`, council)
		if err != nil {
			return fmt.Errorf("read the council's zone: %w", err)
		}
	}
	if zone == "" {
		zone = "UTC" // of a need in a sector without a council
	}
	due, err := governance.NextDigest(tx.now, reader.digest, reader.hour, zone)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO notice_preferences (person_id, digest_due_at)
		VALUES ($1, $2)
		ON CONFLICT (person_id) DO UPDATE SET digest_due_at = excluded.digest_due_at
		WHERE notice_preferences.digest_due_at IS NULL`, reader.person, due)
	if err != nil {
		return fmt.Errorf("set the next digest: %w", err)
	}
	return nil
}

// digestsAtOnce is how many digests are made in one turn.
const digestsAtOnce = 500

// MakeDigests puts into the outbox every digest that is due, each once however many nodes ask. Who has read everything
// gets none.
func (db *DB) MakeDigests(ctx context.Context) error {
	var due []mailReader
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (mailReader, error) {
			var r mailReader
			return r, row.Scan(&r.person, at(&r.digestDue))
		}, `
			SELECT person_id, digest_due_at
			FROM notice_preferences
			WHERE digest_due_at <= $1
			ORDER BY digest_due_at, person_id
			LIMIT $2`, q.now, digestsAtOnce)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for digests that are due: %w", err)
	}
	var failed []error
	for _, r := range due {
		err := db.write(ctx, "makeDigest", func(ctx context.Context, tx *Tx) error { return tx.makeDigest(ctx, r) })
		if err != nil {
			failed = append(failed, fmt.Errorf("make the digest of %s: %w", r.person, err))
		}
	}
	return errors.Join(failed...)
}

// makeDigest puts what the person has not read and was not mailed into one mail.
func (tx *Tx) makeDigest(ctx context.Context, due mailReader) error {
	taken, err := tx.exec(ctx, `UPDATE notice_preferences SET digest_due_at = NULL WHERE person_id = $1 AND digest_due_at = $2`,
		due.person, due.digestDue)
	if err != nil || taken == 0 {
		return err // somebody else makes it
	}
	readers, err := tx.mailReaders(ctx, []governance.PersonID{due.person})
	if err != nil {
		return err
	}
	reader, reached := readers[due.person]
	if !reached || reader.digest == governance.DigestNever {
		return nil
	}
	args := []any{due.person, tx.now.Add(-digestWithin)}
	wanted := ""
	for _, kind := range reader.muted {
		args = append(args, kind)
		wanted += fmt.Sprintf(" AND kind <> $%d", len(args))
	}
	untold, err := collect(ctx, tx.Query, func(row scanner) (any, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	}, `
		SELECT id
		FROM notices
		WHERE person_id = $1 AND created_at > $2 AND read_at IS NULL AND mail_id IS NULL`+wanted+`
		ORDER BY created_at DESC, id DESC
		LIMIT 500`, args...)
	if err != nil || len(untold) == 0 {
		return err
	}
	mail, err := tx.insertMail(ctx, due.person, "DIGEST")
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE notices SET mail_id = $1 WHERE id IN (`+placeholders(2, len(untold))+`)`,
		append([]any{mail}, untold...)...)
	return err
}
