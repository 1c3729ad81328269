package governance_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

//go:generate go test -run ^TestTheProcessDocumentSaysWhatTheTableSays$ -update .

const processDocument = "../docs/process.md"

var update = flag.Bool("update", false, "write the generated parts of docs/process.md again")

// TestTheProcessDocumentSaysWhatTheTableSays holds the generated parts of docs/process.md against the table of steps.
// They stand between <!-- generated: NAME --> and <!-- end: NAME -->; what is around them is written by hand.
func TestTheProcessDocumentSaysWhatTheTableSays(t *testing.T) {
	text, err := os.ReadFile(processDocument)
	require.NoError(t, err)
	want := string(text)
	for name, part := range map[string]string{
		"life of a need":               lifeOf(governance.KindNeed),
		"life of an edition":           lifeOf(governance.KindEdition),
		"steps by stage of a need":     stepsByStage(governance.KindNeed),
		"steps by stage of an edition": stepsByStage(governance.KindEdition),
		"steps by stage of a ballot":   stepsByStage(governance.KindBallot),
		"steps":                        stepTables(t),
	} {
		want = replacePart(t, want, name, part)
	}
	if *update {
		require.NoError(t, os.WriteFile(processDocument, []byte(want), 0o644))
		return
	}
	assertSameLines(t, strings.Split(want, "\n"), strings.Split(string(text), "\n"))
}

// assertSameLines names the first line of docs/process.md that is not what the table makes of it.
func assertSameLines(t *testing.T, want, got []string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		from, is := "(nothing)", "(nothing)"
		if i < len(want) {
			from = want[i]
		}
		if i < len(got) {
			is = got[i]
		}
		if from != is {
			t.Fatalf("docs/process.md differs from governance.Steps in line %d; go generate ./governance writes it again\n"+
				"    the table: %s\n the document: %s", i+1, from, is)
		}
	}
}

func TestTheProcessDocumentNamesEveryStep(t *testing.T) {
	text, err := os.ReadFile(processDocument)
	require.NoError(t, err)
	for _, rule := range governance.Steps {
		row := regexp.MustCompile("(?m)^\\| " + regexp.QuoteMeta(rule.Step.Words()) + "<br>`" + string(rule.Step) + "` \\|.*\\|$")
		assert.Len(t, row.FindAllString(string(text), -1), 1, "rows of %s", rule.Step)
	}
}

// replacePart puts text between the markers of a part.
func replacePart(t *testing.T, document, name, text string) string {
	t.Helper()
	from, to := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->"
	before, rest, begun := strings.Cut(document, from)
	_, after, ended := strings.Cut(rest, to)
	require.True(t, begun && ended, "docs/process.md lacks the markers of %q", name)
	return before + from + "\n" + text + "\n" + to + after
}

// sections are the headings of the steps, each with the first step under it.
var sections = []struct {
	heading string
	first   governance.Step
}{
	{"Needs", governance.ProposeNeed},
	{"Specifications, editions and working groups", governance.StartSpecification},
	{"Suggestions, comments and objections", governance.Suggest},
	{"Consultations", governance.OpenConsultation},
	{"Ballots", governance.OpenBallot},
	{"Endorsements and other statements", governance.RequestEndorsement},
	{"Offers and publication", governance.MakeOffer},
	{"Charters, organizations, rolls and mandates", governance.ProposeCharter},
	{"Moderation and keys", governance.ReportComment},
}

// stepTables writes every row of governance.Steps, in tables by section.
func stepTables(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	next := 0
	for _, rule := range governance.Steps {
		if next < len(sections) && sections[next].first == rule.Step {
			if next > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "### %s\n\n", sections[next].heading)
			b.WriteString("| step | on | who | stages | afterwards | conditions | scope | mutation |\n|---|---|---|---|---|---|---|---|\n")
			next++
		}
		fmt.Fprintf(&b, "| %s<br>`%s` | %s | %s | %s | %s | %s | %s | %s |\n", rule.Step.Words(), rule.Step, kindWords(rule.Object),
			rule.Who(), stagesCell(rule), afterwards(rule), conditions(rule), rule.Scope, mutation(rule))
	}
	require.Equal(t, len(sections), next, "every section has its first step in the table")
	return b.String()
}

// kindWords says a kind of object in words: "roll entry".
func kindWords(kind governance.Kind) string {
	return strings.ReplaceAll(strings.ToLower(string(kind)), "_", " ")
}

// stagesCell says in which stages a step may be taken; nothing where its object has none.
func stagesCell(rule governance.StepRule) string {
	if len(rule.Stages) == 0 && len(rule.Object.Stages()) > 0 {
		return "any"
	}
	return strings.Join(stageNames(rule.Stages), ", ")
}

