package fault_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// The comment of each reason in the proto begins with the code it travels
// with; the code here must agree.
func TestKindsAgreeWithTheContract(t *testing.T) {
	text, err := os.ReadFile("../../proto/skaitykla/fault/v1/reason.proto")
	if err != nil {
		t.Fatal(err)
	}
	entry := regexp.MustCompile(`(?m)((?:^ +//.*\n)+) +(REASON_\w+) = \d+;`)
	code := regexp.MustCompile(`// ([A-Z]+(?:_[A-Z]+)*)(?: \(HTTP \d+\))?:`)
	seen := 0
	for _, m := range entry.FindAllStringSubmatch(string(text), -1) {
		number, name := faultv1.Reason_value[m[2]], m[2]
		if number == 0 {
			continue
		}
		stated := code.FindStringSubmatch(m[1])
		if stated == nil {
			t.Errorf("%s: its comment does not begin with a code", name)
			continue
		}
		want := strings.ReplaceAll(strings.ToLower(stated[1]), "_", "")
		got := strings.ToLower(fault.KindFor(faultv1.Reason(number)).String())
		if got != strings.Replace(want, "cancelled", "canceled", 1) {
			t.Errorf("%s: the proto says %s, the code %s", name, want, got)
		}
		seen++
	}
	if want := len(faultv1.Reason_name) - 1; seen != want {
		t.Errorf("found %d reasons in the proto file, want %d", seen, want)
	}
}

func TestConstructors(t *testing.T) {
	tests := []struct {
		name   string
		err    *fault.Error
		code   codes.Code
		reason faultv1.Reason
		text   string
	}{
		{"invalid field", fault.InvalidField("title", "has %d characters", 301), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "title: has 301 characters"},
		{"not found", fault.NotFound("sites/x"), codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, "sites/x was not found; check the name"},
		{"exists", fault.Exists("sites/x"), codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS, "sites/x exists already; choose another id"},
		{"state", fault.State("sites/x", "publish it first"), codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE, "publish it first"},
		{"etag", fault.EtagRequired(), codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED, "read the resource and send its etag, in the body or as If-Match"},
		{"wrap", fault.Wrap(errors.New("disk"), faultv1.Reason_REASON_STORE_UNAVAILABLE, "try again"), codes.Unavailable, faultv1.Reason_REASON_STORE_UNAVAILABLE, "try again: disk"},
		{"percent without arguments", fault.New(faultv1.Reason_REASON_INTERNAL, "100%"), codes.Internal, faultv1.Reason_REASON_INTERNAL, "100%"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.err.Kind.Code(); got != test.code {
				t.Errorf("got code %v, want %v", got, test.code)
			}
			if test.err.Reason != test.reason {
				t.Errorf("got reason %v, want %v", test.err.Reason, test.reason)
			}
			if got := test.err.Error(); got != test.text {
				t.Errorf("got text %q, want %q", got, test.text)
			}
		})
	}
}

func TestWithMethodsCopy(t *testing.T) {
	base := fault.New(faultv1.Reason_REASON_EDIT_CONFLICT, "merge").With("a", "1").WithDetail(&faultv1.EditConflict{})
	changed := base.With("b", "2").WithDetail(&faultv1.EditConflict{}).RetryAfter(time.Second).Caused(errors.New("x"))
	if len(base.Metadata) != 1 || len(base.Details) != 1 || base.Retry != 0 || base.Err != nil {
		t.Errorf("the first error changed: %+v", base)
	}
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, changed.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestIs(t *testing.T) {
	err := fmt.Errorf("update article: %w", fault.Invalid("etag", faultv1.Reason_REASON_INVALID_TEXT, "x"))
	for _, target := range []*fault.Error{
		{Reason: faultv1.Reason_REASON_INVALID_TEXT}, {Kind: fault.KindInvalid}, {Field: "etag"},
	} {
		if !errors.Is(err, target) {
			t.Errorf("is not %+v", target)
		}
	}
	for _, target := range []*fault.Error{
		{}, {Reason: faultv1.Reason_REASON_INVALID_FIELD}, {Kind: fault.KindState}, {Field: "title"},
	} {
		if errors.Is(err, target) {
			t.Errorf("is %+v", target)
		}
	}
	if !fault.Has(err, faultv1.Reason_REASON_INVALID_TEXT) || fault.Has(errors.New("x"), 0) {
		t.Error("Has is wrong about the reason")
	}
}

func TestJoin(t *testing.T) {
	a, b, c := fault.InvalidField("a", "1"), fault.InvalidField("b", "2"), fault.Invalid("c", faultv1.Reason_REASON_INVALID_TEXT, "3")
	plain := errors.New("disk")
	tests := []struct {
		name   string
		errs   []error
		fields []string
		reason faultv1.Reason
	}{
		{"nothing", []error{nil, nil}, nil, 0},
		{"one", []error{nil, a}, []string{"a"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"two", []error{a, b}, []string{"a", "b"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"mixed reasons", []error{c, a}, []string{"c", "a"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"same other reason", []error{c, c}, []string{"c", "c"}, faultv1.Reason_REASON_INVALID_TEXT},
		{"joined again", []error{fault.Join(a, b), c}, []string{"a", "b", "c"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"wrapped", []error{fmt.Errorf("x: %w", a), b}, []string{"a", "b"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"a worse one", []error{a, plain, b}, nil, 0},
		{"not found is worse", []error{a, fault.NotFound("n")}, nil, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := fault.Join(test.errs...)
			var fields []string
			for _, v := range fault.Violations(err) {
				fields = append(fields, v.Field)
			}
			if diff := cmp.Diff(test.fields, fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if got := fault.ReasonOf(err); got != test.reason {
				t.Errorf("got reason %v, want %v", got, test.reason)
			}
		})
	}
}
