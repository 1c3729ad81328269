package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

const credentialID governance.URI = "urn:credential:6f4fb0a6-0b3c-4bd0-9d3c-1d8b7f6f3c11"

func template(t testing.TB) *exchange.EDCTemplate {
	t.Helper()
	read, err := exchange.ReadEDCTemplate(exported(t, published(t), exchange.ELMCredential).Bytes)
	require.NoError(t, err)
	return read
}

const wholeList = "email,given_name,family_name,full_name,certificate_number,date_of_birth,awarding_date,valid_from,valid_until,grade:written,grade:practical\n" +
	"ana@learner.example,Ana,Andrómeda,Ana María Andrómeda,C-1,1999-10-02,2027-06-30,2027-07-01,2032-06-30,92,passed\n" +
	"\"bo@learner.example\",\"Bo, \"\"the\"\" \",Ng,,,,,,,60,not passed\n"

func TestALearnerIsMergedIntoTheTemplate(t *testing.T) {
	recipients, err := template(t).Recipients([]byte(wholeList))
	require.NoError(t, err)
	require.Len(t, recipients, 2)
	content, err := template(t).Pack(recipients[0], credentialID)
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, json.Unmarshal(content, &file))
	assert.Equal(t, map[string]any{"deliveryAddress": []any{"ana@learner.example"}}, file["deliveryDetails"])
	credential := file["credential"]
	assert.Equal(t, string(credentialID), at(credential, "id"))
	assert.Equal(t, []any{"Ana"}, at(credential, "credentialSubject", "givenName", "en"))
	assert.Equal(t, []any{"Ana María Andrómeda"}, at(credential, "credentialSubject", "fullName", "en"))
	assert.Equal(t, "1999-10-02T00:00:00Z", at(credential, "credentialSubject", "dateOfBirth"))
	assert.Equal(t, "C-1", at(credential, "identifier", "notation"))
	assert.Equal(t, "2027-07-01T00:00:00Z", at(credential, "validFrom"))
	assert.Equal(t, "2032-06-30T23:59:59Z", at(credential, "validUntil"))
	achievement := at(credential, "credentialSubject", "hasClaim")
	assert.Equal(t, "2027-06-30T00:00:00Z", at(achievement, "awardedBy", "awardingDate"))
	assert.Equal(t, []any{"92"}, at(achievement, "provenBy", "grade", "noteLiteral", "en"))
	assert.NotContains(t, string(content), "{{")
	assert.NotContains(t, at(credential), "issuer")
}

func TestWhatAListLeavesOpenIsLeftOutOfTheCredential(t *testing.T) {
	recipients, err := template(t).Recipients([]byte(wholeList))
	require.NoError(t, err)
	content, err := template(t).Pack(recipients[1], credentialID)
	require.NoError(t, err)
	credential := at(treeOf(t, content), "credential")
	assert.Equal(t, []any{`Bo, "the"`}, at(credential, "credentialSubject", "givenName", "en"))
	assert.Equal(t, []any{`Bo, "the" Ng`}, at(credential, "credentialSubject", "fullName", "en"), "put together")
	for _, member := range []string{"identifier", "validUntil"} {
		assert.NotContains(t, credential, member)
	}
	assert.NotContains(t, at(credential, "credentialSubject"), "dateOfBirth")
	assert.Equal(t, "2027-02-01T00:00:00Z", at(credential, "validFrom"), "the publication's")
	assert.NotContains(t, string(content), "{{")
}

func TestOneLearnersDataIsNotInAnothersFile(t *testing.T) {
	shared := template(t)
	recipients, err := shared.Recipients([]byte(wholeList))
	require.NoError(t, err)
	first, err := shared.Pack(recipients[0], credentialID)
	require.NoError(t, err)
	second, err := shared.Pack(recipients[1], credentialID+"2")
	require.NoError(t, err)
	again, err := shared.Pack(recipients[0], credentialID)
	require.NoError(t, err)
	assert.Equal(t, first, again)
	for _, word := range []string{"Ana", "Andr", "1999", "2032", "C-1"} {
		assert.NotContains(t, string(second), word)
	}
}

func TestAFilledTemplateIsValid(t *testing.T) {
	recipients, err := template(t).Recipients([]byte(wholeList))
	require.NoError(t, err)
	var files [][]byte
	for _, recipient := range recipients {
		content, err := template(t).Pack(recipient, credentialID)
		require.NoError(t, err)
		files = append(files, content)
	}
	judge(t, "elm-edc", ".json", files...)
}

