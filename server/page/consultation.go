package page

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"concordat/auth"
	"concordat/exchange"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

var consultationPage = layout.Parse(files, "consultation.html")

// consultationView is what a consultation's page shows.
type consultationView struct {
	*store.WholeReport
	Language string // that the reader asks for first
	Until    governance.Date
	Rows     []reportRow
	Paths    struct{ CSV, XLSX, Form, Import string } // Import is empty for who may not
}

// Consultation serves a consultation's page: what is asked, whom, until when; once it is over, every comment with its
// answer. Whoever sees the consultation sees it.
func (p *Pages) Consultation(w http.ResponseWriter, r *http.Request) {
	report, err := p.report(r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	view, err := newConsultationView(report, r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	if view.Paths.Import, err = p.importPath(r, report); err != nil {
		p.refuse(w, r, err)
		return
	}
	w.Header().Add("Vary", "Accept-Language")
	title := "Consultation: " + layout.In(report.Title, view.Language)
	p.render(w, r, consultationPage, title, view)
}

func (p *Pages) report(r *http.Request) (*store.WholeReport, error) {
	return p.Store.Report(r.Context(), auth.ActorFrom(r.Context()), governance.ConsultationID(r.PathValue("id")))
}

func newConsultationView(report *store.WholeReport, r *http.Request) (*consultationView, error) {
	v := &consultationView{WholeReport: report, Language: "en", Rows: reportRows(report)}
	if asked := layout.LanguagesAsked(r); len(asked) > 0 {
		v.Language = asked[0]
	}
	var err error
	if v.Until, err = (governance.Calendar{Zone: either(report.Zone, "UTC")}).LastDay(report.Consultation.ClosesAt); err != nil {
		return nil, fmt.Errorf("find the last day of consultation %s: %w", report.Consultation.ID, err)
	}
	v.Paths.CSV, v.Paths.XLSX = report.Consultation.Path()+store.ReportCSV, report.Consultation.Path()+store.ReportXLSX
	v.Paths.Form = report.Edition.FormPath()
	return v, nil
}

// importPath is where the reader sends a filled commenting form; empty where it may not.
func (p *Pages) importPath(r *http.Request, report *store.WholeReport) (string, error) {
	permissions, err := p.Store.EditionPermissions(r.Context(), auth.ActorFrom(r.Context()), report.Edition)
	if err != nil {
		return "", err
	}
	for _, may := range permissions {
		if may.Step == governance.ImportComments && may.Allowed() {
			return ImportCommentsPath + "?" + url.Values{
				"edition": {string(report.Edition.ID)}, "consultation": {string(report.Consultation.ID)},
			}.Encode(), nil
		}
	}
	return "", nil
}

// ReportCSV serves a consultation's report as CSV, once it is over.
func (p *Pages) ReportCSV(w http.ResponseWriter, r *http.Request) {
	p.reportFile(w, r, file{"text/csv; charset=utf-8", ".csv", exchange.CommentingForm.WriteCSV})
}

// ReportXLSX serves a consultation's report as a workbook, once it is over.
func (p *Pages) ReportXLSX(w http.ResponseWriter, r *http.Request) {
	p.reportFile(w, r, file{workbook, ".xlsx", exchange.CommentingForm.WriteXLSX})
}

const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// file is a form of a commenting form.
type file struct {
	contentType string
	suffix      string
	write       func(exchange.CommentingForm, io.Writer) error
}

func (p *Pages) reportFile(w http.ResponseWriter, r *http.Request, as file) {
	report, err := p.report(r)
	if err == nil && !report.Closed {
		err = governance.Refuse(governance.CodeConflict, "consultation-open", "The report is there once the consultation is over.")
	}
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	p.serve(w, r, as, report.Slug+"-"+report.Edition.Number+"-comments", reportForm(report))
}

// CommentingForm serves the empty form for an edition that the reader sees, with the names of its elements.
func (p *Pages) CommentingForm(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	actor := auth.ActorFrom(ctx)
	edition, err := p.Store.Edition(ctx, actor, governance.EditionID(r.PathValue("id")), nil)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	head, err := p.Store.Head(ctx, actor, edition, store.Fields{"document": nil})
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	title := layout.In(head.Document.Title, string(head.Document.PrimaryLanguage()))
	p.serve(w, r, file{workbook, ".xlsx", exchange.CommentingForm.WriteXLSX}, "commenting-form", exchange.CommentingForm{
		Title:    "Comments on " + title + ", edition " + edition.Number,
		Elements: head.Document.ElementNames().Elements,
	})
}

// serve sends a form as a file. It is written whole before anything is sent, so that none arrives cut off.
func (p *Pages) serve(w http.ResponseWriter, r *http.Request, as file, name string, form exchange.CommentingForm) {
	var out bytes.Buffer
	if err := as.write(form, &out); err != nil {
		p.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", as.contentType)
	h.Set("Content-Disposition", `attachment; filename="`+name+as.suffix+`"`)
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(out.Bytes())
	p.note(r, err)
}
