package register_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/register"
	"concordat/store"
	"concordat/store/storebench"
	"concordat/store/storetest"
)

// filled is the register over a small standard data set, at its address, and counts the statements that answers take.
type filled struct {
	http.Handler
	set        storebench.Set
	db         *store.DB
	address    string
	statements atomic.Int64
}

func newFilled(t *testing.T, kind string) *filled {
	t.Helper()
	f := &filled{set: storebench.At(0.01, "https://idp.example", storetest.Start), address: storetest.URL(t, kind)}
	require.NoError(t, f.set.Fill(t.Context(), f.address))
	f.db = storetest.OpenWith(t, store.Config{URL: f.address, Statements: func(string) { f.statements.Add(1) }})
	f.Handler = (&register.Register{Store: f.db, PublicURL: "https://credentials.example.org", Log: slog.New(slog.DiscardHandler)}).Handler()
	return f
}

// ask answers a request with header pairs.
func (f *filled) ask(t *testing.T, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// step takes a step that has nothing to do with the publications.
func (f *filled) step(t *testing.T) {
	t.Helper()
	viewer := f.set.Viewer(0)
	viewer.Scopes = []governance.Scope{governance.ScopeRead, governance.ScopeWrite}
	_, err := f.db.AddComment(t.Context(), viewer, store.AddCommentInput{Edition: f.set.Consulted()[0].Edition, Kind: "GENERAL", Body: "Why?"})
	require.NoError(t, err)
}

func TestWhatIsRenderedIsRenderedOnceUntilItIsAnother(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		f := newFilled(t, kind)
		n := f.set.Complete()[3]
		address := fmt.Sprintf("/register/%s/1.0", storebench.Slug(n))
		for _, form := range []string{"", "?format=csv", "?lang=de"} {
			first := f.ask(t, address+form)
			require.Equal(t, http.StatusOK, first.Code, first.Body.String())
			before := f.statements.Load()
			again := f.ask(t, address+form)
			assert.Equal(t, first.Body.Bytes(), again.Body.Bytes())
			assert.Zero(t, f.statements.Load()-before, "%s: nothing was written, so nothing is read", form)
		}
		f.step(t)
		page := f.ask(t, address)
		before := f.statements.Load()
		assert.Equal(t, page.Header(), f.ask(t, address).Header())
		assert.LessOrEqual(t, f.statements.Load()-before, int64(1), "a leaf may come after its step: then the version is looked up")

		organization := fmt.Sprintf("Organization %d Ltd", n%f.set.Organizations)
		require.Contains(t, page.Body.String(), organization)
		storetest.Exec(t, f.address, `UPDATE organizations SET legal_name = 'Renamed', version = version + 1 WHERE legal_name = $1`, organization)
		f.step(t)
		renamed := f.ask(t, address)
		assert.Contains(t, renamed.Body.String(), "Renamed")
		assert.NotContains(t, renamed.Body.String(), organization+"<")
		assert.NotEqual(t, page.Header().Get("ETag"), renamed.Header().Get("ETag"))
	})
}
