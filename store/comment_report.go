package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

// CommentReport is that somebody finds a comment out of place; the council's secretaries alone read it.
type CommentReport struct {
	Reason       string
	Organization *Organization // nil: a person for itself
	CreatedAt    time.Time
	SettledAt    *time.Time // dismissed, hidden or redacted
}

// moderation is what lies with the council about a comment.
type moderation struct {
	reports  int                 // that nothing came of yet
	reported bool                // by the actor, once
	askedBy  governance.PersonID // who asked for the redaction that waits; empty: none waits
}

// ReportComment tells the council's secretary that a comment is out of place. Errors: CONFLICT for who has reported it
// already, and for one that was redacted; INVALID without a reason.
func (db *DB) ReportComment(ctx context.Context, actor governance.Actor, in ReportCommentInput) (governance.CommentID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "reportComment", rule: governance.ReportComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			_, err := tx.exec(ctx, `
				INSERT INTO comment_reports (comment_id, person_id, organization_id, reason, created_at)
				VALUES ($1, $2, $3, $4, $5)`, c.ID, tx.actor.Person, orNull(s.standing.organization), in.Reason, tx.now)
			if err != nil {
				return fmt.Errorf("report comment %s: %w", c.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COMMENT_REPORTED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.ReportComment),
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// DismissReports says that nothing comes of the reports of a comment. Errors: FORBIDDEN but for the council's secretary;
// CONFLICT where there are none; INVALID without a reason.
func (db *DB) DismissReports(ctx context.Context, actor governance.Actor, in DismissReportsInput) (governance.CommentID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "dismissReports", rule: governance.DismissReports, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			if err := tx.settleReports(ctx, c); err != nil {
				return err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "REPORTS_DISMISSED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.DismissReports),
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// settleReports takes the reports of a comment off the secretary's list.
func (tx *Tx) settleReports(ctx context.Context, c *Comment) error {
	_, err := tx.exec(ctx, `UPDATE comment_reports SET settled_at = $2 WHERE comment_id = $1 AND settled_at IS NULL`, c.ID, tx.now)
	if err != nil {
		return fmt.Errorf("settle the reports of %s: %w", c.ID, err)
	}
	return nil
}

// Reports lists the reports of a comment that the actor was shown, the oldest first: to the council's secretaries.
func (db *DB) Reports(ctx context.Context, actor governance.Actor, c *Comment) ([]*CommentReport, error) {
	if c.reports != nil {
		return c.reports, nil
	}
	copied := *c
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, viewer editionViewer, e *Edition) error {
		return q.fillReports(ctx, viewer, e, []*Comment{&copied})
	})
	return copied.reports, err
}

// fillReports reads the reports of comments with one statement for all, for a secretary.
func (q *Query) fillReports(ctx context.Context, viewer editionViewer, e *Edition, comments []*Comment) error {
	of := make(map[governance.CommentID]*Comment, len(comments))
	ids := make([]governance.CommentID, len(comments))
	for i, c := range comments {
		of[c.ID], ids[i], c.reports = c, c.ID, []*CommentReport{}
	}
	if !viewer.moderates(e) {
		return nil
	}
	var organizations []*Organization
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var comment governance.CommentID
			var organization governance.OrganizationID
			r := &CommentReport{}
			if err := row.Scan(&comment, &r.Reason, orEmpty(&organization), at(&r.CreatedAt), atOrNil(&r.SettledAt)); err != nil {
				return err
			}
			if organization != "" {
				r.Organization = &Organization{ID: organization}
				organizations = append(organizations, r.Organization)
			}
			of[comment].reports = append(of[comment].reports, r)
			return nil
		}, `
			SELECT comment_id, reason, organization_id, created_at, settled_at
			FROM comment_reports
			WHERE comment_id IN (`+placeholders(1, len(batch))+`)
			ORDER BY created_at, person_id`, batch...)
		if err != nil {
			return fmt.Errorf("read the reports of comments: %w", err)
		}
	}
	return q.fillOrganizations(ctx, organizations...)
}

// fillModeration reads what lies with the council about comments, with one statement for all that do not know it yet.
func (q *Query) fillModeration(ctx context.Context, actor governance.Actor, comments []*Comment) error {
	of := map[governance.CommentID]*Comment{}
	var ids []governance.CommentID
	for _, c := range comments {
		if c.moderation == nil {
			c.moderation = &moderation{}
			of[c.ID], ids = c, append(ids, c.ID)
		}
	}
	for batch := range batches(ids) {
		person := fmt.Sprintf("$%d", len(batch)+1)
		err := q.query(ctx, func(row scanner) error {
			var comment governance.CommentID
			var m moderation
			if err := row.Scan(&comment, &m.reports, &m.reported, orEmpty(&m.askedBy)); err != nil {
				return err
			}
			of[comment].moderation = &m
			return nil
		}, `
			SELECT
				c.id,
				(SELECT COUNT(*) FROM comment_reports r WHERE r.comment_id = c.id AND r.settled_at IS NULL),
				(SELECT COUNT(*) FROM comment_reports r WHERE r.comment_id = c.id AND r.person_id = `+person+`),
				(SELECT x.asked_by FROM redactions x WHERE x.comment_id = c.id AND x.confirmed_at IS NULL)
			FROM comments c
			WHERE c.id IN (`+placeholders(1, len(batch))+`)`, append(batch, actor.Person)...)
		if err != nil {
			return fmt.Errorf("read what lies with the council about comments: %w", err)
		}
	}
	return nil
}

// unmetUnreported refuses a second report of the same person.
func unmetUnreported(c *Comment) *governance.Error {
	if !c.moderation.reported {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "reported", "You have reported this comment.")
}

// unmetReported refuses to dismiss what nobody reported.
func unmetReported(c *Comment) *governance.Error {
	if c.moderation.reports > 0 {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "not-reported", "No report of this comment waits.")
}

// checkPublicRate refuses to hear more of somebody who speaks for nobody than is heard of one person in an hour.
func (tx *Tx) checkPublicRate(ctx context.Context, s standing) error {
	most := tx.db.publicCommentsPerHour
	if s.organization != "" || most <= 0 {
		return nil
	}
	var since time.Time // of the oldest of as many as there may be
	err := tx.queryRow(ctx, `
		SELECT created_at
		FROM comments
		WHERE person_id = $1 AND organization_id IS NULL AND created_at > $2
		ORDER BY created_at DESC
		LIMIT 1 OFFSET $3`, s.actor.Person, tx.now.Add(-time.Hour), most-1).Scan(at(&since))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("count what somebody said: %w", err)
	}
	again := since.Add(time.Hour)
	return governance.Refuse(governance.CodeRateLimited, "comments-per-hour",
		"Who speaks for nobody comments {most} times an hour at most; the next time is {again}.",
		"most", strconv.Itoa(most), "again", again.Format(time.RFC3339), "seconds", strconv.Itoa(int(again.Sub(tx.now)/time.Second)+1))
}
