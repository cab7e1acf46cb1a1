package check

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// endingSoon is how long before its end a license or consent is told of.
const endingSoon = 30 * 24 * time.Hour

// Sources of the rules about rights.
const (
	copyrightLaw = "LR autorių teisių ir gretutinių teisių įstatymas"
	gdpr         = "GDPR"
)

// rightsRules are about photos that may not be shown, or soon may not. Nobody
// can waive the first of them: what an editor lets stand, the people shown and
// the owner of the license have not. Of photos that could not be looked up they
// say nothing.
func rightsRules() []rule {
	barred := func(id, source string, problem mediav1.Rights_Problem) rule {
		return rule{id: id, severity: failure, source: source, find: func(v *view, add func(hit)) { v.barred(problem, add) }}
	}
	return []rule{
		barred("license-expired", copyrightLaw, mediav1.Rights_PROBLEM_LICENSE_EXPIRED),
		barred("consent-expired", gdpr+", 7(3)", mediav1.Rights_PROBLEM_CONSENT_EXPIRED),
		barred("consent-missing", gdpr+", 6(1)", mediav1.Rights_PROBLEM_CONSENT_MISSING),
		barred("guardian-consent-missing", gdpr+", 6(1), 8", mediav1.Rights_PROBLEM_GUARDIAN_CONSENT_MISSING),
		barred("photo-withdrawn", gdpr+", 17, 21", mediav1.Rights_PROBLEM_WITHDRAWN),
		barred("photo-deleted", "", mediav1.Rights_PROBLEM_DELETED),
		{id: "photo-not-cleared", severity: failure, find: notCleared},
		{id: "rights-ending", severity: warning, find: rightsEnding},
		{id: "credit-missing", severity: warning, source: copyrightLaw + ", 14", find: creditMissing},
		{id: "license-missing", severity: warning, source: copyrightLaw, find: licenseMissing},
	}
}

// known walks the photos that were looked up.
func (v *view) known(do func(placedPhoto, *mediav1.Photo)) {
	for _, p := range v.photos {
		if p.known {
			do(p, v.Photos[p.place.GetPhoto()])
		}
	}
}

// barred finds photos that a problem keeps from being shown.
func (v *view) barred(problem mediav1.Rights_Problem, add func(hit)) {
	v.known(func(p placedPhoto, photo *mediav1.Photo) {
		if !slices.Contains(photo.GetRights().GetProblems(), problem) {
			return
		}
		ended := photo.GetLicense().GetExpireTime()
		if problem == mediav1.Rights_PROBLEM_CONSENT_EXPIRED {
			ended = photo.GetPeopleShown().GetConsent().GetExpireTime()
		}
		add(p.rights("date", v.date(ended)))
	})
}

// notCleared finds photos that may not be shown for a reason that this check
// has no rule for.
func notCleared(v *view, add func(hit)) {
	v.known(func(p placedPhoto, photo *mediav1.Photo) {
		told := slices.ContainsFunc(photo.GetRights().GetProblems(), func(problem mediav1.Rights_Problem) bool {
			_, known := mediav1.Rights_Problem_name[int32(problem)]
			return known && problem != mediav1.Rights_PROBLEM_UNSPECIFIED
		})
		if !photo.GetRights().GetCleared() && !told {
			add(p.rights())
		}
	})
}

// rightsEnding finds photos that will leave the article by themselves. Waived
// for one end, it is told again when there is another.
func rightsEnding(v *view, add func(hit)) {
	v.known(func(p placedPhoto, photo *mediav1.Photo) {
		ends := photo.GetRights().GetExpireTime()
		if photo.GetRights().GetCleared() && ends != nil && !v.Time.IsZero() && ends.AsTime().Before(v.Time.Add(endingSoon)) {
			h := p.rights("date", v.date(ends))
			h.key += "\n" + v.date(ends)
			add(h)
		}
	})
}

// creditMissing finds photos that name nobody although somebody must be named:
// their maker is known, or their license asks for it (Creative Commons BY 4.0,
// section 3(a)(1)). A credit that the article leaves out on purpose counts as
// missing, too.
func creditMissing(v *view, add func(hit)) {
	v.known(func(p placedPhoto, photo *mediav1.Photo) {
		attribution := strings.HasPrefix(photo.GetLicense().GetSpdxId(), "CC-BY")
		if blank(p.texts.Credit) && (attribution || photo.GetAuthor() != "") {
			h := p.rights()
			h.field = p.field + ".credit"
			add(h)
		}
	})
}

// licenseMissing finds photos that came from elsewhere on terms that nobody
// wrote down.
func licenseMissing(v *view, add func(hit)) {
	v.known(func(p placedPhoto, photo *mediav1.Photo) {
		l := photo.GetLicense()
		if photo.GetSource() != "" && l.GetSpdxId() == "" && l.GetTerms() == "" && l.GetUri() == "" {
			add(p.rights())
		}
	})
}

// rights returns a hit of the photo itself.
func (p placedPhoto) rights(pairs ...string) hit {
	return hit{block: p.block, field: p.field + ".photo", key: p.place.GetPhoto(), pairs: pairs}
}

// date is the day of a time as the site counts days.
func (v *view) date(t *timestamppb.Timestamp) string {
	zone, err := article.Zone(v.Site)
	if err != nil {
		zone = time.UTC // a site without a zone is refused when it is made
	}
	return t.AsTime().In(zone).Format(time.DateOnly)
}
