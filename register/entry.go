package register

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"concordat/exchange"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

// Entry is a publication with everything that its page shows.
type Entry struct {
	Publication *store.Publication
	Document    governance.Document
	Council     *store.Organization         // whose rules the text was agreed under
	Lead        *store.Organization         // who led the work on it
	ChangedAt   time.Time                   // when it, an offer or what is said about it changed last
	On          governance.Date             // the day that was asked for; empty: now
	Standing    *store.PublicationStanding  // what stood then: state, statements, offers, claims
	Ballot      *store.Ballot               // that approved the text; nil where none is public
	Signature   *store.PublicationSignature // of its publisher; nil: it was published unsigned
	// Consultations on the edition that everybody could read, the newest first; none while it is open.
	Consultations []*store.Consultation
	// DIDs name those of its organizations that have a key to sign with.
	DIDs    map[governance.OrganizationID]string
	Stages  []*store.StagePeriod // since it was published, the oldest first
	Reviews []*store.Review      // the newest first
	// Translations are those that stand, with the texts that are of the text as it was published.
	Translations []governance.RatedTranslation
}

// entryView is an entry for a reader: in one language, and with the vote counted again.
type entryView struct {
	*Entry
	Language string // in which the document is shown
	Asked    string // offers, which have languages of their own, are shown in it where they can be
	Base     string // the public URL
	Tally    *governance.TallyResult
	// Translated is the translation in which the document is shown; nil: an authentic language.
	Translated *governance.RatedTranslation
	SchemaOrg  template.JS // JSON-LD for search engines; empty where none can be made
}

// view chooses the language and recounts the ballot from its record: the page shows what anybody else would count.
// The text is shown in one language of it or of a translation, and offers in one of theirs; empty: in the first there is.
func (e *Entry) view(text, said, base string) (*entryView, error) {
	v := &entryView{Entry: e, Base: base, Language: string(e.Document.PrimaryLanguage()), Asked: said}
	if err := v.choose(text); err != nil {
		return nil, err
	}
	if v.Asked == "" {
		v.Asked = v.Language
	}
	if e.Ballot != nil && e.Ballot.Record != nil {
		result, err := governance.Tally(*e.Ballot.Record)
		if err != nil {
			return nil, fmt.Errorf("recount ballot %s: %w", e.Ballot.ID, err)
		}
		v.Tally = &result
	}
	return v, nil
}

// choose takes an authentic language, or a translation, whose words are put beside the text's own, for this page alone.
func (v *entryView) choose(language string) error {
	if slices.Contains(v.Document.Languages, governance.LanguageTag(language)) {
		v.Language = language
		return nil
	}
	i := slices.IndexFunc(v.Translations, func(t governance.RatedTranslation) bool { return string(t.Language) == language })
	if i < 0 {
		return nil
	}
	shown, err := v.Document.AlsoIn(v.Translations[i].Translation)
	if err != nil {
		return err
	}
	own := *v.Entry
	own.Document = shown
	v.Entry, v.Language, v.Translated = &own, language, &v.Translations[i]
	return nil
}

// SignedAt is where what the publisher signed can be had.
func (v *entryView) SignedAt() string { return store.PublicationURL("", v.Publication.ID) }

// Worth says plainly what the translation shown is worth.
func (v *entryView) Worth() string { return worth[v.Translated.Status] }

var worth = map[governance.TranslationStatus]string{
	governance.TranslationMachine:    "a machine translation that nobody has checked",
	governance.TranslationUnofficial: "an unofficial translation",
	governance.TranslationConfirmed:  "a translation that those who agreed on the text have confirmed",
}

// Say writes a text in the page's language, marked as what it is in; it is escaped here. Blank lines part paragraphs.
func (v *entryView) Say(t governance.Text) template.HTML {
	words, language := t.In(v.Language, string(v.Document.PrimaryLanguage()))
	if language == "" {
		language = layout.LanguageOf(t, v.Language)
		words = t[language]
	}
	if language == "" {
		return ""
	}
	return marked(language, words)
}

// SayOffer is Say for a provider's own texts.
func (v *entryView) SayOffer(t governance.Text) template.HTML {
	language := layout.LanguageOf(t, v.Asked)
	if language == "" {
		return ""
	}
	return marked(language, t[language])
}

func marked(language, words string) template.HTML {
	var out strings.Builder
	out.WriteString(`<span lang="` + template.HTMLEscapeString(language) + `">`)
	for i, paragraph := range strings.Split(strings.TrimSpace(words), "\n\n") {
		if i > 0 {
			out.WriteString("<br/><br/>")
		}
		out.WriteString(strings.ReplaceAll(template.HTMLEscapeString(paragraph), "\n", "<br/>"))
	}
	out.WriteString("</span>")
	return template.HTML(out.String()) //nolint:gosec // every part is escaped above
}