func stageNames(stages []governance.Stage) []string {
	names := make([]string, len(stages))
	for i, stage := range stages {
		names[i] = string(stage)
	}
	return names
}

// afterwards says what stages the step brings about.
func afterwards(rule governance.StepRule) string {
	var effects []string
	switch {
	case rule.Starts != "":
		effects = append(effects, fmt.Sprintf("a new %s in %s", kindWords(rule.Starts), rule.Next))
	case rule.Next != "":
		effects = append(effects, string(rule.Next))
	}
	for _, move := range rule.Moves {
		effects = append(effects, fmt.Sprintf("%s %s → %s (%s)", kindWords(move.Object), move.From, move.To, move.When))
	}
	if len(effects) == 0 && len(rule.Object.Stages()) > 0 {
		return "as before"
	}
	return strings.Join(effects, "<br>")
}

func conditions(rule governance.StepRule) string {
	var sentences []string
	for _, need := range rule.Needs {
		sentences = append(sentences, need.Sentence())
	}
	return strings.Join(sentences, " ")
}

// mutation is the mutation's name, or why there is none.
func mutation(rule governance.StepRule) string {
	if rule.Mutation() == "" {
		return "none: the clock's"
	}
	return "`" + rule.Mutation() + "`"
}

// lifeOf draws the transitions of a kind and lists them.
func lifeOf(kind governance.Kind) string {
	var drawing, table strings.Builder
	drawing.WriteString("```mermaid\nstateDiagram-v2\n")
	table.WriteString("| from | to | by |\n|---|---|---|\n")
	for _, arrows := range grouped(governance.Transitions(kind)) {
		by := label(arrows[0])
		var froms []governance.Stage
		for _, a := range arrows {
			from := a.From
			if from == "" {
				from = "[*]"
			}
			froms = append(froms, from)
			fmt.Fprintf(&drawing, "    %s --> %s: %s\n", from, a.To, by)
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", strings.ReplaceAll(strings.Join(stageNames(froms), ", "), "[*]", ""), arrows[0].To, by)
	}
	for _, stage := range kind.Stages() {
		if !slices.ContainsFunc(governance.Transitions(kind), func(a governance.Transition) bool { return a.From == stage }) {
			fmt.Fprintf(&drawing, "    %s --> [*]\n", stage)
		}
	}
	return drawing.String() + "```\n\n" + table.String()
}

// grouped puts the transitions together that one step makes to one stage for one reason.
func grouped(transitions []governance.Transition) [][]governance.Transition {
	var groups [][]governance.Transition
	for _, a := range transitions {
		last := len(groups) - 1
		if last >= 0 && groups[last][0].To == a.To && label(groups[last][0]) == label(a) {
			groups[last] = append(groups[last], a)
			continue
		}
		groups = append(groups, []governance.Transition{a})
	}
	return groups
}

// label says what makes a transition.
func label(a governance.Transition) string {
	words := a.Step.Words()
	if a.When != "" {
		words += " (" + a.When + ")"
	}
	return words
}

// shortRoles are the roles as the matrices show them; docs/process.md explains them.
var shortRoles = map[governance.Role]string{
	governance.RoleAuthor: "Au", governance.RoleRepresentative: "Re", governance.RolePublisher: "Pu",
	governance.RoleSecretary: "Se", governance.RoleAdmin: "Ad",
}

// stepsByStage writes a matrix: a row for each step that goes by the stage of a kind, a column for each stage, in it
// the roles that may take the step then.
func stepsByStage(kind governance.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| step | %s |\n|---|%s\n", strings.Join(stageNames(kind.Stages()), " | "), strings.Repeat("---|", len(kind.Stages())))
	for _, rule := range governance.Steps {
		if rule.Object.StageOf() != kind {
			continue
		}
		b.WriteString("| " + rule.Step.Words())
		for _, stage := range kind.Stages() {
			b.WriteString(" | " + rolesIn(rule, stage))
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// rolesIn are the roles that may take a step in a stage, in short.
func rolesIn(rule governance.StepRule, stage governance.Stage) string {
	if len(rule.Stages) > 0 && !slices.Contains(rule.Stages, stage) {
		return ""
	}
	var names []string
	for _, grant := range rule.By {
		switch {
		case len(grant.Stages) > 0 && !slices.Contains(grant.Stages, stage):
		case grant.Relation == governance.RelationClock:
			names = append(names, "cl")
		case len(grant.Roles) == 0:
			names = append(names, "pe")
		default:
			for _, role := range grant.Roles {
				if !slices.Contains(names, shortRoles[role]) {
					names = append(names, shortRoles[role])
				}
			}
		}
	}
	return strings.Join(names, " ")
}
