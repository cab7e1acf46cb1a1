package photo

import (
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// people returns who is shown, nil when nothing is said of it. Names are kept
// only where the people are said to be named: data about people that nobody
// needs is not kept (GDPR, article 5(1)(c)).
func (c *cleaner) people(p *mediav1.PeopleShown, field string) *mediav1.PeopleShown {
	if p == nil {
		return nil
	}
	clean := &mediav1.PeopleShown{
		Presence:    p.GetPresence(),
		PeopleNames: c.words(p.GetPeopleNames(), field+".people_names"),
		Children:    p.GetChildren(),
		Consent:     c.consent(p.GetConsent(), field+".consent"),
	}
	if _, known := mediav1.PeopleShown_Presence_name[int32(p.GetPresence())]; !known {
		c.refuse(field+".presence", "%d is no presence; use one of the contract", p.GetPresence())
	}
	if len(clean.GetPeopleNames()) > 0 && p.GetPresence() != mediav1.PeopleShown_PRESENCE_NAMED {
		c.refuse(field+".people_names", "only people whose presence is NAMED have names; set presence to NAMED or leave the names out")
	}
	if clean.GetPresence() == 0 && !clean.GetChildren() && clean.GetConsent() == nil {
		return nil
	}
	return clean
}

func (c *cleaner) consent(s *mediav1.Consent, field string) *mediav1.Consent {
	if s == nil {
		return nil
	}
	clean := &mediav1.Consent{
		Basis:      s.GetBasis(),
		Purpose:    c.text(s.GetPurpose(), field+".purpose"),
		Reference:  c.text(s.GetReference(), field+".reference"),
		ExpireTime: c.time(s.GetExpireTime(), field+".expire_time"),
	}
	if _, known := mediav1.Consent_Basis_name[int32(s.GetBasis())]; !known {
		c.refuse(field+".basis", "%d is no basis; use one of the contract", s.GetBasis())
	}
	if clean.GetBasis() == 0 && clean.GetPurpose() == "" && clean.GetReference() == "" && clean.GetExpireTime() == nil {
		return nil
	}
	return clean
}
