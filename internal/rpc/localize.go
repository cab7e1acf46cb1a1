package rpc

import (
	"context"
	"slices"

	"golang.org/x/text/language"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// homeLanguage is the language of texts for callers who do not ask for one.
const homeLanguage = "lt"

// localize adds BadRequest for the fields at fault and a LocalizedMessage. The
// descriptions are English; the localized texts are in the caller's language.
func (t *translator) localize(ctx context.Context, s *status.Status, e *fault.Error) *status.Status {
	languages := wantedLanguages(ctx)
	var bad errdetails.BadRequest
	for _, v := range fault.Violations(e) {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field:            v.Field,
			Description:      v.Message,
			Reason:           ReasonName(v.Reason),
			LocalizedMessage: t.text(languages, v),
		})
	}
	if len(bad.FieldViolations) > 0 {
		s = withDetails(s, &bad)
	}
	if text := t.text(languages, e); text != nil {
		s = withDetails(s, text)
	}
	return s
}

// text returns the text for e in the first of the languages that has one: by
// the pattern or the rule that was broken, or by the reason.
func (t *translator) text(languages []string, e *fault.Error) *errdetails.LocalizedMessage {
	pairs := []string{"field", e.Field}
	for name, value := range e.Metadata {
		pairs = append(pairs, name, value)
	}
	for _, lang := range languages {
		for _, key := range []string{keyPattern + e.Metadata[metaPattern], "fault.rule." + e.Metadata[metaRule], "fault." + ReasonName(e.Reason)} {
			if text := t.messages(lang, key, pairs...); text != "" && text != key {
				return &errdetails.LocalizedMessage{Locale: lang, Message: text}
			}
		}
	}
	return nil
}

// wantedLanguages returns the base languages the caller accepts, best first,
// and the home language last.
func wantedLanguages(ctx context.Context) []string {
	var wanted []string
	for _, header := range metadata.ValueFromIncomingContext(ctx, HeaderLanguage) {
		tags, _, err := language.ParseAcceptLanguage(header)
		if err != nil {
			continue
		}
		for _, tag := range tags[:min(len(tags), 8)] {
			base, _ := tag.Base()
			wanted = append(wanted, base.String())
		}
	}
	wanted = append(wanted, homeLanguage)
	return slices.Compact(wanted)
}
