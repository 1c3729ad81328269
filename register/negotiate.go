package register

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"concordat/exchange"
	"concordat/governance"
)

// choice is an element of a list in which a client says what it takes, with how much it wants it.
type choice struct {
	name    string // in lower case
	profile string // of a media type; empty: none
	weight  float64
}

// choices reads such a list (RFC 9110, section 12.4.2). What is malformed is passed over.
func choices(list string) []choice {
	var all []choice
	for element := range strings.SplitSeq(list, ",") {
		name, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		c := choice{name: name, profile: parameters["profile"], weight: 1}
		if text, ok := parameters["q"]; ok {
			if c.weight, err = strconv.ParseFloat(text, 64); err != nil || c.weight < 0 || c.weight > 1 {
				continue
			}
		}
		all = append(all, c)
	}
	return all
}

// fits says how closely a choice names a media type with its profile: 0 not at all, 1 as anything, 2 as one of its kind, 3
// by its name, 4 with its profile.
func (c choice) fits(mediaType, profile string) int {
	kind, _, _ := strings.Cut(mediaType, "/")
	switch {
	case c.profile != "" && (c.profile != profile || c.name != mediaType):
		return 0
	case c.profile != "":
		return 4
	case c.name == mediaType:
		return 3
	case c.name == kind+"/*":
		return 2
	case c.name == "*/*":
		return 1
	}
	return 0
}

// The forms of a publication that are no export.
const (
	formPage     exchange.ExportFormat = "html" // the page
	formDocument exchange.ExportFormat = "json" // the exact bytes that were agreed on
)

// offered is what a client may take, what wins where it takes several alike first.
var offered = offeredForms()

func offeredForms() []exchange.Exporter {
	forms := []exchange.Exporter{{Format: formPage, MediaType: "text/html"}, {Format: formDocument, MediaType: "application/json"}}
	general, _ := exchange.ExporterOf(exchange.ToSchemaOrg) // before those of its media type that are for fewer readers
	forms = append(forms, general)
	return append(forms, exchange.Exporters...)
}

// formats are all the names that ?format= takes.
func formats() []string {
	all := []string{string(formPage), string(formDocument)}
	for _, e := range exchange.Exporters {
		all = append(all, string(e.Format))
	}
	return all
}

// asksFor is the form that a request asks for: by ?format=, or else by what it accepts. INVALID, with those that there are,
// for another.
func asksFor(r *http.Request) (exchange.ExportFormat, error) {
	there := strings.Join(formats(), ", ")
	if asked := r.URL.Query().Get("format"); asked != "" {
		if !slices.Contains(formats(), asked) {
			return "", governance.Invalid("format", "format-unknown", "There is no format {format}. There are: {formats}.", "format", asked, "formats", there)
		}
		return exchange.ExportFormat(asked), nil
	}
	accept := r.Header.Get("Accept")
	if accept == "" {
		return formPage, nil
	}
	best, most := exchange.ExportFormat(""), 0.0
	taken := choices(accept)
	for _, form := range offered {
		if weight := weightOf(taken, form); weight > most {
			best, most = form.Format, weight
		}
	}
	if best == "" {
		return "", governance.Invalid("Accept", reasonUnacceptable, "None of the formats that there are is acceptable. There are, with ?format=: {formats}.",
			"formats", there)
	}
	return best, nil
}

// reasonUnacceptable is the refusal that HTTP has a status of its own for.
const reasonUnacceptable = "format-unacceptable"

// weightOf is how much a client wants a form: what names it most closely counts.
func weightOf(taken []choice, form exchange.Exporter) float64 {
	weight, closest := 0.0, 0
	for _, c := range taken {
		if fits := c.fits(form.MediaType, form.Profile); fits > closest {
			weight, closest = c.weight, fits
		}
	}
	return weight
}