func TestTextsThatLookLikeSlotsStayTexts(t *testing.T) {
	document := sample.Document()
	document.Title["en"] = "{{given_name}}"
	document.Summary["en"] = "{{strange}}"
	read, err := exchange.ReadEDCTemplate(exported(t, publish(t, document, new(sample.Offer())), exchange.ELMCredential).Bytes)
	require.NoError(t, err)
	recipients, err := read.Recipients([]byte("email;given_name;family_name;grade\na@b.example;{{family_name}};{{email}};1\n"))
	require.NoError(t, err)
	content, err := read.Pack(recipients[0], credentialID)
	require.NoError(t, err)
	credential := at(treeOf(t, content), "credential")
	assert.Equal(t, []any{"{{given_name}}"}, at(credential, "displayParameter", "title", "en"), "the document's")
	assert.Equal(t, []any{"{{family_name}}"}, at(credential, "credentialSubject", "givenName", "en"), "the list's, not filled again")
}

func TestListsAreReadAsSpreadsheetsSaveThem(t *testing.T) {
	line := func(separator string) string {
		return strings.Join([]string{"email", "Given_Name", " family_name ", "grade"}, separator) + "\r\n" +
			strings.Join([]string{"ana@learner.example", "Ana", `"And;róm,eda"`, `"1,0"`}, separator) + "\r\n"
	}
	for name, list := range map[string]string{
		"commas": line(","), "semicolons": line(";"), "tabs": line("\t"), "a byte order mark": "\ufeff" + line(";"),
		"empty lines and rows": "\r\n" + strings.Replace(line(";"), "\r\n", "\r\n\r\n;;;\r\n  ; ;\r\n", 1) + "\r\n;;;\r\n",
		"no last line end":     strings.TrimRight(line(","), "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			recipients, err := template(t).Recipients([]byte(list))
			require.NoError(t, err)
			require.Len(t, recipients, 1)
			assert.Equal(t, "Ana", recipients[0].Values["given_name"])
			assert.Equal(t, "And;róm,eda", recipients[0].Values["family_name"])
			assert.Equal(t, "1,0", recipients[0].Values["grade:practical"], "one grade for all assessments")
		})
	}
}

func TestMistakesInAListNameLineAndColumn(t *testing.T) {
	const head = "email,given_name,family_name,date_of_birth,valid_from,valid_until,certificate_number,grade\n"
	const ana = "ana@learner.example,Ana,Andrómeda,,,,C-1,1\n"
	for name, test := range map[string]struct{ list, reason, where string }{
		"nothing":                 {"", "no-recipients", ""},
		"a head alone":            {head, "no-recipients", ""},
		"not UTF-8":               {head + ana + "b@c.example,B\xf6,C,,,,,1\n", "not-utf8", "line 3"},
		"an open quote":           {head + "\"ana,Ana\n" + ana, "not-csv", "line 2"},
		"a quote in a cell":       {head + ana + "b@c.example,B\"o\",C,,,,,1\n", "not-csv", "line 3"},
		"a column missing":        {"email,given_name,grade\n", "column-missing", "line 1, column family_name"},
		"no column of grades":     {"email,given_name,family_name,grade:written\n", "column-missing", "line 1, column grade:practical"},
		"a column unknown":        {"email,given_name,family_name,grade,shoe_size\n", "column-unknown", "line 1, column shoe_size"},
		"a grade of nothing":      {"email,given_name,family_name,grade,grade:oral\n", "column-unknown", "line 1, column grade:oral"},
		"a column twice":          {"email,given_name,family_name,grade,Email\n", "column-twice", "line 1, column email"},
		"a column without a name": {"email,given_name,family_name,grade,\n", "column-unnamed", "line 1, column 5"},
		"too many cells":          {head + "a@b.example,A,B,,,,,1,2\n", "cells-too-many", "line 2"},
		"no name":                 {head + "a@b.example,,B,,,,,1\n", "cell-empty", "line 2, column given_name"},
		"too few cells":           {head + "a@b.example,A\n", "cell-empty", "line 2, column family_name"},
		"no grade":                {head + ana + "b@c.example,B,C\n", "cell-empty", "line 3, column grade:practical"},
		"no mail address":         {head + "ana at learner,Ana,B,,,,,1\n", "not-an-address", "line 2, column email"},
		"a name in the address":   {head + "Ana <a@b.example>,Ana,B,,,,,1\n", "not-an-address", "line 2, column email"},
		"30 February":             {head + "a@b.example,A,B,2000-02-30,,,,1\n", "not-a-date", "line 2, column date_of_birth"},
		"a date as people say it": {head + "a@b.example,A,B,,30.6.2027,,,1\n", "not-a-date", "line 2, column valid_from"},
		"an end before the start": {head + "a@b.example,A,B,,2027-02-01,2027-01-31,,1\n", "dates-crossed", "line 2, column valid_until"},
		"somebody twice":          {head + ana + "\n" + strings.Replace(ana, "C-1", "C-2", 1), "recipient-twice", "line 4, column email"},
		"a number twice":          {head + ana + "b@c.example,B,C,,,,C-1,1\n", "recipient-twice", "line 3, column certificate_number"},
		"a line break in a cell":  {head + "a@b.example,\"A\nB\",C,,,,,1\n", "control-character", "line 2, column given_name"},
		"a cell of a book":        {head + "a@b.example," + strings.Repeat("ü", 501) + ",C,,,,,1\n", "cell-too-long", "line 2, column given_name"},
	} {
		t.Run(name, func(t *testing.T) {
			recipients, err := template(t).Recipients([]byte(test.list))
			assert.Empty(t, recipients)
			var first error = err
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				first = joined.Unwrap()[0]
			}
			assertRefused(t, first, test.reason, test.where)
		})
	}
	_, err := template(t).Recipients([]byte(head + "x,,B,,,,,1\ny,A,,,,,,1\n"))
	for _, where := range []string{"line 2, column email", "line 2, column given_name", "line 3, column email", "line 3, column family_name"} {
		assert.ErrorContains(t, err, where, "all mistakes at once")
	}
}

