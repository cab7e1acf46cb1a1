package lang_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/da"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/lt"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestDateForms(t *testing.T) {
	day := time.Date(2024, time.June, 7, 9, 5, 0, 0, time.UTC)
	cases := []struct{ code, long, full, short, month, dateTime string }{
		{"lt", "2024\u00a0m. birželio 7\u00a0d.", "2024\u00a0m. birželio 7\u00a0d., penktadienis", "2024-06-07", "2024\u00a0m. birželis", "2024\u00a0m. birželio 7\u00a0d. 09:05"},
		{"en", "7 June 2024", "Friday, 7 June 2024", "7 Jun 2024", "June 2024", "7 June 2024, 09:05"},
		{"da", "7. juni 2024", "fredag den 7. juni 2024", "07.06.2024", "juni 2024", "7. juni 2024 kl. 09.05"},
	}
	for _, c := range cases {
		l := language(t, c.code)
		for name, pair := range map[string][2]string{
			"Date":      {l.Date(day), c.long},
			"FullDate":  {l.FullDate(day), c.full},
			"ShortDate": {l.ShortDate(day), c.short},
			"Month":     {l.Month(day), c.month},
			"DateTime":  {l.DateTime(day), c.dateTime},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s = %q, want %q", c.code, name, pair[0], pair[1])
			}
		}
	}
}

func TestDateRange(t *testing.T) {
	at := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	}
	june7 := at(2024, time.June, 7)
	cases := []struct {
		code string
		to   time.Time
		want string
	}{
		{"lt", at(2024, time.June, 9), "2024~m. birželio 7–9~d."},
		{"lt", at(2024, time.July, 2), "2024~m. birželio 7~d.~– liepos 2~d."},
		{"lt", at(2025, time.January, 2), "2024~m. birželio 7~d.~– 2025~m. sausio 2~d."},
		{"lt", june7.Add(time.Hour), "2024~m. birželio 7~d."},
		{"lt", at(2024, time.June, 1), "2024~m. birželio 7~d."},
		{"en", at(2024, time.June, 9), "7–9 June 2024"},
		{"en", at(2024, time.July, 2), "7 June~– 2 July 2024"},
		{"da", at(2024, time.June, 9), "7.–9. juni 2024"},
		{"da", at(2024, time.July, 2), "7. juni~– 2. juli 2024"},
	}
	for _, c := range cases {
		got := strings.ReplaceAll(language(t, c.code).DateRange(june7, c.to), "\u00a0", "~")
		if got != c.want {
			t.Errorf("%s: DateRange to %s = %q, want %q", c.code, c.to, got, c.want)
		}
	}
}

// TestDatesAgreeWithCLDR compares every day of a leap year with another
// implementation of the CLDR patterns, which knows only the plain space.
func TestDatesAgreeWithCLDR(t *testing.T) {
	oracles := []struct {
		code      string
		oracle    locales.Translator
		shortDate bool
	}{
		{"lt", lt.New(), true},
		{"en", en_GB.New(), false}, // ours is the medium form, the short one is ambiguous
		{"da", da.New(), true},
	}
	for _, o := range oracles {
		l := language(t, o.code)
		for day := range 366 {
			at := time.Date(2024, time.January, 1+day, 8, day%60, 0, 0, time.UTC)
			plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
			if got, want := plain(l.Date(at)), o.oracle.FmtDateLong(at); got != want {
				t.Errorf("%s: Date = %q, want %q", o.code, got, want)
			}
			if got, want := plain(l.FullDate(at)), o.oracle.FmtDateFull(at); got != want {
				t.Errorf("%s: FullDate = %q, want %q", o.code, got, want)
			}
			if got, want := l.Time(at), o.oracle.FmtTimeShort(at); got != want {
				t.Errorf("%s: Time = %q, want %q", o.code, got, want)
			}
			if got, want := l.ShortDate(at), o.oracle.FmtDateShort(at); o.shortDate && got != want {
				t.Errorf("%s: ShortDate = %q, want %q", o.code, got, want)
			}
		}
	}
}

