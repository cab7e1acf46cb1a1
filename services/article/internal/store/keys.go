package store

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// What stands under which key. {time} is 8 bytes of microseconds, big endian;
// {^time} the same inverted, so that the newest comes first; {revision} 8 bytes,
// big endian; {hash} 32 bytes.
//
//	site/{site}                        recordv1.Site
//	host/{host}                        id of the site that has the host
//	state/{site}/{id}                  recordv1.State
//	revision/{site}/{create time}{id}/{revision}
//	                                   recordv1.RevisionGroup, from that revision on
//	session/{site}/{id}/{session}      recordv1.EditSession
//	thin/{time}{site}/{id}/{session}   nothing; when a session is thinned
//	publication/{site}/{id}/{time}{version of the state}
//	                                   recordv1.Publication, what readers saw from then on
//	public/{site}/{id}                 the published projection, ready to send
//	photos/{site}/{id}                 recordv1.Photos, those it shows; absent for none
//	newest/{site}/{^publish time}{id}  its summary, ready to send
//	created/{site}/{^create time}{id}  nothing
//	updated/{site}/{^update time}{id}  nothing; when the newest revision was saved
//	tag/{site}/{tag id}/{^publish time}{id}
//	                                   the tag as the published article has it
//	slug/{site}/{language}/{slug}      recordv1.Slug
//	alias/{site}/{canonical address}   id of the article that had the address
//	translation/{site}/{group}/{language}
//	                                   recordv1.Translation
//	request/{hash}                     recordv1.Request
//	expiry/{time}{hash}                nothing; when a request was made
//	purge/{time}{site}/{id}            nothing; when a deleted article goes
//	preview/{site}/{id}/{token id}     recordv1.PreviewToken
//	previewend/{time}{site}/{id}/{token id}
//	                                   nothing; when a preview token ends
//	redaction/{site}/{id}              recordv1.Redaction, while it is not done
//	schedule/{site}/{id}/{schedule}    recordv1.Schedule
//	agenda/{site}/{time}{id}/{schedule}
//	                                   nothing; every schedule by its time
//	due/{time}{site}/{id}/{schedule}   nothing; the time of one that waits
//	pin/{site}/{id}/{schedule}         the revision that one that waits needs,
//	                                   8 bytes, 0 for none
//	audit/{site}/{time}{8 bytes}       recordv1.Event
//	import/{site}                      recordv1.Import, while a site is made of an archive
//	cursor/{name}                      where a follower of a feed stands
//	secret/{name}                      random bytes, such as the key of tokens
//
// Revisions are by far the largest records. The time of their article's creation
// comes first in their keys so that new articles stand side by side: a commit
// then writes few pages besides their own.
//
// Topics of the change feed are article/{site}/{id} with the two kinds as
// reference, one byte each, site/{site}, schedule/{site}/{id} for the
// schedulers of all instances, and translation/{site}/{group} when readers see
// something else of a translation group.
const (
	siteBase     = "site/"
	hostBase     = "host/"
	stateBase    = "state/"
	revisionBase = "revision/"
	sessionBase  = "session/"
	thinBase     = "thin/"
	publicBase   = "public/"
	photosBase   = "photos/"
	shownBase    = "publication/"
	newestBase   = "newest/"
	createdBase  = "created/"
	updatedBase  = "updated/"
	tagBase      = "tag/"
	slugBase     = "slug/"
	aliasBase    = "alias/"
	groupBase    = "translation/"
	requestBase  = "request/"
	expiryBase   = "expiry/"
	purgeBase    = "purge/"
	previewBase  = "preview/"
	endBase      = "previewend/"
	redactBase   = "redaction/"
	scheduleBase = "schedule/"
	agendaBase   = "agenda/"
	dueBase      = "due/"
	pinBase      = "pin/"
	auditBase    = "audit/"
	importBase   = "import/"
	cursorBase   = "cursor/"
	secretBase   = "secret/"
	articleTopic = "article/"
	siteTopic    = "site/"
	workTopic    = "schedule/"
	groupTopic   = "translation/"
)

