package exchange

import (
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// RegisterLine is a publication as the register's index lists it: what a harvester needs to know before it loads a file, and
// where the files are.
type RegisterLine struct {
	ID          governance.URI              `json:"id"`   // the edition's address
	Text        governance.URI              `json:"text"` // the address of the exact text
	Digest      governance.Digest           `json:"digest"`
	OfferDigest governance.Digest           `json:"offerDigest,omitempty"`
	Slug        string                      `json:"slug"`
	Number      string                      `json:"number"`
	Title       governance.Text             `json:"title"`
	Languages   []governance.LanguageTag    `json:"languages"`
	State       governance.PublicationState `json:"state"`
	PublishedAt string                      `json:"publishedAt"` // RFC 3339, UTC
	ModifiedAt  string                      `json:"modifiedAt"`  // RFC 3339, UTC
	ValidFrom   governance.Date             `json:"validFrom,omitempty"`
	EnrolUntil  governance.Date             `json:"enrolUntil,omitempty"`
	AwardUntil  governance.Date             `json:"awardUntil,omitempty"`
	Council     string                      `json:"council,omitempty"`
	Publisher   string                      `json:"publisher,omitempty"`
	Sector      string                      `json:"sector,omitempty"`
	EQF         int                         `json:"eqf,omitempty"`
	Hours       governance.Decimal          `json:"hours,omitempty"`
	Credits     []RegisterCredit            `json:"credits,omitempty"`
	Skills      []governance.URI            `json:"skills,omitempty"` // ESCO, each once
	Formats     map[string]governance.URI   `json:"formats"`          // the address of each file, by format
}

// RegisterCredit is a credit of a publication in the index.
type RegisterCredit struct {
	System string             `json:"system"`
	Points governance.Decimal `json:"points"`
}

// NDJSONLine makes the publication's line of the register's index, with a line feed at its end. The formats are those that
// the register serves it in, by the name that ?format= takes.
func NDJSONLine(p Published, formats ...string) ([]byte, error) {
	d := p.Document
	line := RegisterLine{
		ID: p.EditionURI(), Text: p.TextURI(), Digest: p.Digest, OfferDigest: p.OfferDigest, Slug: p.Slug, Number: p.Number,
		Title: d.Title, Languages: d.Languages, State: p.State, PublishedAt: instant(p.PublishedAt), ModifiedAt: instant(p.ModifiedAt),
		ValidFrom: p.ValidFrom, EnrolUntil: p.EnrolUntil, AwardUntil: p.AwardUntil, Council: p.Council.Slug, Publisher: p.Publisher.Slug,
		Sector: d.Classification.Sector, EQF: d.Level.EQF, Hours: d.Workload.Hours, Formats: map[string]governance.URI{},
	}
	for _, credit := range d.Workload.Credits {
		line.Credits = append(line.Credits, RegisterCredit{credit.System, credit.Points})
	}
	seen := map[governance.URI]bool{}
	for _, outcome := range d.Outcomes {
		for _, skill := range outcome.Skills {
			if !seen[skill.ID] {
				line.Skills = append(line.Skills, skill.ID)
			}
			seen[skill.ID] = true
		}
	}
	for _, format := range formats {
		line.Formats[format] = p.EditionURI() + governance.URI("?format="+format)
	}
	content, err := json.Marshal(line)
	if err != nil {
		return nil, fmt.Errorf("encode the line of %s: %w", p.Slug, err)
	}
	return append(content, '\n'), nil
}

func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }
