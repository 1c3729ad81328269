package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/exchange"
	"concordat/governance/sample"
	"concordat/server/page"
	"concordat/store/storetest"
)

// How many say how much in the big consultation.
const (
	bigOrganizations = 40
	bigComments      = 300
)

// big is a stage with a consultation on which many comment.
type big struct {
	*stage
	council       string
	organizations []string // ids; one person writes for all of them
	comments      []string
}

// must takes a step in somebody's name and answers what it selects.
func (s *stage) must(persona, acting, mutation, selection string, input map[string]any) map[string]any {
	s.t.Helper()
	s.persona, s.acting = persona, acting
	query := fmt.Sprintf("mutation($input: %s%sInput!) { %s(input: $input) { %s } }",
		strings.ToUpper(mutation[:1]), mutation[1:], mutation, selection)
	response := s.post(query, map[string]any{"input": input})
	require.Empty(s.t, response.Errors, "%s by %s", mutation, persona)
	answer, _ := response.Data[mutation].(map[string]any)
	return answer
}

// get fetches a page or a file in somebody's name.
func (s *stage) get(persona, path string) (int, http.Header, []byte) {
	s.t.Helper()
	s.persona = persona
	response, err := s.client().Get(s.server.URL() + path)
	require.NoError(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, response.Header, body
}

// send uploads a form for an edition in somebody's name.
func (s *stage) send(persona, acting, edition string, form []byte) (int, page.ImportedComments) {
	s.t.Helper()
	s.persona = persona
	request, err := http.NewRequest(http.MethodPost, s.server.URL()+"/import/comments?edition="+edition, bytes.NewReader(form))
	require.NoError(s.t, err)
	if acting != "" {
		request.Header.Set(auth.ActingForHeader, acting)
	}
	response, err := s.client().Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	var answer page.ImportedComments
	require.NoError(s.t, json.Unmarshal(body, &answer), "%s", body)
	return response.StatusCode, answer
}

// found makes the council, its charter and roll, and lets one person write for every organization on it.
func (b *big) found() {
	register := func(slug, name string) string {
		answer := b.must("admin", "", "registerOrganization", "organization { id }", map[string]any{"slug": slug, "legalName": name, "country": "LV"})
		return toText(find(b.t, 0, answer, "organization.id"))
	}
	b.council = register("heat-skills-council", "Heat Transition Skills Council")
	lead := register("daugava-koledza", "Daugavas Enerģētikas koledža")
	b.must("admin", "", "establishCouncil", "council { id }", map[string]any{
		"organization": b.council, "jurisdiction": []string{"LV"}, "sectors": []string{"F43"}, "zone": "Europe/Riga"})
	for i := range bigOrganizations {
		id := register(fmt.Sprintf("works-%d", i), fmt.Sprintf("Works %d, \"SIA\"; Rīga", i))
		b.organizations = append(b.organizations, id)
		b.must("admin", "", "grantMandate", "mandate { id }", map[string]any{
			"organization": id, "issuer": b.server.URL() + demo.Path, "subject": "visitor", "role": "AUTHOR", "ground": "writes for all",
			"untilAt": b.clock.Now().AddDate(3, 0, 0).Format(time.RFC3339)})
	}
	for i, id := range append([]string{lead}, b.organizations...) {
		chamber := "EMPLOYER"
		if i == 0 {
			chamber = "PROVIDER"
		}
		b.must("secretary", "", "admitToRoll", "rollEntry { id }", map[string]any{
			"council": b.council, "organization": id, "chamber": chamber, "ground": "of the founding assembly"})
	}
	charter := b.must("secretary", "", "proposeCharter", "charter { id digest }", map[string]any{"council": b.council, "preset": "tripartite"})
	b.must("admin", "", "foundCharter", "charter { id }", map[string]any{
		"charter": find(b.t, 0, charter, "charter.id"), "digest": find(b.t, 0, charter, "charter.digest")})
}

// start starts a specification of the sample text and opens a public consultation on it.
func (b *big) start(slug string) (edition, consultation string) {
	started := b.must("koledza-author", "", "startSpecification", "edition { id }", map[string]any{
		"council": b.council, "slug": slug, "document": asMap(b.t, sample.Document()), "message": "a start"})
	edition = toText(find(b.t, 0, started, "edition.id"))
	opened := b.must("secretary", "", "openConsultation", "consultation { id }", map[string]any{
		"edition": edition, "closesOn": b.clock.Now().AddDate(0, 0, 40).Format(time.DateOnly), "isPublic": true})
	return edition, toText(find(b.t, 0, opened, "consultation.id"))
}

// bodies are what is easily lost in a file.
var bodies = []string{
	"Unclear.", "=HYPERLINK(\"https://evil.example\")", "+ more hours", "-1", "@all: see below", "Line one\nline two\n\nline four",
	"\"Quoted\"; with, separators\tand a tab", "Šķidrums, Wärmepumpe, θερμότητα, 热泵 🔧", "'apostrophe first", strings.Repeat("Long. ", 1500),
}

// remark has every organization comment in turn, on one element after the other.
func (b *big) remark(edition string) {
	elements := sample.Document().ElementNames().Elements
	kinds := []string{"GENERAL", "EDITORIAL", "TECHNICAL"}
	for i := range bigComments {
		input := map[string]any{
			"edition": edition, "kind": kinds[i%3], "body": fmt.Sprintf("%s (%d)", bodies[i%len(bodies)], i),
			"proposedChange": bodies[(i+3)%len(bodies)],
		}
		if i%10 == 1 {
			input["body"] = bodies[1]
		}
		if i%4 != 0 {
			input["path"] = elements[i%len(elements)].Path
		}
		b.clock.Advance(time.Second)
		added := b.must("visitor", b.organizations[i%bigOrganizations], "addComment", "comment { id }", input)
		b.comments = append(b.comments, toText(find(b.t, 0, added, "comment.id")))
	}
}

// dispose answers all comments in bulk, a hundred at a time, each lot in its own way.
func (b *big) dispose() {
	kinds := []string{"ACCEPTED", "REJECTED", "NOTED"}
	for i := 0; i < bigComments; i += 100 {
		b.must("koledza-author", "", "disposeComments", "edition { id }", map[string]any{
			"comments": b.comments[i : i+100], "kind": kinds[i/100], "reason": "=Because\nit is so."})
	}
}

// formAt downloads and reads a report.
func (b *big) formAt(path string) ([]byte, exchange.CommentingForm) {
	b.t.Helper()
	status, _, file := b.get("nobody", path)
	require.Equal(b.t, http.StatusOK, status, "%s", file)
	form, err := exchange.ReadCommentingForm(file)
	require.NoError(b.t, err)
	return file, form
}

func cellsOf(form exchange.CommentingForm) [][8]string {
	var cells [][8]string
	for _, row := range form.Rows {
		cells = append(cells, row.Cells)
	}
	return cells
}

// TestThreeHundredCommentsGoOutAsAFormAndComeBack walks the whole way of a big consultation over HTTP: 300 comments of 40
// organizations, answers in bulk, the report as a form, and the form imported into another edition with nothing lost.
func TestThreeHundredCommentsGoOutAsAFormAndComeBack(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			b := &big{stage: newStage(t, kind)}
			b.found()
			edition, consultation := b.start("heat-pumps")
			page := "/consultations/" + consultation
			status, _, body := b.get("nobody", page+"/comments.xlsx")
			assert.Equal(t, http.StatusConflict, status, "no report while it is open: %s", body)
			b.remark(edition)
			b.later(line{rest: "45 days"})
			b.dispose()

			workbook, form := b.formAt(page + "/comments.xlsx")
			require.Len(t, form.Rows, bigComments)
			b.holds(form)
			_, fromCSV := b.formAt(page + "/comments.csv")
			assert.Equal(t, cellsOf(form), cellsOf(fromCSV), "CSV says the same")
			t.Run("LibreOffice opens the workbook", func(t *testing.T) { assert.Equal(t, cellsOf(form), cellsOf(inLibreOffice(t, workbook))) })
			status, _, body = b.get("nobody", page)
			require.Equal(t, http.StatusOK, status)
			assert.Equal(t, bigComments, strings.Count(string(body), `<tr id="comment-`))

			b.comesBack(workbook, form)
		})
	}
}

