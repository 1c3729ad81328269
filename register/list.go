package register

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

// listView is a page of the register for a reader.
type listView struct {
	Search, Sector string
	On             governance.Date // what was published on that day; empty: now
	Lapsed         bool            // only what lacks an endorsement
	Level          int             // 0: any
	Country        string          // of the awarding body; empty: any
	Text           string          // language of the agreed text; empty: any
	Language       string          // in which the reader is answered
	Publications   []*store.Publication
	Next           string // address of the next page; empty: none
}

// Levels are the levels of the European Qualifications Framework.
func (listView) Levels() []int { return []int{1, 2, 3, 4, 5, 6, 7, 8} }

// PathOf is Path for templates.
func (listView) PathOf(p *store.Publication) string { return Path(p) }

// asked reads what the address asks for. A level that is none is passed over, as a word that finds nothing would be.
func asked(r *http.Request) (v listView, after string) {
	query := r.URL.Query()
	v = listView{Search: query.Get("q"), Sector: query.Get("sector"), Language: "en"}
	if level, err := strconv.Atoi(query.Get("level")); err == nil && level >= 1 && level <= 8 {
		v.Level = level
	}
	if on := governance.Date(query.Get("on")); on.Valid() {
		v.On = on
	}
	v.Lapsed = query.Get("lapsed") != ""
	v.Country = strings.ToUpper(strings.TrimSpace(query.Get("country")))
	v.Text = strings.TrimSpace(query.Get("language"))
	if languages := layout.LanguagesAsked(r); len(languages) > 0 {
		v.Language = languages[0]
	}
	return v, query.Get("after")
}

// filter is what the store is asked for.
func (v listView) filter() store.PublicationFilter {
	f := store.PublicationFilter{Search: v.Search, Sector: v.Sector, Country: v.Country, Language: v.Text, ValidOn: v.On}
	if v.Lapsed {
		f.Lapsed = &v.Lapsed
	}
	if v.Level > 0 {
		f.EQFLevel = &v.Level
	}
	return f
}

// next is the address of the page after this one.
func (v listView) next(info *store.PageInfo) string {
	if info == nil || !info.HasNextPage || info.EndCursor == nil {
		return ""
	}
	query := url.Values{"after": {*info.EndCursor}}
	if v.Search != "" {
		query.Set("q", v.Search)
	}
	if v.Sector != "" {
		query.Set("sector", v.Sector)
	}
	if v.Country != "" {
		query.Set("country", v.Country)
	}
	if v.Text != "" {
		query.Set("language", v.Text)
	}
	if v.On != "" {
		query.Set("on", string(v.On))
	}
	if v.Lapsed {
		query.Set("lapsed", "yes")
	}
	if v.Level > 0 {
		query.Set("level", strconv.Itoa(v.Level))
	}
	return "/register?" + query.Encode()
}
