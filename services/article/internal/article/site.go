package article

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones of sites must load on machines without them

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// minContrast is what WCAG 2.2, 1.4.3 asks of text.
const minContrast = 4.5

// SiteFields returns the names of the fields that UpdateSite may change.
func SiteFields() []protoreflect.Name {
	return []protoreflect.Name{
		"title", "description", "hosts", "base_uri", "default_language_code",
		"language_codes", "time_zone", "publisher", "color", "path_rules",
		"share_targets", "facebook_app_id",
	}
}

// CheckSite fails with INVALID_FIELD, naming each field, unless there is a
// title, the languages are known, the default one is among them, the time zone
// exists, the color can be read on white, the path rules can be followed and
// the share targets can be shown.
func CheckSite(s *articlev1.Site) error {
	var faults []error
	if strings.TrimSpace(s.GetTitle()) == "" {
		faults = append(faults, fault.InvalidField("site.title", "a site needs a title"))
	}
	for _, code := range s.GetLanguageCodes() {
		if !slices.Contains(lang.Codes(), code) {
			faults = append(faults, fault.InvalidField("site.language_codes",
				"%q is not one of %s", clip(code), strings.Join(lang.Codes(), ", ")))
		}
	}
	if !slices.Contains(s.GetLanguageCodes(), s.GetDefaultLanguageCode()) {
		faults = append(faults, fault.InvalidField("site.default_language_code",
			"the default language must be one of language_codes"))
	}
	if _, err := Zone(s); err != nil {
		faults = append(faults, fault.InvalidField("site.time_zone",
			"%q is not an IANA time zone; write one like Europe/Vilnius", clip(s.GetTimeZone())))
	}
	if c := s.GetColor(); c != "" && contrastOnWhite(c) < minContrast {
		faults = append(faults, fault.InvalidField("site.color",
			"the contrast of %s on white is %.1f, it must be at least %.1f; take a darker one", c, contrastOnWhite(c), minContrast))
	}
	for _, host := range s.GetHosts() {
		if strings.Contains(host, "..") {
			faults = append(faults, fault.InvalidField("site.hosts", "%q is not a host name", clip(host)))
		}
	}
	return fault.Join(append(faults, checkPathRules(s), checkShareTargets(s))...)
}

// Zone returns the time zone of a site.
func Zone(s *articlev1.Site) (*time.Location, error) { return LoadZone(s.GetTimeZone()) }

// LoadZone returns the IANA time zone of a name. "Local" and "" are no zones.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		name = "no/zone"
	}
	return time.LoadLocation(name)
}

// contrastOnWhite returns the contrast ratio of WCAG 2.2 between white and a
// color written "#rrggbb"; 0 when it is not one.
func contrastOnWhite(color string) float64 {
	if len(color) != 7 || color[0] != '#' {
		return 0
	}
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		luminance += weight * v
	}
	return 1.05 / (luminance + 0.05)
}
