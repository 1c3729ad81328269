package governance

import (
	"errors"
	"fmt"
	"strings"
)

// Code says to a client, in one word, what kind of refusal an error is. Behaviour is driven by the code and never by
// the message.
type Code string

// The codes a rule can answer with. Package graph adds TOO_COMPLEX; anything that is not an Error is
// INTERNAL.
const (
	CodeInvalid         Code = "INVALID"         // the input is wrong; mend it and try again
	CodeNotFound        Code = "NOT_FOUND"       // there is no such thing, or the viewer may not see it
	CodeForbidden       Code = "FORBIDDEN"       // the viewer sees the object but may not take this step
	CodeUnauthenticated Code = "UNAUTHENTICATED" // nobody is signed in, and the step needs somebody
	CodeConflict        Code = "CONFLICT"        // the state of things has moved on; read again
	CodeRateLimited     Code = "RATE_LIMITED"    // too much at once; try again later
)

// Error is a refusal that a person can act on. Reason is a stable word in lower case with hyphens
// ("ballot-not-open"), which pages translate; Params fill its blanks; Message is its English rendering; Field is the
// path of the input at fault ("input.document.outcomes[2].statement"), empty where no one field is.
type Error struct {
	Code    Code
	Reason  string
	Message string
	Field   string
	Params  map[string]string
	Missing []*Error // everything that stands in the way, this first, where a step tells all of it at once; else nil
}

// Error renders the refusal for a log or a terminal.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// Refuse makes an Error. The message is a format in which every parameter stands as {name}; pairs are name, value,
// name, value.
func Refuse(code Code, reason, message string, pairs ...string) *Error {
	params := make(map[string]string, len(pairs)/2)
	replace := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
		replace = append(replace, "{"+pairs[i]+"}", pairs[i+1])
	}
	return &Error{Code: code, Reason: reason, Message: strings.NewReplacer(replace...).Replace(message), Params: params}
}

// Invalid is Refuse with CodeInvalid for the input at field.
func Invalid(field, reason, message string, pairs ...string) *Error {
	e := Refuse(CodeInvalid, reason, message, pairs...)
	e.Field = field
	return e
}

// NotFound says that there is no such noun, or that the viewer may not see it: the two are not told apart.
func NotFound(noun, id string) *Error {
	return Refuse(CodeNotFound, "not-found", "There is no {noun} {id}.", "noun", noun, "id", id)
}

// CodeOf answers the code of the first Error in err's chain, or "" where there is none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Finding is one thing that a check found: where, which rule with which parameters, how grave, and who asks for it.
// Message is the English rendering.
type Finding struct {
	Path     string            `json:"path"`     // of the element, as in a diff: /outcomes/<id>/statement/en
	Rule     string            `json:"rule"`     // stable word in lower case with hyphens
	Severity Severity          `json:"severity"` // ERROR or WARNING
	Source   string            `json:"source"`   // "Council Recommendation 2022/C 243/02, Annex I"
	Message  string            `json:"message"`
	Params   map[string]string `json:"params,omitempty"`
}

// String renders the finding on a line.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s: %s (%s)", f.Severity, f.Path, f.Message, f.Source)
}

// Severity says whether a finding stops a step.
type Severity string

// The severities.
const (
	SeverityError   Severity = "ERROR"   // consultation and ballot refuse it
	SeverityWarning Severity = "WARNING" // shown, stops nothing
)
