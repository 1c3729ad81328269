package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"concordat/exchange"
	"concordat/governance"
	"concordat/server"
	"concordat/store"
)

// fileImport is what "concordat import FORMAT FILE" was asked to do.
type fileImport struct {
	format    exchange.ImportFormat
	language  string // of texts of which the file does not say it
	languages string // "en,de"; empty: all that the file has
	council   string // slug; empty: nothing is saved
	slug      string // of the specification
	lead      string // slug of the organization
	issuer    string // of the person, who is an author of the lead
	subject   string
	document  string // file to write the draft to
	offer     string // file to write the offer's facts to
}

func (i *fileImport) flags(flags *flag.FlagSet) {
	flags.StringVar(&i.languages, "languages", "", "languages to keep, as in en,de; all if not said")
	flags.StringVar(&i.language, "language", "en", "language of texts of which the file does not say it")
	flags.StringVar(&i.document, "document-out", "", "write the draft to this `FILE`, in JSON")
	flags.StringVar(&i.offer, "offer-out", "", "write what belongs into an offer to this `FILE`, in JSON")
	flags.StringVar(&i.council, "council", "", "start a specification under the rules of this council (`SLUG`); needs those below")
	flags.StringVar(&i.slug, "slug", "", "short name of the specification in addresses")
	flags.StringVar(&i.lead, "lead", "", "organization that leads it (`SLUG`), on the council's roll")
	flags.StringVar(&i.issuer, "issuer", "", "identity provider of the person for whom this is done, an author of the lead")
	flags.StringVar(&i.subject, "subject", "", "the person's subject there")
}

// importFile runs "concordat import FORMAT FILE": it says what the file has that a document has no place for and what the
// draft lacks, and keeps the draft where it was asked to: in a file, or as a specification in DRAFTING. It answers the
// exit status: 0, 1 where the database refuses it, 2 where the arguments or the file cannot be used.
func importFile(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) > 0 && args[0] == "esco":
		return importESCO(ctx, args[1:], stdout, stderr)
	case len(args) > 0 && args[0] == "reference":
		return importReference(ctx, args[1:], stdout, stderr)
	}
	if len(args) == 0 || !exchange.ImportFormat(args[0]).Known() {
		fmt.Fprintln(stderr, "usage: concordat import FORMAT [FLAGS] FILE\nformats:", joined(exchange.ImportFormats))
		fmt.Fprintln(stderr, "   or: concordat import esco [FLAGS] FOLDER\n   or: concordat import reference [FLAGS] VOCABULARY FILE")
		return 2
	}
	asked := fileImport{format: exchange.ImportFormat(args[0])}
	command := "import " + args[0]
	line := commandLine{name: command, args: args[1:], operands: []string{"FILE"}, storageOnly: true, own: asked.flags}
	c, operands, status, ok := configure(line, stderr)
	if !ok {
		return status
	}
	fail := func(status int, err error) int {
		fmt.Fprintf(stderr, "concordat %s: %v\n", command, err)
		return status
	}
	if err := asked.check(); err != nil {
		return fail(2, err)
	}
	imported, err := asked.read(operands[0])
	if err != nil {
		return fail(2, err)
	}
	if err := asked.tell(stdout, operands[0], imported); err != nil {
		return fail(1, err)
	}
	if asked.council == "" {
		return 0
	}
	db, err := server.OpenStore(ctx, c.server, c.logger(stderr))
	if err == nil {
		err = errors.Join(asked.start(ctx, db, imported.Document, stdout), db.Close())
	}
	if err != nil {
		return fail(1, err)
	}
	return 0
}

// check asks for all that starting a specification needs, or nothing of it.
func (i *fileImport) check() error {
	var missing []string
	for name, value := range map[string]string{"--slug": i.slug, "--lead": i.lead, "--issuer": i.issuer, "--subject": i.subject} {
		if (value == "") != (i.council == "") {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return errors.New("--council, --slug, --lead, --issuer and --subject belong together")
	}
	return nil
}

func (i *fileImport) read(name string) (server.Imported, error) {
	file, err := os.Open(name)
	if err != nil {
		return server.Imported{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, exchange.MaxImportBytes+1))
	if err != nil {
		return server.Imported{}, fmt.Errorf("read %s: %w", name, err)
	}
	var languages []governance.LanguageTag
	for language := range strings.SplitSeq(i.languages, ",") {
		if language = strings.TrimSpace(language); language != "" {
			languages = append(languages, governance.LanguageTag(language))
		}
	}
	reading := server.Reading{Format: i.format, Languages: languages, Language: governance.LanguageTag(i.language)}
	imported, err := reading.Read(content)
	if err != nil {
		return server.Imported{}, fmt.Errorf("%s: %w", name, err)
	}
	return imported, nil
}

// tell prints the report and the findings and writes the files that were asked for.
func (i *fileImport) tell(stdout io.Writer, name string, imported server.Imported) error {
	document := imported.Document
	title, _ := document.Title.In(string(document.PrimaryLanguage()), "")
	fmt.Fprintf(stdout, "%s: “%s”, %d learning outcomes, %s\n", name, title, len(document.Outcomes), joined(document.Languages))
	fmt.Fprintf(stdout, "\nWhat did not fit as it stood (%d):\n", len(imported.Report))
	for _, loss := range imported.Report {
		fmt.Fprintf(stdout, "  %-8s  %s  %s\n", loss.Kind, orWhole(loss.Path), loss.Message)
	}
	fmt.Fprintf(stdout, "\nWhat the draft lacks (%d):\n", len(imported.Findings))
	for _, finding := range imported.Findings {
		fmt.Fprintf(stdout, "  %-8s  %s  %s\n", finding.Severity, orWhole(finding.Path), finding.Message)
	}
	fmt.Fprintln(stdout)
	if i.document != "" {
		if err := writeJSON(i.document, document); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "The draft is in", i.document)
	}
	switch {
	case imported.Offer == nil:
		fmt.Fprintln(stdout, "The file says nothing that belongs into an offer.")
	case i.offer == "":
		fmt.Fprintln(stdout, "The file also says what belongs into a provider's offer: --offer-out FILE keeps it until the edition is approved.")
	default:
		if err := writeJSON(i.offer, imported.Offer); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "What belongs into an offer is in", i.offer+"; an offer is made once the edition is approved.")
	}
	return nil
}

func orWhole(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return strings.Join(words, ", ")
}

// writeJSON writes a file that is not there yet.
func writeJSON(name string, value any) error {
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(content, '\n'))
	return errors.Join(err, file.Close())
}

// start starts a specification with the draft as its first text, as the person, for the lead.
func (i *fileImport) start(ctx context.Context, db *store.DB, document governance.Document, stdout io.Writer) error {
	council, err := db.CouncilBySlug(ctx, i.council)
	if err != nil {
		return err
	}
	if council == nil {
		return governance.NotFound("council", i.council)
	}
	lead, err := db.OrganizationBySlug(ctx, i.lead)
	if err != nil {
		return err
	}
	if lead == nil {
		return governance.NotFound("organization", i.lead)
	}
	person, err := db.PersonNamed(ctx, i.issuer, i.subject)
	if err != nil {
		return err
	}
	author := governance.Actor{
		Person: person, Organization: lead.ID, Issuer: i.issuer, Command: true,
		Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite},
	}
	id, err := db.StartSpecification(ctx, author, store.StartSpecificationInput{
		Council: council.ID, Slug: i.slug, Document: document, Message: "Imported from a file of " + i.format.Name() + ".",
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Started the specification %s (%s); its edition 1.0 is in DRAFTING.\n", i.slug, id)
	return err
}
