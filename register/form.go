package register

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"concordat/exchange"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

// wanting is one file of a publication: in which form, of which offer, in which languages.
type wanting struct {
	form   exchange.ExportFormat
	losses bool               // the report of what the file does not hold, in place of the file
	offer  governance.OfferID // empty: the one that it was published with
	text   string             // the language in which a page shows the text; empty: the primary one
	said   string             // the language in which a page shows offers; empty: that of the text
}

// key tells it apart from the publication's other files.
func (want wanting) key() string {
	return fmt.Sprintf("%s %t %s %s %s", want.form, want.losses, want.offer, want.text, want.said)
}

// located is a version of a publication as it was last read, and when that was.
type located struct {
	store.PublicationVersion
	read store.Generation
}

// locate finds the version of the publication at an address. It asks the database only where something was written since it
// last did, or where time has ended the version.
func (g *Register) locate(address string, find func() (store.PublicationVersion, error)) (store.PublicationVersion, error) {
	key, generation := shelfKey{of: address}, g.Store.Generation()
	if known, ok := g.shelf.get(key).(located); ok && known.read == generation && known.Holds(g.Store.Now()) {
		return known.PublicationVersion, nil
	}
	version, err := find()
	if err != nil {
		return version, err
	}
	g.shelf.put(key, located{version, generation}, len(address)+len(version.Version))
	return version, nil
}