func TestParseDate(t *testing.T) {
	june7 := lang.Date{Year: 2024, Month: time.June, Day: 7}
	at905 := lang.Date{Year: 2024, Month: time.June, Day: 7, Hour: 9, Minute: 5}
	noYear := lang.Date{Month: time.June, Day: 7}
	cases := []struct {
		code, text string
		want       lang.Date
	}{
		{"lt", "2024 m. birželio 7 d.", june7},
		{"lt", "2024 birželio 7 d.", june7},
		{"lt", "2024 birželio\u00a07 d.", june7},
		{"lt", "2024\u202fm.\u00a0birželio\u202f7\u00a0d.", june7},
		{"lt", "2024 m. birželio mėn. 7 d.", june7},
		{"lt", "2024m. birželio 7d.", june7},
		{"lt", "2024 m. birželio 7 d., penktadienis", june7},
		{"lt", "penktadienis, 2024 m. birželio 7 d.", june7},
		{"lt", "2024-06-07", june7},
		{"lt", "2024 06 07", june7},
		{"lt", "2024\u00a006\u202f07", june7},
		{"lt", "2024.06.07", june7},
		{"lt", "2024.06.07.", june7},
		{"lt", "2024-06-07, 09:05", at905},
		{"lt", "2024-06-07T09:05:00", at905},
		{"lt", "2024 m. birželio 7 d. 9.05 val.", at905},
		{"lt", "2024 m. birželio 7 d. 09:05", at905},
		{"lt", "birželio 7 d.", noYear},
		{"lt", "2024 m. birzelio 7 d.", june7},
		{"lt", "2024 M. BIRŽELIO 7 D.", june7},
		{"lt", "2024 m. birz\u030celio 7 d.", june7},
		{"lt", "2024 birž. 7", june7},
		{"lt", "vasario 29 d.", lang.Date{Month: time.February, Day: 29}},
		{"en", "7 June 2024", june7},
		{"en", "June 7, 2024", june7},
		{"en", "7th of June 2024", june7},
		{"en", "Friday, 7 June 2024 at 09:05", at905},
		{"en", "2024-06-07", june7},
		{"da", "7. juni 2024", june7},
		{"da", "den 7. juni 2024 kl. 9.05", at905},
		{"da", "07.06.2024", june7},
		{"da", "7/6/2024", june7},
		{"da", "fredag den 7.6.2024", june7},
	}
	for _, c := range cases {
		got, err := lang.ParseDate(c.text, language(t, c.code))
		if err != nil || got != c.want {
			t.Errorf("%s: ParseDate(%q) = %+v, %v; want %+v", c.code, c.text, got, err, c.want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	cases := []struct {
		code, text string
		want       lang.DateReason
	}{
		{"lt", "07.06.2024", lang.DateAmbiguous},
		{"lt", "7.6.2024", lang.DateAmbiguous},
		{"lt", "07-06-2024", lang.DateAmbiguous},
		{"lt", "31/12/2024", lang.DateAmbiguous},
		{"lt", "07.06.24", lang.DateAmbiguous},
		{"en", "07/06/2024", lang.DateAmbiguous},
		{"da", "07.06.24", lang.DateAmbiguous},
		{"lt", "2024-02-30", lang.DateImpossible},
		{"lt", "2023 m. vasario 29 d.", lang.DateImpossible},
		{"lt", "2024-13-01", lang.DateImpossible},
		{"lt", "2024-06-07 25:00", lang.DateImpossible},
		{"lt", "", lang.DateUnreadable},
		{"lt", "rytoj", lang.DateUnreadable},
		{"lt", "2024 m. birželis", lang.DateUnreadable},
		{"lt", "2024 m. June 7 d.", lang.DateUnreadable},
		{"lt", "birželio 7–9 d.", lang.DateUnreadable},
		{"lt", "2024-06", lang.DateUnreadable},
		{"lt", strings.Repeat("7 ", 200), lang.DateUnreadable},
		{"lt", "2024 m. birželio 7 d. \xff", lang.DateUnreadable},
	}
	for _, c := range cases {
		got, err := lang.ParseDate(c.text, language(t, c.code))
		dateErr, ok := errors.AsType[*lang.DateError](err)
		if !ok || dateErr.Reason != c.want {
			t.Errorf("%s: ParseDate(%q) = %+v, %v; want reason %d", c.code, c.text, got, err, c.want)
		}
	}
}

func TestDateTime(t *testing.T) {
	vilnius, err := time.LoadLocation("Europe/Vilnius")
	if err != nil {
		t.Fatalf("zone data: %v", err)
	}
	written := lang.Date{Month: time.June, Day: 7, Hour: 9, Minute: 5}
	got, err := written.Time(2024, vilnius)
	if want := time.Date(2024, time.June, 7, 6, 5, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("Time = %v, %v; want %v", got, err, want)
	}
	leap := lang.Date{Month: time.February, Day: 29}
	if got, err := leap.Time(2023, vilnius); err == nil {
		t.Errorf("29 February 2023 = %v, want an error", got)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2024 m. birželio 7 d.", "7. juni 2024 kl. 9.05", "June 7, 2024", "07.06.2024", "2024-06-07T09:05", "..", "7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, code := range lang.Codes() {
			l, _ := lang.For(code)
			date, err := lang.ParseDate(text, l)
			if err != nil {
				if _, ok := errors.AsType[*lang.DateError](err); !ok {
					t.Errorf("ParseDate(%q): %T, want *DateError", text, err)
				}
				continue
			}
			at, err := date.Time(2000, time.UTC)
			if err != nil {
				t.Fatalf("ParseDate(%q) = %+v: %v", text, date, err)
			}
			again, err := lang.ParseDate(l.DateTime(at), l)
			if date.Year = at.Year(); err != nil || again != date {
				t.Errorf("ParseDate(%q) = %+v, written %q, read %+v, %v", text, date, l.DateTime(at), again, err)
			}
		}
	})
}