// Concept writes a term as a link to where it is defined.
func (v *entryView) Concept(c governance.Concept) template.HTML {
	label := v.Say(c.Label)
	if label == "" {
		label = template.HTML(template.HTMLEscapeString(string(c.ID)))
	}
	return link(c.ID, label)
}

// Refer writes a reference as a link.
func (v *entryView) Refer(uri governance.URI, title governance.Text) template.HTML {
	label := v.Say(title)
	if label == "" {
		label = template.HTML(template.HTMLEscapeString(string(uri)))
	}
	return link(uri, label)
}

// link writes a link to an address on the web; any other URI is a name, and stays text.
func link(uri governance.URI, label template.HTML) template.HTML {
	if !strings.HasPrefix(string(uri), "https://") && !strings.HasPrefix(string(uri), "http://") {
		return label
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(string(uri)) + `">` + string(label) + `</a>`) //nolint:gosec // escaped
}

// Outcome finds an outcome by its id, for the places that name it.
func (v *entryView) Outcome(id governance.ElementID) governance.Text {
	for _, o := range v.Document.Outcomes {
		if o.ID == id {
			return o.Statement
		}
	}
	return nil
}

// Worthy says of what the element at a path claims, of the text or of an offer, whether it is a claim or confirmed, and by
// whom.
func (v *entryView) Worthy(path, element string, offer governance.OfferID) string {
	var bodies []string
	for _, c := range v.Standing.Claims {
		if c.Path == path+element && c.OfferID == offer {
			for _, s := range c.ConfirmedBy {
				bodies = append(bodies, s.Organization.LegalName)
			}
		}
	}
	if len(bodies) == 0 {
		return "claimed"
	}
	slices.Sort(bodies)
	return "confirmed by " + strings.Join(slices.Compact(bodies), ", ")
}

// Said are the statements that stand, but the minority's.
func (v *entryView) Said() []*store.Statement {
	return slices.DeleteFunc(slices.Clone(v.Standing.Statements), func(s *store.Statement) bool { return s.Kind == governance.StatementDissent })
}

// Minority are the statements of those who objected in the ballot that approved the text.
func (v *entryView) Minority() []*store.Statement {
	return slices.DeleteFunc(slices.Clone(v.Standing.Statements), func(s *store.Statement) bool {
		return s.Kind != governance.StatementDissent || v.Ballot == nil || s.BallotID != v.Ballot.ID
	})
}

// Moves are the changes of the publication's state since it was published, up to the day that was asked for.
func (v *entryView) Moves() []*store.StagePeriod {
	moves := slices.Clone(v.Stages[min(1, len(v.Stages)):])
	return slices.DeleteFunc(moves, func(s *store.StagePeriod) bool { return s.From.After(v.Standing.At) })
}

// Reviewed are the reviews up to the day that was asked for, the newest first.
func (v *entryView) Reviewed() []*store.Review {
	return slices.DeleteFunc(slices.Clone(v.Reviews), func(r *store.Review) bool { return r.ReviewedAt.After(v.Standing.At) })
}

// ReviewBy is until when it was to be reviewed next: as its last review said, or before the first one its text. Empty where
// no review was due.
func (v *entryView) ReviewBy() governance.Date {
	if v.State() != governance.PublicationPublished {
		return ""
	}
	reviewed := v.Reviewed()
	if len(reviewed) == 0 {
		return v.Document.Validity.ReviewDate
	}
	if reviewed[0].NextReviewOn == nil {
		return ""
	}
	return *reviewed[0].NextReviewOn
}

// State is how the publication stands, or stood on the day that was asked for.
func (v *entryView) State() governance.PublicationState { return *v.Standing.State }

// Path is where the page is without a day.
func (v *entryView) Path() string { return Path(v.Publication) }

// Address is the page's own address under the public URL, which never changes.
func (v *entryView) Address() string { return v.Base + Path(v.Publication) }

// Formats are the formats in which the publication can be loaded.
func (*entryView) Formats() []exchange.Exporter { return exchange.Exporters }

// BundleAt is the address of a ballot's bundle.
func (*entryView) BundleAt(id governance.BallotID) string {
	return BundlePath + string(id) + "/bundle.json"
}

// Permanent is the address of the exact text.
func (v *entryView) Permanent() string { return v.Base + DigestPath(v.Publication.Digest) }

// Path is where a publication is shown: /register/SLUG/EDITION.
func Path(p *store.Publication) string {
	return "/register/" + p.Slug + "/" + p.EditionNumber
}

// DigestPath is where the exact text with a digest is shown: /register/sha256/HEX.
func DigestPath(d governance.Digest) string {
	return "/register/sha256/" + strings.TrimPrefix(string(d), "sha256:")
}
