package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// ModerationReport is that somebody finds a comment or a suggestion out of place; the council's secretaries alone read it.
type ModerationReport struct {
	Reason       string
	Organization *Organization // nil: a person for itself
	CreatedAt    time.Time
	SettledAt    *time.Time // dismissed, hidden or redacted
}

// moderation is what lies with the council about a comment or a suggestion.
type moderation struct {
	reports  int                 // that nothing came of yet
	reported bool                // by the actor, once
	askedBy  governance.PersonID // who asked for the redaction that waits; empty: none waits
}

// ReportComment tells the council's secretary that a comment is out of place. Errors: CONFLICT for who has reported it
// already, and for one that was redacted; INVALID without a reason.
func (db *DB) ReportComment(ctx context.Context, actor governance.Actor, in ReportCommentInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, report(in.Reason), commentStep{
		mutation: "reportComment", rule: governance.ReportComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// ReportSuggestion tells the council's secretary that a suggestion is out of place. Errors: as ReportComment's.
func (db *DB) ReportSuggestion(ctx context.Context, actor governance.Actor, in ReportSuggestionInput) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, report(in.Reason), suggestionStep{
		mutation: "reportSuggestion", rule: governance.ReportSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
	})
}

func report(reason string) moderating {
	return moderating{reason: reason, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
		_, err := tx.exec(ctx, `
			INSERT INTO moderation_reports (object_kind, object_id, person_id, organization_id, reason, created_at)
			VALUES ($1, $2, $3, $4, $5, $6)`,
			m.kind.kind, m.id, tx.actor.Person, orNull(tx.actor.Organization), reason, tx.now)
		if err != nil {
			return Act{}, fmt.Errorf("report %s %s: %w", m.kind.noun, m.id, err)
		}
		return Act{Type: m.kind.kind + "_REPORTED", Texts: words("reason", reason)}, nil
	}}
}

// DismissReports says that nothing comes of the reports of a comment. Errors: FORBIDDEN but for the council's secretary;
// CONFLICT where there are none; INVALID without a reason.
func (db *DB) DismissReports(ctx context.Context, actor governance.Actor, in DismissReportsInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, dismiss(in.Reason), commentStep{
		mutation: "dismissReports", rule: governance.DismissReports, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// DismissSuggestionReports says that nothing comes of the reports of a suggestion. Errors: as DismissReports'.
func (db *DB) DismissSuggestionReports(
	ctx context.Context, actor governance.Actor, in DismissSuggestionReportsInput,
) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, dismiss(in.Reason), suggestionStep{
		mutation: "dismissSuggestionReports", rule: governance.DismissSuggestionReports, suggestion: in.Suggestion,
		key: in.IdempotencyKey, input: in,
	})
}

func dismiss(reason string) moderating {
	return moderating{reason: reason, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
		return Act{Type: "REPORTS_DISMISSED", Texts: words("reason", reason)}, tx.settleReports(ctx, m)
	}}
}

// settleReports takes the reports of something off the secretary's list.
func (tx *Tx) settleReports(ctx context.Context, m *moderated) error {
	_, err := tx.exec(ctx, `
		UPDATE moderation_reports
		SET settled_at = $3
		WHERE object_kind = $1 AND object_id = $2 AND settled_at IS NULL`, m.kind.kind, m.id, tx.now)
	if err != nil {
		return fmt.Errorf("settle the reports of %s %s: %w", m.kind.noun, m.id, err)
	}
	return nil
}

// CommentReports lists the reports of a comment that the actor was shown, the oldest first: to the council's secretaries.
func (db *DB) CommentReports(ctx context.Context, actor governance.Actor, c *Comment) ([]*ModerationReport, error) {
	if c.reports != nil {
		return c.reports, nil
	}
	copied := *c
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, viewer editionViewer, e *Edition) error {
		return q.fillReports(ctx, viewer, e, spokenComment, []*moderated{&copied.moderated})
	})
	return copied.reports, err
}

