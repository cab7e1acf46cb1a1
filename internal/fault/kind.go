package fault

import (
	"google.golang.org/grpc/codes"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Kind is the class of a failure, one for each status code that we send.
type Kind uint8

// The kinds. The zero value is KindInternal: a failure that nobody classed is
// a defect of ours.
const (
	// KindInternal is a defect of ours.
	KindInternal Kind = iota
	// KindInvalid is a request that can never succeed as it is.
	KindInvalid
	// KindNotFound is a resource that is not there, for this caller.
	KindNotFound
	// KindExists is an id, slug, host or request id that is taken.
	KindExists
	// KindConflict is a lost race: read again, merge and retry.
	KindConflict
	// KindState is a resource in a state that the caller must change first.
	KindState
	// KindDenied is a caller who may not.
	KindDenied
	// KindUnauthenticated is a caller whom we do not know.
	KindUnauthenticated
	// KindExhausted is a limit that is used up for now.
	KindExhausted
	// KindOutOfRange is a position that is no longer there.
	KindOutOfRange
	// KindUnavailable is a part of the suite that is away; a retry can help.
	KindUnavailable
	// KindDeadline is time that ran out.
	KindDeadline
	// KindCanceled is a caller who went away.
	KindCanceled
	// KindUnimplemented is a method that this server does not have.
	KindUnimplemented
	// KindDataLoss is a damaged store.
	KindDataLoss
)

// Code returns the gRPC code of the kind.
func (k Kind) Code() codes.Code {
	switch k {
	case KindInvalid:
		return codes.InvalidArgument
	case KindNotFound:
		return codes.NotFound
	case KindExists:
		return codes.AlreadyExists
	case KindConflict:
		return codes.Aborted
	case KindState:
		return codes.FailedPrecondition
	case KindDenied:
		return codes.PermissionDenied
	case KindUnauthenticated:
		return codes.Unauthenticated
	case KindExhausted:
		return codes.ResourceExhausted
	case KindOutOfRange:
		return codes.OutOfRange
	case KindUnavailable:
		return codes.Unavailable
	case KindDeadline:
		return codes.DeadlineExceeded
	case KindCanceled:
		return codes.Canceled
	case KindUnimplemented:
		return codes.Unimplemented
	case KindDataLoss:
		return codes.DataLoss
	case KindInternal:
		return codes.Internal
	}
	return codes.Internal
}

// String returns the name of the kind's code, such as "InvalidArgument".
func (k Kind) String() string { return k.Code().String() }

// KindFor returns the kind that the contract states for a reason;
// KindInternal for one that it does not know.
func KindFor(reason faultv1.Reason) Kind {
	switch reason {
	case faultv1.Reason_REASON_INVALID_FIELD, faultv1.Reason_REASON_UNKNOWN_FIELD,
		faultv1.Reason_REASON_INVALID_FIELD_MASK, faultv1.Reason_REASON_INVALID_FILTER,
		faultv1.Reason_REASON_INVALID_PAGE_TOKEN, faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
		faultv1.Reason_REASON_INVALID_TEXT, faultv1.Reason_REASON_TOO_LARGE,
		faultv1.Reason_REASON_PHOTO_UNKNOWN, faultv1.Reason_REASON_IMAGE_UNSUPPORTED,
		faultv1.Reason_REASON_IMAGE_TOO_LARGE, faultv1.Reason_REASON_IMAGE_DAMAGED,
		faultv1.Reason_REASON_CHECKSUM_MISMATCH, faultv1.Reason_REASON_INVALID_ORDER_BY,
		faultv1.Reason_REASON_INVALID_QUERY:
		return KindInvalid
	case faultv1.Reason_REASON_RESOURCE_NOT_FOUND, faultv1.Reason_REASON_RESOURCE_GONE:
		return KindNotFound
	case faultv1.Reason_REASON_RESOURCE_EXISTS, faultv1.Reason_REASON_SLUG_TAKEN,
		faultv1.Reason_REASON_HOST_TAKEN, faultv1.Reason_REASON_REQUEST_ID_REUSED,
		faultv1.Reason_REASON_ALIAS_TAKEN, faultv1.Reason_REASON_TRANSLATION_TAKEN,
		faultv1.Reason_REASON_DUPLICATE_PHOTO:
		return KindExists
	case faultv1.Reason_REASON_EDIT_CONFLICT, faultv1.Reason_REASON_WRITE_CONTENTION:
		return KindConflict
	case faultv1.Reason_REASON_ETAG_REQUIRED, faultv1.Reason_REASON_WRONG_STATE,
		faultv1.Reason_REASON_CHECK_FAILED, faultv1.Reason_REASON_SITE_NOT_EMPTY,
		faultv1.Reason_REASON_PHOTO_IN_USE, faultv1.Reason_REASON_UPLOAD_OFFSET:
		return KindState
	case faultv1.Reason_REASON_PERMISSION_DENIED, faultv1.Reason_REASON_INSECURE_TRANSPORT,
		faultv1.Reason_REASON_SIGNATURE_INVALID, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID:
		return KindDenied
	case faultv1.Reason_REASON_TOKEN_REQUIRED, faultv1.Reason_REASON_TOKEN_INVALID,
		faultv1.Reason_REASON_TOKEN_EXPIRED, faultv1.Reason_REASON_TOKEN_REVOKED:
		return KindUnauthenticated
	case faultv1.Reason_REASON_TOO_MANY_WATCHERS, faultv1.Reason_REASON_TOO_MANY_UPLOADS,
		faultv1.Reason_REASON_WATCHER_TOO_SLOW, faultv1.Reason_REASON_TOO_MANY_OPERATIONS,
		faultv1.Reason_REASON_TOO_MANY_ENDPOINTS:
		return KindExhausted
	case faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED:
		return KindOutOfRange
	case faultv1.Reason_REASON_STORE_UNAVAILABLE, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE,
		faultv1.Reason_REASON_SERVICE_UNAVAILABLE, faultv1.Reason_REASON_INDEX_UNAVAILABLE:
		return KindUnavailable
	case faultv1.Reason_REASON_DEADLINE_EXCEEDED:
		return KindDeadline
	case faultv1.Reason_REASON_CANCELLED:
		return KindCanceled
	case faultv1.Reason_REASON_UNIMPLEMENTED:
		return KindUnimplemented
	case faultv1.Reason_REASON_STORE_DAMAGED:
		return KindDataLoss
	case faultv1.Reason_REASON_INTERNAL, faultv1.Reason_REASON_UNSPECIFIED:
		return KindInternal
	}
	return KindInternal
}
