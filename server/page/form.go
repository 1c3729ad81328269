package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"concordat/exchange"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

// reportForm makes the standards bodies' commenting form of a report.
func reportForm(w *store.WholeReport) exchange.CommentingForm {
	form := exchange.CommentingForm{Title: "Comments on " + titleOf(w, "en")}
	for _, row := range reportRows(w) {
		form.Rows = append(form.Rows, row.Form)
	}
	return form
}

// titleOf names what was consulted on: "Heat pumps, edition 1.0, consultation of 2 March 2026".
func titleOf(w *store.WholeReport, language string) string {
	return fmt.Sprintf("%s, edition %s, consultation of %s", layout.In(w.Title, language), w.Edition.Number,
		w.Consultation.OpenedAt.UTC().Format("2 January 2006"))
}

// reportRow is a comment as the page and the files show it.
type reportRow struct {
	Number  int
	Comment *store.Comment
	Form    exchange.FormRow
	By      string // who handed in what another body said; empty: nobody did
}

// In is what the row says in a column, for templates.
func (r reportRow) In(column int) string { return r.Form.In(exchange.FormColumn(column)) }

// reportRows numbers the comments, and says of each what became of it.
func reportRows(w *store.WholeReport) []reportRow {
	names := map[governance.RevisionID]governance.ElementNames{}
	numbers := map[governance.RevisionID]int{}
	for _, r := range w.Revisions {
		names[r.ID], numbers[r.ID] = r.Document.ElementNames(), r.Number
	}
	order := map[governance.CommentID]int{}
	for i, c := range w.Comments {
		order[c.ID] = i + 1
	}
	rows := make([]reportRow, len(w.Comments))
	for i, c := range w.Comments {
		rows[i] = reportRow{Number: i + 1, Comment: c, Form: formRow(c, names[c.Revision], observations(c, order, numbers))}
		if c.Source != nil && c.Source.NamedBody != "" && c.Organization != nil && c.Source.NamedBody != c.Organization.LegalName {
			rows[i].By = c.Organization.LegalName
		}
	}
	return rows
}

// formRow is a comment in the form's columns. What a form said when it came in one is said again in its words.
func formRow(c *store.Comment, names governance.ElementNames, observed string) exchange.FormRow {
	source := store.CommentSource{}
	if c.Source != nil {
		source = *c.Source
	}
	body, change := c.Body, c.ProposedChange
	if c.IsObjection {
		body, change = "Objection: "+body, either(change, c.Remedy)
	}
	return exchange.NewFormRow([8]string{
		exchange.FormBody: either(source.NamedBody, speaker(c)), exchange.FormLine: either(source.Line, c.Path),
		exchange.FormClause: either(source.Clause, names.Words(c.Path)), exchange.FormQuote: either(c.Quote, source.Quote),
		exchange.FormType: exchange.FormTypeOf(c.Kind), exchange.FormComment: body, exchange.FormChange: change,
		exchange.FormObservations: observed,
	})
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// speaker is whose comment it is: the organization, or the name that somebody chose who speaks for nobody.
func speaker(c *store.Comment) string {
	switch {
	case c.Organization != nil:
		return c.Organization.LegalName
	case c.Author.Name != nil:
		return *c.Author.Name
	}
	return "A person"
}

// answered says each disposition in a sentence.
var answered = map[governance.DispositionKind]string{
	governance.DispositionAccepted: "Accepted.", governance.DispositionAcceptedInPart: "Accepted in part.",
	governance.DispositionRejected: "Rejected.", governance.DispositionOutOfScope: "Out of scope.",
	governance.DispositionDuplicate: "Duplicate.", governance.DispositionNoted: "Noted.",
}

// observations says what became of a comment: the answer, its reason, the change, the reply. Without any, it is what the
// form said that the comment came in.
func observations(c *store.Comment, order map[governance.CommentID]int, numbers map[governance.RevisionID]int) string {
	if c.Disposition == nil && c.Source != nil && c.Source.Observations != "" {
		return c.Source.Observations
	}
	var said []string
	if c.State == governance.StateWithdrawn {
		said = append(said, "Withdrawn.")
	}
	if d := c.Disposition; d != nil {
		said = append(said, answer(d, order), d.Reason)
		if d.Revision != nil {
			said = append(said, "Changed in revision "+strconv.Itoa(numbers[*d.Revision])+".")
		}
		if d.Reply != nil && *d.Reply == governance.ReplySatisfied {
			said = append(said, "The commenter is satisfied.")
		} else if d.Reply != nil {
			said = append(said, "The commenter is not satisfied.")
		}
	}
	said = append(said, decided(c))
	if c.Late {
		said = append(said, "Came after the close.")
	}
	said = slices.DeleteFunc(said, func(part string) bool { return strings.TrimSpace(part) == "" })
	return strings.Join(said, " ")
}

// answer says a disposition, with the number of the comment that a duplicate repeats.
func answer(d *store.Disposition, order map[governance.CommentID]int) string {
	if d.DuplicateOf != nil && order[*d.DuplicateOf] > 0 {
		return "Duplicate of comment " + strconv.Itoa(order[*d.DuplicateOf]) + "."
	}
	return answered[d.Kind]
}

// decided says where an objection stands with the council.
func decided(c *store.Comment) string {
	if !c.IsObjection {
		return ""
	}
	switch c.State {
	case governance.StateReferred:
		return "The objection lies with the council."
	case governance.StateUpheld:
		return "The council upheld the objection. " + c.DecisionReason
	case governance.StateOverruled:
		return "The council overruled the objection. " + c.DecisionReason
	case governance.StateResolved:
		return strings.TrimSpace("The objection is resolved. " + c.DecisionReason)
	case governance.StateOpen, governance.StateAnswered, governance.StateWithdrawn:
	}
	return ""
}