// holds makes sure that the report says what was said.
func (b *big) holds(form exchange.CommentingForm) {
	elements := sample.Document().ElementNames().Elements
	for i, row := range form.Rows {
		require.Equal(b.t, fmt.Sprintf("Works %d, \"SIA\"; Rīga", i%bigOrganizations), row.In(exchange.FormBody))
		if i%4 != 0 {
			require.Equal(b.t, elements[i%len(elements)].Path, row.In(exchange.FormLine))
			require.Equal(b.t, elements[i%len(elements)].Words, row.In(exchange.FormClause))
		}
		require.Equal(b.t, []string{"ge", "ed", "te"}[i%3], row.In(exchange.FormType))
		require.Equal(b.t, strings.TrimSpace(bodies[(i+3)%len(bodies)]), row.In(exchange.FormChange))
		require.Contains(b.t, row.In(exchange.FormObservations), "=Because\nit is so.")
	}
}

// comesBack imports the form into empty editions: as one of those that commented, and twice as the secretary. It holds the
// second edition's own report against the form.
func (b *big) comesBack(workbook []byte, form exchange.CommentingForm) {
	other, _ := b.start("heat-pumps-again")
	b.clock.Advance(time.Minute)
	status, refused := b.send("visitor", b.organizations[0], other, workbook)
	require.Equal(b.t, http.StatusOK, status)
	assert.Len(b.t, refused.Unfit, bigComments-8, "an organization hands in its own comments alone")
	assert.Equal(b.t, "another-body", refused.Unfit[0].Reason)
	assert.Equal(b.t, "A", refused.Unfit[0].Column)
	assert.Equal(b.t, 4, refused.Unfit[0].Row)

	empty, consultation := b.start("heat-pumps-once-more")
	b.clock.Advance(time.Minute)
	status, got := b.send("secretary", "", empty, workbook)
	require.Equal(b.t, http.StatusOK, status)
	assert.Len(b.t, got.Added, bigComments)
	assert.Empty(b.t, got.Unfit)
	status, again := b.send("secretary", "", empty, workbook)
	require.Equal(b.t, http.StatusOK, status)
	assert.Empty(b.t, again.Added)
	assert.Equal(b.t, got.Added, again.Known)
	b.later(line{rest: "45 days"})
	_, back := b.formAt("/consultations/" + consultation + "/comments.csv")
	assert.Equal(b.t, cellsOf(form), cellsOf(back), "nothing is lost in any column")
}

// inLibreOffice opens a workbook in LibreOffice and reads what that saves of it. It skips where LibreOffice is absent: at
// half a gigabyte, make test does not install it.
func inLibreOffice(t *testing.T, workbook []byte) exchange.CommentingForm {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: the workbook was opened by our own reader alone (apt-get install libreoffice-calc)")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "report.xlsx"), workbook, 0o600))
	command := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", dir, filepath.Join(dir, "report.xlsx"))
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	saved, err := os.ReadFile(filepath.Join(dir, "report.csv"))
	require.NoError(t, err, "%s", output)
	form, err := exchange.ReadCommentingForm(saved)
	require.NoError(t, err)
	return form
}
