package blobs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// What a caller is told to wait: a restarted MinIO serves again after about
// two seconds; a disk is not emptied as fast.
const (
	retryAfter     = 3 * time.Second
	retryAfterFull = time.Minute
)

// explain makes a typed error of what the client said.
func explain(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("blobs: %w", errors.Join(cause, err))
	}
	switch codeOf(err) {
	case "NoSuchKey", "NoSuchBucket":
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	message, retry := advise(err)
	return fault.Unavailable(err, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE, "%s", message).RetryAfter(retry)
}

// timely adds to err that the time of the call was up, which the client does
// not always say.
func timely(call context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(call), errTooSlow) {
		return errors.Join(errTooSlow, err)
	}
	return err
}

// advise says what is wrong in words for whoever called and for the operator,
// and after what time to try again; 0 when that does not help before the
// operator has done something.
func advise(err error) (message string, retry time.Duration) {
	if trouble := misconfigured(err); trouble != "" {
		return "photos cannot be stored or read until the operator has done this: " + trouble, 0
	}
	if full(err) {
		return "the disk of the object store is full; nothing was stored. Ask the operator to free some space, then try again", retryAfterFull
	}
	if errors.Is(err, errTooSlow) {
		return "the object store takes too long to answer; try again in a moment, and ask the operator to look at it if that does not help", retryAfter
	}
	if text := err.Error(); strings.Contains(text, "Connection closed by foreign host") && strings.Contains(text, "http://") {
		// So some servers of HTTPS answer HTTP, and so a server dies.
		return "the object store ended the connection without an answer; try again in a moment, and ask the operator to look at it, " +
			"and whether it wants SKAITYKLA_S3_SECURE=true, if that does not help", retryAfter
	}
	return "the object store cannot be reached; try again in a moment, and ask the operator to look at it if that does not help", retryAfter
}

// full reports whether the server has no room. MinIO finds out late, and then
// says so in the text of an internal error.
func full(err error) bool {
	switch codeOf(err) {
	case "XMinioStorageFull", "InsufficientStorage", "QuotaExceeded":
		return true
	}
	return strings.Contains(err.Error(), "no space left on device")
}

// misconfigured returns what the operator must do, "" when it may pass by
// itself.
func misconfigured(err error) string {
	if response, ok := errors.AsType[minio.ErrorResponse](err); ok {
		return refused(response)
	}
	const untrusted = "make the object store's certificate one that is trusted for its name, or name its authority in SKAITYKLA_S3_CA_FILE"
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return untrusted
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return untrusted
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return "correct SKAITYKLA_S3_ENDPOINT, no machine has the name " + name.Name
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return "set SKAITYKLA_S3_SECURE=false, the object store does not speak HTTPS"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "set SKAITYKLA_S3_SECURE=false or correct SKAITYKLA_S3_ENDPOINT, what is there does not speak HTTPS"
	}
	return ""
}

// refused is misconfigured for what an S3 server answered.
func refused(r minio.ErrorResponse) string {
	switch r.Code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "XAdminUserNotFound", "InvalidToken", "InvalidTokenId", "ExpiredToken":
		return "set SKAITYKLA_S3_ACCESS_KEY and SKAITYKLA_S3_SECRET_KEY (or their _FILE) to what the object store accepts; it does not know these"
	case "RequestTimeTooSkewed", "RequestExpired":
		return "set the clocks of this machine and of the object store right, they differ by more than 15 minutes"
	case "AccessDenied", "AllAccessDisabled", "AccountProblem":
		return "let these credentials list, read, put and delete in the bucket, and make it if it does not exist " +
			"(s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject, s3:CreateBucket); or use others"
	case "AuthorizationHeaderMalformed", "InvalidRegion", "IllegalLocationConstraintException", "PermanentRedirect", "InvalidLocationConstraint":
		return "set SKAITYKLA_S3_REGION to the region of the bucket" + inRegion(r)
	case "InvalidBucketName", "TooManyBuckets":
		return "choose another SKAITYKLA_S3_BUCKET, the object store refuses this one: " + r.Code
	}
	if r.StatusCode == http.StatusBadRequest && strings.Contains(r.Message, "HTTP request to an HTTPS server") {
		return "set SKAITYKLA_S3_SECURE=true, the object store speaks HTTPS"
	}
	return ""
}

func inRegion(r minio.ErrorResponse) string {
	if r.Region == "" {
		return ""
	}
	return ", which is " + r.Region
}

// codeOf returns the S3 error code in err's tree, or "".
func codeOf(err error) string {
	response, _ := errors.AsType[minio.ErrorResponse](err)
	return response.Code
}
