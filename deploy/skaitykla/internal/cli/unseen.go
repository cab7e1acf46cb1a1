package cli

import (
	"fmt"

	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// unseen says in terms of commands that readers do not see an article, and what
// can be done about it. Other errors stay as they are.
func unseen(err error, article string) error {
	if err == nil {
		return nil
	}
	article = id(article)
	const help = "`skaitykla article publish %[1]s` publishes it, `skaitykla preview check %[1]s` shows how it will look before"
	switch rpc.FromStatus(err).Reason { //nolint:exhaustive // the others are told as they are
	case faultv1.Reason_REASON_RESOURCE_NOT_FOUND:
		return fmt.Errorf("%[1]s is not published, or there is none: "+help, article)
	case faultv1.Reason_REASON_RESOURCE_GONE:
		return fmt.Errorf("%[1]s was withdrawn: "+help, article)
	}
	return err
}
