package auth

import (
	"net/http"

	"concordat/governance"
)

// StatusOf is the HTTP status of a refusal, for every page and upload and for requests to the API that are refused whole.
// A code that no rule answers with is our fault.
func StatusOf(code governance.Code) int {
	switch code {
	case governance.CodeInvalid:
		return http.StatusBadRequest
	case governance.CodeUnauthenticated:
		return http.StatusUnauthorized
	case governance.CodeForbidden:
		return http.StatusForbidden
	case governance.CodeNotFound:
		return http.StatusNotFound
	case governance.CodeConflict:
		return http.StatusConflict
	case governance.CodeRateLimited:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}