// serve answers with a publication in the form that is asked for.
func (g *Register) serve(w http.ResponseWriter, r *http.Request, version store.PublicationVersion) error {
	form, err := asksFor(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if on := query.Get("on"); on != "" {
		if form != formPage {
			return governance.Invalid("on", "format-of-day", "Only the page tells of a day that is over; files are of how it stands now.")
		}
		return g.showDay(w, r, version, governance.Date(on))
	}
	want := wanting{form: form}
	switch form {
	case formDocument:
		return g.serveDocument(w, r, version.Digest)
	case formPage:
		if want.text, want.said, err = g.languages(r, version); err != nil {
			return err
		}
	default:
		want.losses, want.offer = query.Get("losses") != "", governance.OfferID(query.Get("offer"))
	}
	file, err := g.render(r.Context(), version, want)
	if err != nil {
		return err
	}
	return g.written(r, file.send(w, r, askEachTime))
}

// languages are those in which a page is shown to a reader.
func (g *Register) languages(r *http.Request, version store.PublicationVersion) (text, said string, err error) {
	asked := layout.LanguagesAsked(r)
	if len(asked) == 0 {
		return "", "", nil
	}
	key := shelfKey{string(version.ID), version.Version, "languages"}
	there, ok := g.shelf.get(key).(spoken)
	if !ok {
		entry, err := g.entryOf(r.Context(), version)
		if err != nil {
			return "", "", err
		}
		there = entry.spoken()
		g.shelf.put(key, there, 16*(len(there.authentic)+len(there.translated)+len(there.offered)))
	}
	return there.text(asked), there.offer(asked), nil
}

// render makes a file of a publication, or takes it from the shelf.
func (g *Register) render(ctx context.Context, version store.PublicationVersion, want wanting) (*rendered, error) {
	key := shelfKey{string(version.ID), version.Version, want.key()}
	if file, ok := g.shelf.get(key).(*rendered); ok {
		return file, nil
	}
	entry, err := g.entryOf(ctx, version)
	if err != nil {
		return nil, err
	}
	file, err := g.make(entry, want)
	if err != nil {
		return nil, err
	}
	g.shelf.put(key, file, file.size())
	return file, nil
}

func (g *Register) entryOf(ctx context.Context, version store.PublicationVersion) (*Entry, error) {
	p, err := g.Store.PublicationByID(ctx, version.ID)
	if err != nil {
		return nil, err
	}
	entry, err := g.entry(ctx, p)
	if err != nil {
		return nil, err
	}
	if entry.Standing.State == nil {
		return nil, fmt.Errorf("publication %s has never been published by its stages", p.ID)
	}
	entry.ChangedAt = version.ChangedAt
	return entry, nil
}

// make writes a file of a publication.
func (g *Register) make(entry *Entry, want wanting) (*rendered, error) {
	if want.form == formPage {
		return g.makePage(entry, want)
	}
	exporter, _ := exchange.ExporterOf(want.form) // asksFor knows no other
	published, err := entry.Published(governance.URI(g.PublicURL), want.offer)
	if err != nil {
		return nil, err
	}
	export, err := exporter.Write(published)
	if err != nil {
		return nil, notWritten(exporter, err)
	}
	address := string(published.EditionURI())
	if want.losses {
		return makeLosses(address, exporter, export)
	}
	file, err := newRendered(exporter.MediaType, export.Bytes)
	if err != nil {
		return nil, err
	}
	file.name = entry.Publication.Slug + "-" + entry.Publication.EditionNumber + "." + exporter.Extension
	file.links = []string{linkTo(address, "canonical", ""), linkTo(lossesAt(address, exporter), "describedby", "application/json")}
	return file, nil
}

// notWritten says why there is no such file of a publication: what its format needs, the publication does not have.
func notWritten(exporter exchange.Exporter, err error) error {
	if governance.CodeOf(err) != governance.CodeInvalid {
		return fmt.Errorf("write %s: %w", exporter.Format, err)
	}
	return governance.Refuse(governance.CodeNotFound, "not-in-format", "This publication cannot be written as {format}: {reason}",
		"format", string(exporter.Format), "reason", err.Error())
}

// lossReport is the report of what a file does not hold, as it is served.
type lossReport struct {
	Publication string                `json:"publication"` // its address
	Format      exchange.ExportFormat `json:"format"`
	Losses      []exchange.Loss       `json:"losses"`
}

func makeLosses(address string, exporter exchange.Exporter, export exchange.Export) (*rendered, error) {
	report, err := json.MarshalIndent(lossReport{address, exporter.Format, slices.Concat([]exchange.Loss{}, export.Report)}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the report of losses: %w", err)
	}
	file, err := newRendered("application/json", report)
	if err != nil {
		return nil, err
	}
	file.links = []string{linkTo(formAt(address, exporter.Format), "describes", exporter.MediaType)}
	return file, nil
}

// makePage writes the page with links to every format, and with what search engines read in it.
func (g *Register) makePage(entry *Entry, want wanting) (*rendered, error) {
	view, err := entry.view(want.text, want.said, g.PublicURL)
	if err != nil {
		return nil, err
	}
	published, err := entry.Published(governance.URI(g.PublicURL), "")
	if err != nil {
		return nil, err
	}
	if made, err := exchange.ExportSchemaOrg(published); err == nil {
		view.SchemaOrg = template.JS(made.Bytes) //nolint:gosec // ExportSchemaOrg escapes what could end a script
	} else if governance.CodeOf(err) != governance.CodeInvalid {
		return nil, err
	}
	var page bytes.Buffer
	if err := layout.Write(&page, entryPage, layout.Page{Title: layout.In(view.Document.Title, view.Language), Body: view}); err != nil {
		return nil, err
	}
	file, err := newRendered(layout.MediaType, page.Bytes())
	if err != nil {
		return nil, err
	}
	file.links = []string{linkTo(view.Address(), "canonical", "")}
	for _, exporter := range exchange.Exporters {
		file.links = append(file.links, linkTo(formAt(view.Address(), exporter.Format), "alternate", exporter.MediaType))
	}
	return file, nil
}

// linkTo is a value of the header Link.
func linkTo(address, relation, mediaType string) string {
	value := "<" + address + `>; rel="` + relation + `"`
	if mediaType != "" {
		value += `; type="` + mediaType + `"`
	}
	return value
}

// formAt is the address of a publication in a form.
func formAt(address string, form exchange.ExportFormat) string {
	return address + "?format=" + string(form)
}

// lossesAt is the address of what a file does not hold.
func lossesAt(address string, exporter exchange.Exporter) string {
	return formAt(address, exporter.Format) + "&losses=yes"
}

// spoken are the languages of what a page shows.
type spoken struct{ authentic, translated, offered []string }

// spoken lists the languages of the text, of the translations that stand and of the offers.
func (e *Entry) spoken() spoken {
	var s spoken
	for _, l := range e.Document.Languages {
		s.authentic = append(s.authentic, string(l))
	}
	for _, t := range e.Translations {
		s.translated = append(s.translated, string(t.Language))
	}
	for _, o := range e.Standing.Offers {
		for _, text := range offerTexts(o.Facts) {
			for l := range text {
				s.offered = append(s.offered, l)
			}
		}
	}
	slices.Sort(s.offered)
	s.offered = slices.Compact(s.offered)
	return s
}

// offerTexts are an offer's texts that a page shows.
func offerTexts(facts governance.OfferFacts) []governance.Text {
	texts := []governance.Text{facts.AwardingBody.Name, facts.AwardingBody.Address, facts.Fee.Note, facts.Funding, facts.Adjustments, facts.Complaints, facts.Schedule.Note}
	for _, place := range facts.Places {
		texts = append(texts, place.Name, place.Address)
	}
	for _, q := range facts.QualityAssurance {
		texts = append(texts, q.Description)
	}
	for _, a := range facts.Accreditations {
		texts = append(texts, a.Title, a.Agency)
	}
	return texts
}

// text is the language for the text: the first asked for that it has, an authentic one before a translation.
func (s spoken) text(asked []string) string {
	for _, wanted := range asked {
		for _, there := range [][]string{s.authentic, s.translated} {
			if language := among(there, wanted); language != "" {
				return language
			}
		}
	}
	return ""
}

// offer is the language for offers: the first asked for that any has.
func (s spoken) offer(asked []string) string {
	for _, wanted := range asked {
		if language := among(s.offered, wanted); language != "" {
			return language
		}
	}
	return ""
}

// among finds the language, or its base, in a list; empty: neither is there.
func among(there []string, wanted string) string {
	base, _, _ := strings.Cut(wanted, "-")
	for _, candidate := range []string{wanted, base} {
		if slices.Contains(there, candidate) {
			return candidate
		}
	}
	return ""
}
