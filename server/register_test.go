package server

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheRegisterSaysWhatIsNotThere(t *testing.T) {
	b := newBrowser(t, served(t, Config{Demo: true}))
	for _, path := range []string{"/register/none/1.0", "/register/sha256/" + "00", "/register/x", "/register/a/b/c"} {
		status, page := b.open(path)
		assert.Equal(t, http.StatusNotFound, status, path)
		assert.Contains(t, page, "Not found")
	}
	status, page := b.open("/register?q=nothing-of-the-kind")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, page, "Nothing was found.")
	status, page = b.open("/register?after=forged")
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, page, "This did not work")
}