func siteKey(site string) []byte { return []byte(siteBase + site) }

func hostKey(host string) []byte { return []byte(hostBase + host) }

func stateKey(n article.Name) []byte { return []byte(stateBase + n.Site + "/" + n.ID) }

func publicKey(n article.Name) []byte { return []byte(publicBase + n.Site + "/" + n.ID) }

func revisionKey(n article.Name, created time.Time, number int64) []byte {
	key := append(appendTime([]byte(revisionBase+n.Site+"/"), created), n.ID+"/"...)
	return binary.BigEndian.AppendUint64(key, uint64(number)) //nolint:gosec // revisions count from 1
}

// numberOf returns the number at the end of a revision's key.
func numberOf(key []byte) int64 {
	return int64(binary.BigEndian.Uint64(key[len(key)-8:])) //nolint:gosec // revisionKey wrote it
}

func slugKey(site, code, slug string) []byte {
	return []byte(slugBase + site + "/" + code + "/" + slug)
}

func aliasKey(site, alias string) []byte { return []byte(aliasBase + site + "/" + alias) }

func translationKey(site, group, code string) []byte {
	return []byte(groupBase + site + "/" + group + "/" + code)
}

func topicOfGroup(site, group string) []byte { return []byte(groupTopic + site + "/" + group) }

func newestKey(n article.Name, t time.Time) []byte {
	return append(appendLatest([]byte(newestBase+n.Site+"/"), t), n.ID...)
}

func createdKey(n article.Name, t time.Time) []byte {
	return append(appendLatest([]byte(createdBase+n.Site+"/"), t), n.ID...)
}

func updatedKey(n article.Name, t time.Time) []byte {
	return append(appendLatest([]byte(updatedBase+n.Site+"/"), t), n.ID...)
}

func tagKey(n article.Name, tag string, t time.Time) []byte {
	return append(appendLatest([]byte(tagBase+n.Site+"/"+tag+"/"), t), n.ID...)
}

func requestKey(hash []byte) []byte { return append([]byte(requestBase), hash...) }

func expiryKey(t time.Time, hash []byte) []byte {
	return append(appendTime([]byte(expiryBase), t), hash...)
}

func purgeKey(n article.Name, t time.Time) []byte {
	return append(appendTime([]byte(purgeBase), t), n.Site+"/"+n.ID...)
}

func previewKey(n article.Name, id string) []byte {
	return []byte(previewBase + n.Site + "/" + n.ID + "/" + id)
}

func previewEndKey(n article.Name, id string, t time.Time) []byte {
	return append(appendTime([]byte(endBase), t), n.Site+"/"+n.ID+"/"+id...)
}

func auditKey(site string, t time.Time, salt []byte) []byte {
	return append(appendTime([]byte(auditBase+site+"/"), t), salt...)
}

func redactKey(n article.Name) []byte { return []byte(redactBase + n.Site + "/" + n.ID) }

func importKey(site string) []byte { return []byte(importBase + site) }

func cursorKey(name string) []byte { return []byte(cursorBase + name) }

func secretKey(name string) []byte { return []byte(secretBase + name) }

func topicOf(n article.Name) []byte { return []byte(articleTopic + n.Site + "/" + n.ID) }

// appendTime appends t so that byte order is the order of time, also before
// 1970.
func appendTime(key []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64(key, uint64(t.UnixMicro())^1<<63)
}

// appendLatest appends t so that byte order is the newest first.
func appendLatest(key []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64(key, ^(uint64(t.UnixMicro()) ^ 1<<63))
}

// parseName reads "{site}/{id}".
func parseName(b []byte) (article.Name, bool) {
	site, id, ok := bytes.Cut(b, []byte("/"))
	return article.Name{Site: string(site), ID: string(id)}, ok && len(id) > 0
}