func TestAListHasItsBounds(t *testing.T) {
	rows := func(n int, row func(i int) string) []byte {
		var list bytes.Buffer
		list.WriteString("email,given_name,family_name,grade\n")
		for i := range n {
			list.WriteString(row(i))
		}
		return list.Bytes()
	}
	good := func(i int) string { return fmt.Sprintf("a%d@b.example,A,B,1\n", i) }
	recipients, err := template(t).Recipients(rows(exchange.MaxRecipients, good))
	require.NoError(t, err)
	assert.Len(t, recipients, exchange.MaxRecipients)
	_, err = template(t).Recipients(rows(exchange.MaxRecipients+1, good))
	assertRefused(t, err, "too-many", fmt.Sprintf("line %d", exchange.MaxRecipients+2))
	_, err = template(t).Recipients(rows(500, func(i int) string { return fmt.Sprintf("no address %d,A,B,1\n", i) }))
	assert.ErrorContains(t, err, "400 more mistakes are not listed.")
}

func TestOnlyAnUnsignedTemplateIsFilled(t *testing.T) {
	whole := string(exported(t, published(t), exchange.ELMCredential).Bytes)
	for name, test := range map[string]struct{ data, reason string }{
		"not JSON":           {"email,given_name\n", "json"},
		"signed":             {`{"payload":"e30","signatures":[]}`, "signed"},
		"with a proof":       {strings.Replace(whole, `"@context"`, `"proof": {}, "@context"`, 1), "signed"},
		"no credential":      {`{"@context":[],"type":"Qualification"}`, "no-template"},
		"without context":    {strings.Replace(whole, `"@context"`, `"context"`, 1), "no-template"},
		"of a later version": {strings.Replace(whole, "{{full_name}}", "{{shoe_size}}", 1), "unknown-slot"},
		"filled already":     {strings.NewReplacer("{{given_name}}", "Ana", "{{family_name}}", "A").Replace(whole), "no-slots"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ReadEDCTemplate([]byte(test.data))
			assertRefused(t, err, test.reason, "")
		})
	}
	sampleFile := filepath.Join(sharedDir(t), "standards", "elm", "examples", "Sample-MC-Annex1-unsigned.jsonld")
	data, err := os.ReadFile(sampleFile)
	require.NoError(t, err)
	_, err = exchange.ReadEDCTemplate(data)
	assertRefused(t, err, "no-slots", "")
}