// SuggestionReports lists the reports of a suggestion that the actor was shown, the oldest first: to the council's
// secretaries.
func (db *DB) SuggestionReports(ctx context.Context, actor governance.Actor, p *Suggestion) ([]*ModerationReport, error) {
	if p.reports != nil {
		return p.reports, nil
	}
	copied := *p
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, p.edition)
		if err != nil {
			return err
		}
		return q.fillReports(ctx, viewer, p.edition, spokenSuggestion, []*moderated{&copied.moderated})
	})
	return copied.reports, err
}

// fillReports reads the reports of things of one kind with one statement for all, for a secretary.
func (q *Query) fillReports(ctx context.Context, viewer editionViewer, e *Edition, kind *spokenKind, all []*moderated) error {
	of := make(map[string]*moderated, len(all))
	ids := make([]string, len(all))
	for i, m := range all {
		of[m.id], ids[i], m.reports = m, m.id, []*ModerationReport{}
	}
	if !viewer.moderates(e) {
		return nil
	}
	var organizations []*Organization
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var id string
			var organization governance.OrganizationID
			r := &ModerationReport{}
			if err := row.Scan(&id, &r.Reason, orEmpty(&organization), at(&r.CreatedAt), atOrNil(&r.SettledAt)); err != nil {
				return err
			}
			if organization != "" {
				r.Organization = &Organization{ID: organization}
				organizations = append(organizations, r.Organization)
			}
			of[id].reports = append(of[id].reports, r)
			return nil
		}, `
			SELECT object_id, reason, organization_id, created_at, settled_at
			FROM moderation_reports
			WHERE object_kind = '`+kind.kind+`' AND object_id IN (`+placeholders(1, len(batch))+`)
			ORDER BY created_at, person_id`, batch...)
		if err != nil {
			return fmt.Errorf("read the reports of %s: %w", kind.table, err)
		}
	}
	return q.fillOrganizations(ctx, organizations...)
}

// fillModeration reads what lies with the council about things of one kind, with one statement for all that do not know it
// yet.
func (q *Query) fillModeration(ctx context.Context, actor governance.Actor, kind *spokenKind, all []*moderated) error {
	of := map[string]*moderated{}
	var ids []string
	for _, m := range all {
		if m.moderation == nil {
			m.moderation = &moderation{}
			of[m.id], ids = m, append(ids, m.id)
		}
	}
	for batch := range batches(ids) {
		person := fmt.Sprintf("$%d", len(batch)+1)
		about := `.object_kind = '` + kind.kind + `' AND `
		err := q.query(ctx, func(row scanner) error {
			var id string
			var m moderation
			if err := row.Scan(&id, &m.reports, &m.reported, orEmpty(&m.askedBy)); err != nil {
				return err
			}
			of[id].moderation = &m
			return nil
		}, `
			SELECT
				c.id,
				(SELECT COUNT(*) FROM moderation_reports r WHERE r`+about+`r.object_id = c.id AND r.settled_at IS NULL),
				(SELECT COUNT(*) FROM moderation_reports r WHERE r`+about+`r.object_id = c.id AND r.person_id = `+person+`),
				(
					SELECT x.asked_by
					FROM redactions x
					WHERE x`+about+`x.object_id = c.id AND x.confirmed_at IS NULL AND x.withdrawn_at IS NULL
				)
			FROM `+kind.table+` c
			WHERE c.id IN (`+placeholders(1, len(batch))+`)`, append(batch, actor.Person)...)
		if err != nil {
			return fmt.Errorf("read what lies with the council about %s: %w", kind.table, err)
		}
	}
	return nil
}

// unmetUnreported refuses a second report of the same person.
func unmetUnreported(m *moderated) *governance.Error {
	if !m.moderation.reported {
		return nil
	}
	return m.refuse("reported", "You have reported this {noun}.")
}

// unmetReported refuses to dismiss what nobody reported.
func unmetReported(m *moderated) *governance.Error {
	if m.moderation.reports > 0 {
		return nil
	}
	return m.refuse("not-reported", "No report of this {noun} waits.")
}
