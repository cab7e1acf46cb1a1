package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// The layout. Ids have no slash, so that no key is the prefix of one it does
// not own.
const (
	photoPrefix     = "p/"  // p/{site}/{photo}: the record
	logPrefix       = "e/"  // e/{site}/{photo}/{revision}: photo.Log of an edit
	listPrefix      = "n/"  // n/{site}/{order}/{photo}: all, newest first
	publicPrefix    = "v/"  // v/{site}/{order}/{photo}: those that articles publish
	unusedPrefix    = "nu/" // nu/{site}/{order}/{photo}: those that no article uses
	tagPrefix       = "nt/" // nt/{site}/{tag id}/{order}/{photo}
	expiringPrefix  = "nx/" // nx/{site}/{time}/{photo}: those whose rights end, and when
	shaPrefix       = "s/"  // s/{sha256}/{site}/{order}/{photo}
	taskPrefix      = "q/"  // q/{site}/{photo}: the task, when renditions are wanted
	turnPrefix      = "w/"  // w/{priority}/{time}/{site}/{photo}: when the task may be taken
	retiredPrefix   = "g/"  // g/{site}/{photo}: generations that were told before
	requestPrefix   = "r/"  // r/{hash}: a request that was answered
	expiryPrefix    = "x/"  // x/{time}/{hash}: when to forget it
	duePrefix       = "d/"  // d/{time}/{site}/{photo}: when the rights of a photo end
	usagePrefix     = "u/"  // u/{site}/{photo}/{article name}: published ones
	workingPrefix   = "uw/" // the same: those of newest revisions
	anyPrefix       = "ua/" // the same: all
	articlePrefix   = "a/"  // a/{article name}//{photo name}: recordv1.Usage
	usingPrefix     = "ul/" // ul/{article name}: recordv1.UsingArticle
	checkPrefix     = "uk/" // uk/{time}/{article name}: when to ask for its revisions
	pastPrefix      = "pp/" // pp/{site}/{photo}: recordv1.Past
	purgePrefix     = "dp/" // dp/{time}/{site}/{photo}: when a removed photo is purged
	doomedPrefix    = "dq/" // dq/{sha256}: objects to remove, not before
	withdrawnPrefix = "sw/" // sw/{sha256}/{site}/{order}/{photo}: withdrawn ones
	uploadPrefix    = "i/"  // i/{sha256}/{site}/{photo}: objects that are being put, until when
	condemnedPrefix = "c/"  // c/{sha256}: objects that are being removed, until when
	secretPrefix    = "m/secret/"
	followerKey     = "m/follower" // recordv1.Follower
	resumeKey       = "m/resume"   // where format 1 left the article feed
	topicPrefix     = "photo/"     // photo/{site}/{photo}, in the change log
)

// References in the change log.
const (
	refCreated = "created"
	refUpdated = "updated"
	refExpired = "expired"
)

func photoKey(n photo.Name) []byte { return []byte(photoPrefix + n.Site + "/" + n.ID) }
func taskKey(n photo.Name) []byte  { return []byte(taskPrefix + n.Site + "/" + n.ID) }
func topic(n photo.Name) []byte    { return []byte(topicPrefix + n.Site + "/" + n.ID) }

func retiredKey(n photo.Name) []byte { return []byte(retiredPrefix + n.Site + "/" + n.ID) }

func logKey(n photo.Name, revision int64) []byte {
	return fmt.Appendf(nil, "%s%s/%s/%016x", logPrefix, n.Site, n.ID, revision)
}

func pastKey(n photo.Name) []byte    { return []byte(pastPrefix + n.Site + "/" + n.ID) }
func doomedKey(sha256 string) []byte { return []byte(doomedPrefix + sha256) }

func uploadKey(sha256 string, n photo.Name) []byte {
	return []byte(uploadPrefix + sha256 + "/" + n.Site + "/" + n.ID)
}

func condemnedKey(sha256 string) []byte { return []byte(condemnedPrefix + sha256) }

// usageKey is the key of a usage under one of the prefixes of usages.
func usageKey(prefix string, n photo.Name, article string) []byte {
	return []byte(prefix + n.Site + "/" + n.ID + "/" + article)
}

func usingKey(article string) []byte { return []byte(usingPrefix + article) }

func checkKey(at time.Time, article string) []byte {
	return fmt.Appendf(nil, "%s%016x/%s", checkPrefix, at.UnixMicro(), article)
}

func articleKey(article string, n photo.Name) []byte {
	return []byte(articlePrefix + article + "//" + n.String())
}

// nameOf reads the name at the end of a key of the form {prefix}{site}/{photo}.
func nameOf(key []byte, prefix string) (photo.Name, bool) {
	rest, found := strings.CutPrefix(string(key), prefix)
	site, id, cut := strings.Cut(rest, "/")
	return photo.Name{Site: site, ID: id}, found && cut && !strings.Contains(id, "/")
}

var errPresent = errors.New("key is present")

// absent returns nil when there is no such key and errPresent when there is.
func absent(r kv.Reader, key []byte) error {
	switch _, err := r.Get(key); {
	case errors.Is(err, kv.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return errPresent
}
