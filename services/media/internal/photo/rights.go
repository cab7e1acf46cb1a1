package photo

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// RightsOf returns what follows from license, people and consent at a time. It
// is never stored: what was true when a record was written need not be when it
// is read.
//
// A license need not be said, since most photos of a library are its own. People
// who are named need a basis; named children need that of their guardians,
// whatever other basis is given (GDPR, article 8 and recital 38). A time that is
// given ends the rights also where nothing would have been needed: whoever wrote
// it meant it.
func RightsOf(p *mediav1.Photo, now time.Time) *mediav1.Rights {
	rights := &mediav1.Rights{}
	add := func(wrong bool, problem mediav1.Rights_Problem) {
		if wrong {
			rights.Problems = append(rights.Problems, problem)
		}
	}
	people := p.GetPeopleShown()
	named := people.GetPresence() == mediav1.PeopleShown_PRESENCE_NAMED
	basis := people.GetConsent().GetBasis()
	minors := named && people.GetChildren()
	add(ended(p.GetLicense().GetExpireTime(), now), mediav1.Rights_PROBLEM_LICENSE_EXPIRED)
	add(ended(people.GetConsent().GetExpireTime(), now), mediav1.Rights_PROBLEM_CONSENT_EXPIRED)
	add(named && !minors && basis == mediav1.Consent_BASIS_UNSPECIFIED, mediav1.Rights_PROBLEM_CONSENT_MISSING)
	add(minors && basis != mediav1.Consent_BASIS_GUARDIAN_CONSENT, mediav1.Rights_PROBLEM_GUARDIAN_CONSENT_MISSING)
	add(p.GetState() == mediav1.Photo_STATE_WITHDRAWN, mediav1.Rights_PROBLEM_WITHDRAWN)
	add(p.GetState() == mediav1.Photo_STATE_DELETED, mediav1.Rights_PROBLEM_DELETED)
	rights.Cleared = len(rights.GetProblems()) == 0
	rights.ExpireTime = earlier(p.GetLicense().GetExpireTime(), people.GetConsent().GetExpireTime())
	return rights
}

// Cleared reports whether a photo may be shown to the public at a time.
func Cleared(p *mediav1.Photo, now time.Time) bool { return RightsOf(p, now).GetCleared() }

// Public reports whether anyone may see the photo at a time: the record says
// so, and its rights have not ended since it was written.
func Public(p *mediav1.Photo, now time.Time) bool { return p.GetPublished() && Cleared(p, now) }

// Expired reports whether a license or consent of the photo has ended.
func Expired(p *mediav1.Photo, now time.Time) bool {
	return slices.ContainsFunc(RightsOf(p, now).GetProblems(), func(problem mediav1.Rights_Problem) bool {
		return problem == mediav1.Rights_PROBLEM_LICENSE_EXPIRED || problem == mediav1.Rights_PROBLEM_CONSENT_EXPIRED
	})
}

// Judge sets what depends on the time: the photo's rights, and whether it is
// public. A withdrawn photo is left without anything that shows it.
func Judge(p *mediav1.Photo, now time.Time) {
	hidePicture(p)
	p.Rights = RightsOf(p, now)
	p.Published = p.GetPublished() && p.GetRights().GetCleared()
}

// Redact takes out of a photo what the public does not get to see: who is shown
// and why they may be, what the file says, why it was withdrawn, and what tells
// of the uploader and their machine.
func Redact(p *mediav1.Photo) {
	p.PeopleShown, p.Suggestions, p.WithdrawalReason = nil, nil, ""
	p.Creator, p.Filename = "", ""
	for _, status := range p.GetFormatStatuses() {
		status.Failure = "" // names our machines, as errors do
	}
}

func ended(t *timestamppb.Timestamp, now time.Time) bool { return t != nil && !now.Before(t.AsTime()) }

func earlier(a, b *timestamppb.Timestamp) *timestamppb.Timestamp {
	switch {
	case a == nil:
		return b
	case b == nil || a.AsTime().Before(b.AsTime()):
		return a
	}
	return b
}

// Ends returns when the rights of a photo end by themselves, or have ended; the
// zero time when they do not.
func Ends(p *mediav1.Photo) time.Time {
	end := earlier(p.GetLicense().GetExpireTime(), p.GetPeopleShown().GetConsent().GetExpireTime())
	if end == nil {
		return time.Time{}
	}
	return end.AsTime()
}
