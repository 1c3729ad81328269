package server

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/governance"
)

func sampleELM(t *testing.T) []byte {
	t.Helper()
	file, err := os.ReadFile("../exchange/testdata/elm-credential.json")
	require.NoError(t, err)
	return file
}

// upload posts a body of ELM as a persona; "" is nobody.
func upload(t *testing.T, s *Server, persona, query, contentType string, body []byte) (int, []byte) {
	t.Helper()
	return uploadTo(t, s, persona, "/import/elm"+query, contentType, body)
}

// uploadTo posts a body to a path as a persona.
func uploadTo(t *testing.T, s *Server, persona, path, contentType string, body []byte) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+path, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	if persona != "" {
		token, err := demo.Token(t.Context(), s.URL(), persona)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var answer bytes.Buffer
	_, err = answer.ReadFrom(response.Body)
	require.NoError(t, err)
	return response.StatusCode, answer.Bytes()
}

func TestAnUploadedFileIsReadAndNotSaved(t *testing.T) {
	s := served(t, Config{Demo: true})
	before, err := s.db.Measures(t.Context())
	require.NoError(t, err)
	status, answer := upload(t, s, "koledza-author", "", "application/ld+json", sampleELM(t))
	require.Equal(t, http.StatusOK, status, string(answer))
	var imported Imported
	require.NoError(t, json.Unmarshal(answer, &imported))
	assert.NotEmpty(t, imported.Document.Outcomes)
	assert.NotEmpty(t, imported.Report)
	assert.NotEmpty(t, imported.Findings)

	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	require.NoError(t, parts.WriteField("note", "not a file"))
	part, err := parts.CreateFormFile("file", "sample.json")
	require.NoError(t, err)
	_, err = part.Write(sampleELM(t))
	require.NoError(t, err)
	require.NoError(t, parts.Close())
	status, again := upload(t, s, "koledza-author", "", parts.FormDataContentType(), form.Bytes())
	require.Equal(t, http.StatusOK, status, string(again))
	assert.JSONEq(t, string(answer), string(again), "a form is read like a body")

	unknown := func(f governance.Finding) bool { return f.Rule == "code-unknown" }
	assert.False(t, slices.ContainsFunc(imported.Findings, unknown), "the demo has an excerpt of ESCO")
	_, err = s.db.LoadVocabulary(t.Context(), governance.Vocabulary{Scheme: governance.SchemeESCOSkill, Version: "1.2.0", Terms: []governance.Term{
		{URI: "http://data.europa.eu/esco/skill/none", Labels: map[string][]string{"en": {"none"}}},
	}}, nil)
	require.NoError(t, err)
	_, answer = upload(t, s, "koledza-author", "", "application/ld+json", sampleELM(t))
	require.NoError(t, json.Unmarshal(answer, &imported))
	assert.True(t, slices.ContainsFunc(imported.Findings, unknown), "the whole of it is what the file is checked against")

	after, err := s.db.Measures(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before.Head, after.Head, "nothing is saved")
}

func TestAnUploadThatCannotBeReadIsRefused(t *testing.T) {
	s := served(t, Config{Demo: true})
	for name, test := range map[string]struct {
		persona, query, contentType string
		body                        []byte
		status                      int
		code                        string
	}{
		"nobody asks":                  {body: sampleELM(t), status: http.StatusUnauthorized, code: "UNAUTHENTICATED"},
		"somebody without a mandate":   {persona: "visitor", body: sampleELM(t), status: http.StatusForbidden, code: "FORBIDDEN"},
		"two hats and none chosen":     {persona: "two-hats", body: sampleELM(t), status: http.StatusBadRequest, code: "INVALID"},
		"it is not JSON":               {persona: "koledza-author", body: []byte("%PDF-1.7"), status: http.StatusBadRequest, code: "INVALID"},
		"it is empty":                  {persona: "koledza-author", status: http.StatusBadRequest, code: "INVALID"},
		"it is a form without a file":  {persona: "koledza-author", contentType: "multipart/form-data; boundary=x", body: []byte("--x--\r\n"), status: http.StatusBadRequest, code: "INVALID"},
		"it has none of the languages": {persona: "koledza-author", query: "?languages=mt", body: sampleELM(t), status: http.StatusBadRequest, code: "INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.contentType == "" {
				test.contentType = "application/json"
			}
			status, answer := upload(t, s, test.persona, test.query, test.contentType, test.body)
			assert.Equal(t, test.status, status, string(answer))
			var problem struct {
				Error struct{ Code, Message string }
			}
			require.NoError(t, json.Unmarshal(answer, &problem))
			assert.Equal(t, test.code, problem.Error.Code)
			assert.NotEmpty(t, problem.Error.Message)
		})
	}
}

func TestEveryFormatIsReadFromAnUpload(t *testing.T) {
	s := served(t, Config{Demo: true})
	pack, err := os.ReadFile("../exchange/testdata/case-1.1.json")
	require.NoError(t, err)
	for format, test := range map[string]struct {
		query string
		body  []byte
		title string
		tags  []governance.LanguageTag
	}{
		"elm":      {"", sampleELM(t), "Welding", []governance.LanguageTag{"lt", "en"}},
		"case":     {"?languages=de", pack, "", []governance.LanguageTag{"de"}},
		"ctdl":     {"", []byte(`{"@type":"ceterms:Badge","ceterms:name":{"en":"Welding"}}`), "Welding", []governance.LanguageTag{"en"}},
		"rsd":      {"?language=lt", []byte("RSD Name,Skill Statement\nx,Suvirina.\n"), "", []governance.LanguageTag{"lt"}},
		"outcomes": {"", []byte("Statement\nWelds.\n"), "", []governance.LanguageTag{"en"}},
	} {
		t.Run(format, func(t *testing.T) {
			status, answer := uploadTo(t, s, "koledza-author", "/import/"+format+test.query, "application/octet-stream", test.body)
			require.Equal(t, http.StatusOK, status, string(answer))
			var imported Imported
			require.NoError(t, json.Unmarshal(answer, &imported))
			assert.Equal(t, test.title, imported.Document.Title["en"])
			assert.Equal(t, test.tags, imported.Document.Languages)
			status, answer = uploadTo(t, s, "koledza-author", "/import/"+format, "application/octet-stream", []byte("{}"))
			assert.Equal(t, http.StatusBadRequest, status, string(answer))
			status, _ = uploadTo(t, s, "", "/import/"+format, "application/octet-stream", test.body)
			assert.Equal(t, http.StatusUnauthorized, status)
		})
	}
	status, answer := uploadTo(t, s, "koledza-author", "/import/pdf", "application/pdf", []byte("%PDF"))
	assert.Equal(t, http.StatusNotFound, status, string(answer))
	status, answer = uploadTo(t, s, "koledza-author", "/import/rsd?language=!", "text/csv", []byte("x"))
	assert.Equal(t, http.StatusBadRequest, status, string(answer))
}

func TestTheTemplateOfOutcomesIsDownloadedByAnybodyAndReadBack(t *testing.T) {
	s := served(t, Config{Demo: true})
	download := func(query string) (*http.Response, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/import/outcomes.xlsx"+query, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response, body
	}
	response, workbook := download("?languages=en,lt")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, response.Header.Get("Content-Type"), "spreadsheetml")
	status, answer := uploadTo(t, s, "koledza-author", "/import/outcomes", "application/octet-stream", workbook)
	assert.Equal(t, http.StatusOK, status, string(answer))
	response, _ = download("?languages=!")
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
}
