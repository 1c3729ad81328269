package graph_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storetest"
)

// crowds are a record's electors and votes as simulateCharter takes them, with neighbours that are alike put together.
func crowds(record governance.TallyRecord) []map[string]any {
	names := map[governance.Position]string{
		governance.PositionApprove: "approve", governance.PositionNoObjection: "noObjection", governance.PositionObject: "object",
		governance.PositionAbstain: "abstain", governance.PositionRecuse: "recuse",
	}
	taken := map[governance.OrganizationID]governance.Position{}
	for _, vote := range record.Votes {
		taken[vote.Organization] = vote.Position
	}
	var all []map[string]any
	last := ""
	for _, elector := range record.Electors {
		alike := fmt.Sprintf("%s %s", elector.Chamber, elector.Weight)
		if alike != last {
			crowd := map[string]any{"chamber": elector.Chamber, "electors": 0}
			if weight := elector.Weight.String(); weight != "" {
				crowd["weight"] = weight
			}
			all, last = append(all, crowd), alike
		}
		crowd := all[len(all)-1]
		crowd["electors"] = crowd["electors"].(int) + 1
		if name, voted := names[taken[elector.Organization]]; voted {
			number, _ := crowd[name].(int)
			crowd[name] = number + 1
		}
	}
	if all == nil {
		all = append(all, map[string]any{"chamber": "NOBODY", "electors": 0})
	}
	return all
}

// dbHandler serves the API over a store to whoever asks.
func dbHandler(db *store.DB) http.Handler {
	return graph.NewHandler(graph.Config{Schema: graph.NewSchema(&graph.Resolver{Store: db}), Log: slog.New(slog.DiscardHandler)})
}

const simulateQuery = `query ($input: SimulateCharterInput!) { simulateCharter(input: $input) {
	tally { outcome conditions { ...C anyOf { ...C allOf { ...C } } } } original { outcome } ballot { id } emptyChambers electorCount record } }
	fragment C on ConditionResult { id kind met actual required explanation code params }`

func TestTheAPICountsEveryPresetAsEverybodyElse(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	h := dbHandler(db)
	for _, ballot := range sample.Ballots() {
		t.Run(ballot.Preset+"/"+ballot.Name, func(t *testing.T) {
			data := dataOf(t, h, simulateQuery, map[string]any{"input": map[string]any{"preset": ballot.Preset, "crowds": crowds(ballot.Record)}})
			got, _ := data["simulateCharter"].(map[string]any)
			tally, _ := got["tally"].(map[string]any)
			assert.Equal(t, string(ballot.Outcome), tally["outcome"])
			want, err := governance.Tally(ballot.Record)
			require.NoError(t, err)
			conditions, _ := tally["conditions"].([]any)
			require.Len(t, conditions, len(want.Conditions))
			for i, condition := range want.Conditions {
				sameCondition(t, condition, conditions[i])
			}
			assert.InDelta(t, len(ballot.Record.Electors), got["electorCount"], 0)
			assert.Nil(t, got["original"])
			assert.Nil(t, got["ballot"])

			record, err := json.Marshal(got["record"])
			require.NoError(t, err)
			read, err := governance.ParseTallyRecord(record)
			require.NoError(t, err)
			again, err := governance.Tally(read)
			require.NoError(t, err)
			assert.Equal(t, want, again, "whoever recounts the answered record comes to the same")
		})
	}
}

func sameCondition(t *testing.T, want governance.ConditionResult, got any) {
	t.Helper()
	c, _ := got.(map[string]any)
	assert.Equal(t, []any{want.ID, string(want.Kind), want.Met, want.Actual, want.Required, want.Explanation, string(want.ExplanationCode)},
		[]any{c["id"], c["kind"], c["met"], c["actual"], c["required"], c["explanation"], c["code"]})
	params, _ := c["params"].(map[string]any)
	assert.Len(t, params, len(want.Params))
	for name, value := range want.Params {
		assert.Equal(t, value, params[name])
	}
	for name, parts := range map[string][]governance.ConditionResult{"anyOf": want.AnyOf, "allOf": want.AllOf} {
		if list, _ := c[name].([]any); c[name] != nil && assert.Len(t, list, len(parts)) {
			for i, part := range parts {
				sameCondition(t, part, list[i])
			}
		}
	}
}

func TestACharterIsCheckedAndSaidThroughTheAPI(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	cast := storetest.NewCast(t, db)
	h := dbHandler(db)
	charter, err := governance.FoundingCharter(governance.PresetTripartite, "Ours", "Europe/Riga")
	require.NoError(t, err)
	charter.Rule.Conditions[3].Chamber = governance.ChamberSet{governance.ChamberCivilSociety}
	charter.Rule.Conditions[6].AtLeast = governance.NewRatio(3, 2)
	const query = `query ($council: ID, $charter: CharterJSON!) { checkCharter(council: $council, charter: $charter) {
		findings { path rule severity params message } conditions { path id kind code params text } } }`
	data := dataOf(t, h, query, map[string]any{"council": cast.Council, "charter": charter})
	check, _ := data["checkCharter"].(map[string]any)
	assert.Equal(t, []any{
		map[string]any{"path": "/rule/conditions/6/atLeast", "rule": "charter-share-over-one", "severity": "ERROR",
			"params": map[string]any{"value": "3/2"}, "message": "A share is at most 1, not 3/2."},
		map[string]any{"path": "/rule/conditions/3/chamber/0", "rule": "charter-empty-chamber", "severity": "WARNING",
			"params": map[string]any{"chamber": `"CIVIL_SOCIETY"`}, "message": `Nobody on the roll sits in "CIVIL_SOCIETY" now: no ballot could open.`},
	}, check["findings"])
	conditions, _ := check["conditions"].([]any)
	require.Len(t, conditions, 7)
	assert.Equal(t, map[string]any{
		"path": "/conditions/4", "id": "unions-majority", "kind": "APPROVAL", "code": "condition-share",
		"params": map[string]any{"chambers": "UNION", "measure": "HEADS", "count": "APPROVE", "over": "APPROVE,OBJECT", "comparator": "moreThan", "threshold": "1/2"},
		"text":   "More than half of the unions that take a side say yes.",
	}, conditions[4])

	data = dataOf(t, h, query, map[string]any{"charter": charter})
	check, _ = data["checkCharter"].(map[string]any)
	assert.Len(t, check["findings"], 1, "without a council no roll is looked at")
	data = dataOf(t, h, `{ presets { id name description source rule conditions { text } } councils { charter { findings { rule } conditions { text } } } }`, nil)
	presets, _ := data["presets"].([]any)
	require.Len(t, presets, len(governance.Presets))
	last, _ := presets[len(presets)-1].(map[string]any)
	assert.Equal(t, "Article 16(4) TEU, Article 238(3)(a) TFEU", last["source"])
	council, _ := data["councils"].([]any)[0].(map[string]any)
	inForce, _ := council["charter"].(map[string]any)
	assert.Equal(t, []any{}, inForce["findings"])
	assert.Len(t, inForce["conditions"], 7)
}

func TestSimulationsAreDear(t *testing.T) {
	query := "query ($i: SimulateCharterInput!) {"
	for i := range 6 {
		query += fmt.Sprintf(" s%d: simulateCharter(input: $i) { electorCount }", i)
	}
	body, err := json.Marshal(map[string]any{"query": query + "}", "variables": map[string]any{"i": map[string]any{"preset": "consent"}}})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	dbHandler(storetest.Open(t, storetest.SQLite)).ServeHTTP(w, post(string(body)))
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, w.Body.String(), "too-many-fields-in-the-answer")
}
