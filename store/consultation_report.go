package store

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"concordat/governance"
)

// DispositionReport is what a consultation brought and what became of it: every comment that came from its opening until
// the next one, with the editors' answer. It is there for whoever sees the consultation, once that is closed or recalled.
type DispositionReport struct {
	Consultation *Consultation
	until        time.Time // when the next consultation opened; zero: there is none
}

// Where a consultation's page is, and below it the files of its report.
const (
	consultationPath = "/consultations/"
	ReportCSV        = "/comments.csv"
	ReportXLSX       = "/comments.xlsx"
)

// Path is the path of the consultation's page.
func (c *Consultation) Path() string { return consultationPath + string(c.ID) }

// FormPath is the path of the empty commenting form for an edition.
func (e *Edition) FormPath() string { return "/editions/" + string(e.ID) + "/commenting-form.xlsx" }

// filter narrows comments to those of the report.
func (r *DispositionReport) filter() CommentFilter {
	return CommentFilter{from: r.Consultation.OpenedAt, until: r.until}
}

// DispositionReport answers the report of a consultation that the actor was shown; nil while it is open.
func (db *DB) DispositionReport(ctx context.Context, c *Consultation) (*DispositionReport, error) {
	var report *DispositionReport
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		report, err = q.dispositionReport(ctx, c)
		return err
	})
	return report, err
}

func (q *Query) dispositionReport(ctx context.Context, c *Consultation) (*DispositionReport, error) {
	if !c.over(q.now) {
		return nil, nil
	}
	r := &DispositionReport{Consultation: c}
	err := q.queryRow(ctx, `SELECT MIN(opened_at) FROM consultations WHERE edition_id = $1 AND opened_at > $2`, c.EditionID, c.OpenedAt).
		Scan(at(&r.until))
	if err != nil {
		return nil, fmt.Errorf("look for the consultation after %s: %w", c.ID, err)
	}
	return r, nil
}

// ReportComments lists the comments of a report that the actor was shown, in the order of their coming.
func (db *DB) ReportComments(
	ctx context.Context, actor governance.Actor, r *DispositionReport, page Page, fields Fields,
) (*CommentConnection, error) {
	if r.Consultation.edition == nil {
		return nil, fmt.Errorf("the report of %s was read without its edition", r.Consultation.ID)
	}
	return db.Comments(ctx, actor, r.Consultation.edition, r.filter(), page, fields)
}

// WholeReport is a report with everything that a form of it says.
type WholeReport struct {
	Consultation *Consultation
	Edition      *Edition
	Title        governance.Text // of the text consulted on
	Slug         string          // the specification's short name
	Council      *Organization
	Zone         string // of the council: a last day ends there
	Invited      []*Organization
	Extensions   []*ConsultationExtension
	Text         *Revision   // consulted on
	Comments     []*Comment  // nil while it is open
	Closed       bool        // whether there is a report
	Revisions    []*Revision // that comments were made on or that changed something for them, each with its text
}

// Report reads a consultation with its whole report. NOT_FOUND where the actor may not see it.
func (db *DB) Report(ctx context.Context, actor governance.Actor, id governance.ConsultationID) (*WholeReport, error) {
	c, err := db.Consultation(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	w := &WholeReport{Consultation: c, Edition: c.edition}
	if w.Invited, err = db.Invited(ctx, c); err != nil {
		return nil, err
	}
	if w.Extensions, err = db.Extensions(ctx, c); err != nil {
		return nil, err
	}
	err = db.read(ctx, func(ctx context.Context, q *Query) error { return q.fillReport(ctx, actor, w) })
	if err != nil {
		return nil, fmt.Errorf("read the report of consultation %s: %w", id, err)
	}
	return w, nil
}

func (q *Query) fillReport(ctx context.Context, actor governance.Actor, w *WholeReport) error {
	err := q.queryRow(ctx, `SELECT slug FROM specifications WHERE id = $1`, w.Edition.SpecificationID).Scan(&w.Slug)
	if err != nil {
		return err
	}
	charter, err := q.charterOf(ctx, w.Edition)
	if err != nil {
		return err
	}
	if charter != nil {
		w.Zone = charter.Body.Calendar.Zone
	}
	w.Council = &Organization{ID: w.Edition.CouncilID}
	if err := q.fillOrganizations(ctx, w.Council); err != nil {
		return err
	}
	report, err := q.dispositionReport(ctx, w.Consultation)
	if err != nil {
		return err
	}
	if report != nil {
		w.Closed = true
		if err := q.fillReportComments(ctx, actor, w, report); err != nil {
			return err
		}
	}
	return q.fillReportRevisions(ctx, w)
}

// fillReportComments reads the comments as anybody who sees them would.
func (q *Query) fillReportComments(ctx context.Context, actor governance.Actor, w *WholeReport, report *DispositionReport) error {
	viewer, err := q.viewerOf(ctx, actor, w.Edition)
	if err != nil {
		return err
	}
	w.Comments, err = q.comments(ctx, viewer, w.Edition, report.filter(), beforeAll, math.MaxInt32)
	if err != nil {
		return err
	}
	parts := Fields{"organization": nil, "disposition": nil, "source": nil}
	return q.fillComments(ctx, viewer, w.Edition, parts, w.Comments...)
}

// fillReportRevisions reads the texts that the comments are on, and the numbers of those with changes for them.
func (q *Query) fillReportRevisions(ctx context.Context, w *WholeReport) error {
	wanted := map[governance.RevisionID]bool{w.Consultation.Revision: true}
	for _, c := range w.Comments {
		wanted[c.Revision] = true
		if c.Disposition != nil && c.Disposition.Revision != nil {
			wanted[*c.Disposition.Revision] = true
		}
	}
	for batch := range batches(slices.Sorted(maps.Keys(wanted))) {
		found, err := collect(ctx, q, scanRevision,
			`SELECT `+revisionColumns+` FROM revisions WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return fmt.Errorf("read the revisions: %w", err)
		}
		w.Revisions = append(w.Revisions, found...)
	}
	if err := q.fillDocuments(ctx, w.Revisions...); err != nil {
		return err
	}
	for _, r := range w.Revisions {
		if r.ID == w.Consultation.Revision {
			w.Text, w.Title = r, r.Document.Title
		}
	}
	return nil
}
