package documents_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const schema = "../sitemap/testdata/sitemap.xsd"

// document is a sitemap of any kind as a search engine reads it.
type document struct {
	Sitemaps []entry `xml:"sitemap"`
	Pages    []entry `xml:"url"`
}

type entry struct {
	Loc      string `xml:"loc"`
	LastMod  string `xml:"lastmod"`
	Versions []struct {
		Language string `xml:"hreflang,attr"`
		Href     string `xml:"href,attr"`
	} `xml:"http://www.w3.org/1999/xhtml link"`
	News struct {
		Title    string `xml:"title"`
		Language string `xml:"publication>language"`
		Date     string `xml:"publication_date"`
	} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
}

func decode(t *testing.T, data []byte) document {
	t.Helper()
	sharingtest.Validate(t, data, schema)
	var d document
	must(t, xml.Unmarshal(data, &d))
	return d
}

func (l *library) index(t *testing.T) document {
	t.Helper()
	var b bytes.Buffer
	_, err := l.Index(t.Context(), siteID, &b)
	must(t, err)
	return decode(t, b.Bytes())
}

// page reads a sitemap at the address that the index gives.
func (l *library) page(t *testing.T, uri string) document {
	t.Helper()
	name := strings.TrimSuffix(strings.TrimPrefix(uri, siteBase+"/sitemap-"), ".xml")
	var b bytes.Buffer
	_, err := l.Pages(t.Context(), siteID, name, &b)
	must(t, err)
	return decode(t, b.Bytes())
}

func locations(entries []entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, strings.TrimPrefix(e.Loc, siteBase))
	}
	return all
}

