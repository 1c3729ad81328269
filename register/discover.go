package register

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

// The addresses at which others find the register.
const (
	FeedPath     = "/feed.atom"
	SitemapPath  = "/sitemap.xml"
	SitemapsPath = "/sitemaps/"
	RobotsPath   = "/robots.txt"
)

// robots tells crawlers what is for them, and where it is listed.
func (g *Register) robots(w http.ResponseWriter, r *http.Request) error {
	return g.answerBytes(w, r, "text/plain; charset=utf-8",
		[]byte("User-agent: *\nAllow: /register\nDisallow: /register?\nDisallow: /auth/\nDisallow: /graphql\n\nSitemap: "+g.PublicURL+SitemapPath+"\n"))
}

// atomFeed is a feed as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     atomTitle  `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Author    string     `xml:"author>name"`
	Links     []atomLink `xml:"link"`
}

type atomTitle struct {
	Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Text     string `xml:",chardata"`
}

// feedLength is how many publications the feed tells of.
const feedLength = 50

// feed tells of what was published last.
func (g *Register) feed(w http.ResponseWriter, r *http.Request) error {
	found, err := g.Store.Register(r.Context(), store.PublicationFilter{}, store.Page{First: new(feedLength)})
	if err != nil {
		return err
	}
	feed := atomFeed{ID: g.PublicURL + "/register", Title: "Micro-credentials that were published", Updated: atomTime(time.Unix(0, 0)), Links: []atomLink{
		{"self", "application/atom+xml", g.PublicURL + FeedPath}, {"alternate", "text/html", g.PublicURL + "/register"},
	}}
	for _, p := range found.Nodes {
		address, language := g.PublicURL+Path(p), layout.LanguageOf(p.Title, p.Language)
		feed.Entries = append(feed.Entries, atomEntry{
			ID: address, Title: atomTitle{language, p.Title[language]}, Updated: atomTime(p.StateAt), Published: atomTime(p.PublishedAt),
			Author: p.Organization.LegalName, Links: []atomLink{{"alternate", "text/html", address}},
		})
		feed.Updated = max(feed.Updated, atomTime(p.StateAt))
	}
	return g.answerXML(w, r, "application/atom+xml", feed)
}

func atomTime(at time.Time) string { return at.UTC().Format(time.RFC3339) }

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemap lists addresses, or other sitemaps.
type sitemap struct {
	XMLName   xml.Name
	Namespace string         `xml:"xmlns,attr"`
	Maps      []sitemapPlace `xml:"sitemap"`
	Pages     []sitemapPlace `xml:"url"`
}

type sitemapPlace struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// mostPages is how many addresses a sitemap may hold (sitemaps.org).
const mostPages = 50_000

// sitemapIndex lists the sitemaps.
func (g *Register) sitemapIndex(w http.ResponseWriter, r *http.Request) error {
	size, err := g.Store.RegisterSize(r.Context())
	if err != nil {
		return err
	}
	list := sitemap{XMLName: xml.Name{Local: "sitemapindex"}, Namespace: sitemapNamespace}
	for n := range max(1, (size+mostPages-1)/mostPages) {
		list.Maps = append(list.Maps, sitemapPlace{Address: fmt.Sprintf("%s%s%d.xml", g.PublicURL, SitemapsPath, n+1)})
	}
	return g.answerXML(w, r, "application/xml", list)
}

// sitemapPart is one sitemap of those that the index lists.
func (g *Register) sitemapPart(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".xml"))
	if err != nil || n < 1 || n > 1000 || name != strconv.Itoa(n)+".xml" {
		return governance.NotFound("sitemap", name)
	}
	found, err := g.Store.RegisterAddresses(r.Context(), n-1, mostPages)
	if err != nil {
		return err
	}
	if len(found) == 0 && n > 1 {
		return governance.NotFound("sitemap", name)
	}
	list := sitemap{XMLName: xml.Name{Local: "urlset"}, Namespace: sitemapNamespace}
	for _, a := range found {
		list.Pages = append(list.Pages, sitemapPlace{Address: g.PublicURL + "/register/" + a.Slug + "/" + a.Number, Changed: atomTime(a.ChangedAt)})
	}
	return g.answerXML(w, r, "application/xml", list)
}

func (g *Register) answerXML(w http.ResponseWriter, r *http.Request, mediaType string, value any) error {
	out, err := xml.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", r.URL.Path, err)
	}
	return g.answerBytes(w, r, mediaType, append([]byte(xml.Header), out...))
}

// answerBytes answers with a file that is made anew each time.
func (g *Register) answerBytes(w http.ResponseWriter, r *http.Request, mediaType string, body []byte) error {
	file, err := newRendered(mediaType, body)
	if err != nil {
		return err
	}
	return g.written(r, file.send(w, r, askEachTime))
}
