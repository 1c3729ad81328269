package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// How much is told at a time.
const (
	followActs   = 1000                // acts read in one turn
	followPeople = 5000                // told in one turn, and the rest of the last act's
	tellChunk    = 200                 // notices written in one transaction
	atOnceWithin = 48 * time.Hour      // what is older when it is found waits for the digest
	digestWithin = 14 * 24 * time.Hour // what is older is in the application alone
)

// notice is a notice that is not written yet.
type notice struct {
	happened
	concerned
	rule     governance.NoticeRule
	audience governance.Audience
}

// FollowLog reads the acts that came since it was last called and writes a notice for each person whom one concerns. Mails
// are put into the outbox only where they are sent. It answers whether there is more. A call that is cut off is repeated
// by the next one and tells nobody twice; several nodes may call at the same time.
func (db *DB) FollowLog(ctx context.Context, mails bool) (more bool, err error) {
	var from, to int64
	var notices []notice
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if err := q.queryRow(ctx, `SELECT number FROM notice_cursor WHERE id = 1`).Scan(&from); err != nil {
			return fmt.Errorf("read how far the log was followed: %w", err)
		}
		notices, to, more, err = q.noticesSince(ctx, from)
		return err
	})
	if err != nil || to == from {
		return false, err
	}
	if err := db.tell(ctx, notices, mails); err != nil {
		return false, err
	}
	err = db.write(ctx, "followLog", func(ctx context.Context, tx *Tx) error {
		if err := tx.announceSince(ctx, from, to); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE notice_cursor SET number = $1 WHERE id = 1 AND number = $2`, to, from)
		return err
	})
	return more, err
}

// actRow is an act as the follower reads it.
type actRow struct {
	number int64
	happened
}

// noticesSince makes the notices of the acts behind a leaf and answers the last leaf that it read, and whether there may be
// more.
func (q *Query) noticesSince(ctx context.Context, from int64) (notices []notice, to int64, more bool, err error) {
	acts, err := collect(ctx, q, scanActRow, `
		SELECT l.number, a.id, a.created_at, a.type, a.object_kind, a.object_id, a.organization_id, p.person_id, t.text
		FROM leaves l
		JOIN acts a ON a.id = l.act_id
		LEFT JOIN act_people p ON p.act_id = a.id
		LEFT JOIN act_texts t ON t.act_id = a.id AND t.name = 'organization'
		WHERE l.number > $1
		ORDER BY l.number
		LIMIT $2`, from, followActs)
	if err != nil {
		return nil, 0, false, fmt.Errorf("read the acts behind leaf %d: %w", from, err)
	}
	to = from
	kept := foundAudiences{}
	for _, a := range acts {
		if len(notices) >= followPeople {
			return notices, to, true, nil
		}
		told, err := q.noticesOf(ctx, kept, a.happened)
		if err != nil {
			return nil, 0, false, err
		}
		notices, to = append(notices, told...), a.number
	}
	return notices, to, len(acts) == followActs, nil
}

func scanActRow(row scanner) (actRow, error) {
	var a actRow
	return a, row.Scan(&a.number, &a.source, at(&a.at), &a.event, &a.object.Kind, &a.object.ID, orEmpty(&a.by),
		orEmpty(&a.person), orEmpty(&a.named))
}

// noticesOf makes the notices of one thing that happened, one for each person.
func (q *Query) noticesOf(ctx context.Context, kept foundAudiences, h happened) ([]notice, error) {
	rules := governance.NoticesOf(h.event)
	if len(rules) == 0 {
		return nil, nil
	}
	found, err := q.locate(ctx, &h)
	if err != nil || !found {
		return nil, err
	}
	var notices []notice
	told := map[governance.PersonID]bool{h.person: true}
	for _, rule := range rules {
		for _, audience := range rule.To {
			people, err := q.audience(ctx, kept, audience, h)
			if err != nil {
				return nil, err
			}
			for _, c := range people {
				if !told[c.person] {
					told[c.person] = true
					notices = append(notices, notice{happened: h, concerned: c, rule: rule, audience: audience})
				}
			}
		}
	}
	return notices, nil
}

// located are the kinds of objects that acts name, each with where its edition is found; a ballot on a charter has none. A
// notice is about the comment, the ballot, the need, the application, the organization or the charter itself, about the edition in all other cases.
var located = map[string]struct {
	text  string // answers edition, council and deadline of $1, and whether it is a comment that stands alone
	about string // empty: the edition
}{
	"EDITION": {text: locateEdition(`editions e`, `e.id = $1`, noText, "0")},
	"COMMENT": {about: "COMMENT", text: locateEdition(`comments c
		JOIN editions e ON e.id = c.edition_id
		LEFT JOIN dispositions d ON d.comment_id = c.id`, `c.id = $1`, `d.reply_due_at`, standsAlone)},
	"CONSULTATION": {text: locateEdition(`consultations k
		JOIN editions e ON e.id = k.edition_id`, `k.id = $1`, `k.closes_at`, "0")},
	"BALLOT": {about: "BALLOT", text: `SELECT b.edition_id, b.council_id, b.closes_at, 0 FROM ballots b WHERE b.id = $1`},
	"STATEMENT": {text: locateEdition(`statements w
		JOIN editions e ON e.id = w.edition_id`, `w.id = $1`, noText, "0")},
	"SUGGESTION": {text: locateEdition(`suggestions g
		JOIN editions e ON e.id = g.edition_id`, `g.id = $1`, noText, "0")},
	"PUBLICATION": {text: locateEdition(`publications p
		JOIN editions e ON e.id = p.edition_id`, `p.id = $1`, noText, "0")},
	"ROLL_APPLICATION": {about: "ROLL_APPLICATION", text: `SELECT ` + noText + `, p.council_id, ` + noText + `, 0 FROM roll_applications p WHERE p.id = $1`},
	"ORGANIZATION":     {about: "ORGANIZATION", text: `SELECT ` + noText + `, ` + noText + `, ` + noText + `, 0 FROM organizations o WHERE o.id = $1`},
	"CHARTER":          {about: "CHARTER", text: `SELECT ` + noText + `, c.council_id, ` + noText + `, 0 FROM charters c WHERE c.id = $1`},
	"NEED":             {about: "NEED", text: `SELECT ` + noText + `, n.council_id, ` + noText + `, 0 FROM needs n WHERE n.id = $1`},
}

// standsAlone says of a comment c that it answers none and mentions nobody.
const standsAlone = `CASE
			WHEN c.parent_id IS NULL AND NOT EXISTS (SELECT 1 FROM comment_mentions n WHERE n.comment_id = c.id) THEN 1
			ELSE 0
		END`

func locateEdition(from, where, due, alone string) string {
	return `
		SELECT e.id, s.council_id, ` + due + `, ` + alone + `
		FROM ` + from + `
		JOIN specifications s ON s.id = e.specification_id
		WHERE ` + where
}

// deadlined are the events that tell of a deadline ahead.
var deadlined = []string{"COMMENT_DISPOSED", "CONSULTATION_OPENED", "CONSULTATION_EXTENDED", "BALLOT_OPENED"}

// locate finds the edition, need or council that something happened to. It answers false for what is none of these.
func (q *Query) locate(ctx context.Context, h *happened) (bool, error) {
	if h.object.Kind == "POSITION" { // is told as of its ballot
		h.object.Kind = "BALLOT"
		err := q.queryRow(ctx, `SELECT ballot_id FROM positions WHERE id = $1`, h.object.ID).Scan(&h.object.ID)
		if err != nil {
			return false, fmt.Errorf("find the ballot of a position: %w", err)
		}
	}
	where, known := located[h.object.Kind]
	if !known {
		return false, nil
	}
	found := false
	err := q.query(ctx, func(row scanner) error {
		found = true
		return row.Scan(orEmpty(&h.edition), orEmpty(&h.council), at(&h.due), &h.alone)
	}, where.text, h.object.ID)
	if err != nil {
		return false, fmt.Errorf("locate %s %s: %w", h.object.Kind, h.object.ID, err)
	}
	h.acted = h.object.ID
	if where.about == "" {
		h.object = Object{Kind: "EDITION", ID: string(h.edition)}
	}
	if !slices.Contains(deadlined, h.event) {
		h.due = time.Time{}
	}
	return found, nil
}

// tell writes notices, a chunk a transaction. What was told before is passed over.
func (db *DB) tell(ctx context.Context, notices []notice, mails bool) error {
	for chunk := range slices.Chunk(notices, tellChunk) {
		err := db.write(ctx, "tell", func(ctx context.Context, tx *Tx) error {
			told, err := tx.insertNotices(ctx, chunk)
			if err != nil || !mails || len(told) == 0 {
				return err
			}
			return tx.queueMails(ctx, told)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// toldNotice is a notice that was written now.
type toldNotice struct {
	id      string
	person  governance.PersonID
	kind    governance.NoticeKind
	council governance.OrganizationID
	atOnce  bool
}

const noticeValues = 14

// insertNotices writes the notices that are new and answers them, in the order of the people.
func (tx *Tx) insertNotices(ctx context.Context, notices []notice) ([]toldNotice, error) {
	slices.SortFunc(notices, func(a, b notice) int { // whoever else writes the same rows waits, and no two for each other
		return strings.Compare(string(a.concerned.person)+a.source, string(b.concerned.person)+b.source)
	})
	rows, args := "", make([]any, 0, len(notices)*noticeValues)
	councils := make(map[string]governance.OrganizationID, len(notices))
	for i, n := range notices {
		if i > 0 {
			rows += ", "
		}
		rows += "(" + placeholders(len(args)+1, noticeValues) + ")"
		id := tx.newID()
		councils[id] = n.council
		args = append(args, id, n.concerned.person, orNull(n.organization), n.source, n.event, n.rule.Kind, n.audience,
			n.object.Kind, n.object.ID, orNull(n.edition), orNull(n.by), n.due, tx.atOnce(n), n.at)
	}
	var told []toldNotice
	err := tx.query(ctx, func(row scanner) error {
		var t toldNotice
		err := row.Scan(&t.id, &t.person, &t.kind, &t.atOnce)
		t.council = councils[t.id]
		told = append(told, t)
		return err
	}, `
		INSERT INTO notices (
			id, person_id, organization_id, source, event, kind, audience, object_kind, object_id, edition_id, by_id, due_at,
			at_once, created_at
		) VALUES `+rows+`
		ON CONFLICT (person_id, source) DO NOTHING
		RETURNING id, person_id, kind, at_once`, args...)
	if err != nil {
		return nil, fmt.Errorf("write notices: %w", err)
	}
	return told, nil
}

// atOnce says whether a notice is mailed as it comes.
func (q *Query) atOnce(n notice) bool { return n.rule.Kind.AtOnce() && q.now.Sub(n.at) < atOnceWithin }
