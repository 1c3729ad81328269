package graph

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"concordat/governance"
)

// params are the parameters of a GraphQL request, of the right types but not yet looked at.
type params struct {
	query     string
	operation string // "" where the document's only operation is meant
	variables map[string]any
}

// refusal is an answer to a request that never came to be a GraphQL operation.
type refusal struct {
	status int
	header [2]string // one more header, name and value; empty where none is needed
	err    *governance.Error
}

func refuse(status int, reason, message string, pairs ...string) *refusal {
	return &refusal{status: status, err: governance.Refuse(governance.CodeInvalid, reason, message, pairs...)}
}

func refuseMethod(allow, message string) *refusal {
	r := refuse(http.StatusMethodNotAllowed, "method-not-allowed", message)
	r.header = [2]string{"Allow", allow}
	return r
}

// readParams reads the parameters from the address of a GET or the body of a POST.
func readParams(w http.ResponseWriter, r *http.Request, limits Limits) (params, *refusal) {
	switch r.Method {
	case http.MethodGet:
		return paramsOfAddress(r.URL.RawQuery, limits)
	case http.MethodPost:
		return paramsOfBody(w, r, limits)
	}
	return params{}, refuseMethod("GET, POST", "GraphQL is asked by GET or POST.")
}

// paramsOfAddress reads a GET's parameters; variables and extensions are JSON in there.
func paramsOfAddress(raw string, limits Limits) (params, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return params{}, refuse(http.StatusBadRequest, "address-not-readable", "The address's query is not readable.")
	}
	object := map[string]any{}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		if len(given) > 1 {
			return params{}, refuse(http.StatusBadRequest, "parameter-doubled", "The parameter {name} is given twice.", "name", name)
		}
		if len(given) == 0 || given[0] == "" {
			continue
		}
		object[name] = given[0]
		if name == "query" || name == "operationName" {
			continue
		}
		object[name], err = parseJSON([]byte(given[0]), limits.Values)
		if err != nil {
			return params{}, refuse(http.StatusBadRequest, "parameter-not-json",
				"The parameter {name} cannot be read: {why}.", "name", name, "why", err.Error())
		}
	}
	return typedParams(object)
}

// bodies are buffers for request bodies.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled is the size of the largest buffer that is kept for another request, in bytes.
const maxPooled = 64 << 10

// paramsOfBody reads a POST's body, which must be one JSON object in UTF-8.
func paramsOfBody(w http.ResponseWriter, r *http.Request, limits Limits) (params, *refusal) {
	if problem := checkContent(r); problem != nil {
		return params{}, problem
	}
	buffer, _ := bodies.Get().(*bytes.Buffer)
	defer func() {
		if buffer.Cap() <= maxPooled {
			buffer.Reset()
			bodies.Put(buffer)
		}
	}()
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, limits.Body))
	if err != nil {
		return params{}, refuseBody(err)
	}
	if len(bytes.TrimSpace(buffer.Bytes())) == 0 {
		return params{}, refuse(http.StatusBadRequest, "body-missing", "The request has no body.")
	}
	value, err := parseJSON(buffer.Bytes(), limits.Values)
	if errors.Is(err, errValues) {
		return params{}, &refusal{status: http.StatusBadRequest, err: tooComplex("values", limits.Values)}
	}
	if err != nil {
		return params{}, refuse(http.StatusBadRequest, "body-not-json", "The body cannot be read: {why}.", "why", err.Error())
	}
	object, ok := value.(map[string]any)
	if !ok {
		return params{}, refuse(http.StatusBadRequest, "body-not-object", "The body must be one JSON object: one request at a time.")
	}
	return typedParams(object)
}

// checkContent refuses a body that is not declared as JSON in UTF-8.
func checkContent(r *http.Request) *refusal {
	declared := r.Header.Get("Content-Type")
	kind, attributes, err := mime.ParseMediaType(declared[:min(len(declared), maxContentType)])
	if err != nil || kind != string(mediaJSON) || !charsetServed(attributes) {
		return refuse(http.StatusUnsupportedMediaType, "content-type", "Send the request as application/json in UTF-8.")
	}
	encoding := r.Header.Get("Content-Encoding")
	if encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, "content-encoding", "Send the body uncompressed.")
	}
	return nil
}

func refuseBody(err error) *refusal {
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &refusal{status: http.StatusRequestEntityTooLarge, err: tooComplex("bytes", int(over.Limit))}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse(http.StatusBadRequest, "body-cut-off", "The body ends before its announced length.")
	}
	return refuse(http.StatusBadRequest, "body-not-readable", "The body could not be read.")
}

// typedParams checks the types of the parameters. Null stands for an absent one; parameters that are not of GraphQL
// over HTTP are ignored, as it asks.
func typedParams(object map[string]any) (params, *refusal) {
	var p params
	ok := true
	p.query, ok = object["query"].(string)
	if !ok || p.query == "" {
		return p, refuse(http.StatusBadRequest, "query-missing", "The parameter query must be a text that is not empty.")
	}
	if given := object["operationName"]; given != nil {
		p.operation, ok = given.(string)
		if !ok {
			return p, refuse(http.StatusBadRequest, "parameter-type", "The parameter {name} must be {type}.", "name", "operationName", "type", "a text")
		}
	}
	if given := object["variables"]; given != nil {
		p.variables, ok = given.(map[string]any)
		if !ok {
			return p, refuse(http.StatusBadRequest, "parameter-type", "The parameter {name} must be {type}.", "name", "variables", "type", "an object")
		}
	}
	if given := object["extensions"]; given != nil {
		_, ok = given.(map[string]any)
		if !ok {
			return p, refuse(http.StatusBadRequest, "parameter-type", "The parameter {name} must be {type}.", "name", "extensions", "type", "an object")
		}
	}
	return p, nil
}
