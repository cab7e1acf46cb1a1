package fault_test

import (
	"fmt"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// A noun checks all its fields and reports them together; whoever handles the
// error branches on the reason.
func Example() {
	check := func(title, slug string) error {
		var errs []error
		if len(title) > 300 || title == "" {
			errs = append(errs, fault.InvalidField("title", "give a title of 1 to 300 characters"))
		}
		if slug == "" {
			errs = append(errs, fault.InvalidField("slug", "give a slug such as knygu-muge"))
		}
		return fault.Join(errs...)
	}
	err := fmt.Errorf("create article: %w", check("", ""))
	if fault.Has(err, faultv1.Reason_REASON_INVALID_FIELD) {
		for _, v := range fault.Violations(err) {
			fmt.Println(v)
		}
	}
	// Output:
	// title: give a title of 1 to 300 characters
	// slug: give a slug such as knygu-muge
}