// TestSitemaps expects each public page once, in files of a bounded size whose
// bounds stay where they are.
func TestSitemaps(t *testing.T) {
	l := newCompleteLibrary(t)
	l.SetPerFile(3)
	var want []string
	add := func(year, count int) {
		for i := range count {
			id := fmt.Sprintf("m%d-%02d", year, i)
			l.put(t, piece(id, time.Date(year, 3, 1, i, 0, 0, 0, time.UTC)))
			want = append(want, "/"+id)
		}
	}
	add(2019, 7)
	add(2021, 3)
	add(2026, 4)
	index := l.index(t)
	files := []string{
		"/sitemap-pages.xml", "/sitemap-2019.xml", "/sitemap-2019-2.xml", "/sitemap-2019-3.xml", "/sitemap-2021.xml",
		"/sitemap-2026.xml", "/sitemap-2026-2.xml",
	}
	if diff := cmp.Diff(files, locations(index.Sitemaps)); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
	before := map[string][]string{}
	var got []string
	for _, file := range index.Sitemaps[1:] {
		page := l.page(t, file.Loc)
		before[file.Loc] = locations(page.Pages)
		got = append(got, before[file.Loc]...)
		if len(page.Pages) > 3 {
			t.Errorf("%s has %d pages", file.Loc, len(page.Pages))
		}
		last := ""
		for _, p := range page.Pages {
			last = max(last, p.LastMod)
		}
		if file.LastMod != last {
			t.Errorf("%s changed at %s by the index, and at %s", file.Loc, file.LastMod, last)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	fronts := l.page(t, siteBase+"/sitemap-pages.xml")
	if diff := cmp.Diff([]string{"/", "/en/"}, locations(fronts.Pages)); diff != "" || len(fronts.Pages[0].Versions) != 3 {
		t.Errorf("front pages %+v (-want +got):\n%s", fronts, diff)
	}
	l.put(t, piece("nauja", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)))
	for uri, was := range before {
		if is := locations(l.page(t, uri).Pages); strings.HasSuffix(uri, "-2026-2.xml") == slices.Equal(was, is) {
			t.Errorf("%s was %v and is %v", uri, was, is)
		}
	}
	l.withdraw(t, "m2021-01")
	if is := locations(l.page(t, siteBase+"/sitemap-2021.xml").Pages); slices.Contains(is, "/m2021-01") || len(is) != 2 {
		t.Errorf("after a withdrawal: %v", is)
	}
}

func TestSitemapsFail(t *testing.T) {
	l := newCompleteLibrary(t)
	l.put(t, piece("vienas", noon))
	for _, name := range []string{"", "2025", "2026-2", "2026-1", "../2026", "news"} {
		var b bytes.Buffer
		if _, err := l.Pages(t.Context(), siteID, name, &b); reason(err) != "RESOURCE_NOT_FOUND" || b.Len() > 0 {
			t.Errorf("%q: %v after %d bytes", name, err, b.Len())
		}
	}
	var b bytes.Buffer
	if _, err := l.Index(t.Context(), "kita", &b); reason(err) != "RESOURCE_NOT_FOUND" {
		t.Errorf("another site: %v", err)
	}
	empty := newLibrary(t)
	if _, err := empty.Index(t.Context(), siteID, &b); reason(err) != "SERVICE_UNAVAILABLE" {
		t.Errorf("a store that is not complete: %v", err)
	}
	if _, err := empty.News(t.Context(), siteID, noon, &b); reason(err) != "SERVICE_UNAVAILABLE" {
		t.Errorf("a store that is not complete: %v", err)
	}
}

// TestSitemapVersions expects all language versions at each of them, and the
// truth about when each was changed.
func TestSitemapVersions(t *testing.T) {
	l := newCompleteLibrary(t)
	lithuanian, english, danish := piece("kelione", noon), piece("journey", noon), piece("rejse", noon)
	english.LanguageCode, english.Path = "en", "/en/journey"
	lithuanian.TranslationGroup, english.TranslationGroup, danish.TranslationGroup = "kelione", "kelione", "viena"
	lithuanian.UpdateTime = timestamppb.New(noon.Add(time.Hour))
	english.UpdateTime = timestamppb.New(noon.Add(-time.Hour)) // saved before it was published
	l.put(t, lithuanian, english, danish)
	pages := map[string]entry{}
	for _, e := range l.page(t, siteBase+"/sitemap-2026.xml").Pages {
		pages[strings.TrimPrefix(e.Loc, siteBase)] = e
	}
	for _, path := range []string{"/kelione", "/en/journey"} {
		got := map[string]string{}
		for _, version := range pages[path].Versions {
			got[version.Language] = strings.TrimPrefix(version.Href, siteBase)
		}
		if diff := cmp.Diff(map[string]string{"lt": "/kelione", "en": "/en/journey", "x-default": "/kelione"}, got); diff != "" {
			t.Errorf("versions of %s (-want +got):\n%s", path, diff)
		}
	}
	if got := len(pages["/rejse"].Versions); got != 0 {
		t.Errorf("an article that stands alone has %d versions", got)
	}
	for path, want := range map[string]string{"/kelione": "2026-11-22T13:00:00Z", "/en/journey": "2026-11-22T12:00:00Z"} {
		if got := pages[path].LastMod; got != want {
			t.Errorf("%s was changed at %s, want %s", path, got, want)
		}
	}
	l.withdraw(t, "journey")
	if got := l.page(t, siteBase+"/sitemap-2026.xml").Pages; len(got) != 2 || len(got[0].Versions)+len(got[1].Versions) != 0 {
		t.Errorf("after the withdrawal of one version: %+v", got)
	}
}

func (l *library) news(t *testing.T, now time.Time) []string {
	t.Helper()
	var b bytes.Buffer
	_, err := l.News(t.Context(), siteID, now, &b)
	must(t, err)
	var all []string
	for _, e := range decode(t, b.Bytes()).Pages {
		all = append(all, strings.Join([]string{e.News.Title, e.News.Language, e.News.Date}, ", "))
	}
	return all
}

// TestNews holds the news to be news: of the last two days, and not backdated.
func TestNews(t *testing.T) {
	l := newCompleteLibrary(t)
	now := noon
	fresh, english := piece("nauja", now.Add(-time.Hour)), piece("english", now.Add(-47*time.Hour))
	english.LanguageCode, english.Path = "en", "/en/english"
	old, backdated := piece("sena", now.Add(-49*time.Hour)), piece("atgaline", now.Add(-24*time.Hour))
	backdated.FirstPublicTime = timestamppb.New(now.Add(-time.Hour))
	l.put(t, fresh, english, old, backdated)
	want := []string{"Straipsnis nauja, lt, 2026-11-22T11:00:00Z", "Straipsnis english, en, 2026-11-20T13:00:00Z"}
	if diff := cmp.Diff(want, l.news(t, now)); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], l.news(t, now.Add(2*time.Hour))); diff != "" {
		t.Errorf("news two hours later (-want +got):\n%s", diff)
	}
	l.withdraw(t, "nauja")
	if diff := cmp.Diff(want[1:], l.news(t, now)); diff != "" {
		t.Errorf("news after a withdrawal (-want +got):\n%s", diff)
	}
	if got := l.news(t, now.AddDate(0, 1, 0)); got != nil {
		t.Errorf("news of a quiet month: %v", got)
	}
}
