package store

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// The layout of counts. docs/decisions/counting.md says why.
const (
	batchPrefix   = "count-batch/"   // count-batch/{request}: recordv1.ClickBatch, until it is folded
	countedPrefix = "count-request/" // count-request/{hour}/{request}: digest of a batch that was counted
	countPrefix   = "count/"         // count/{period}/{site}/{shard}: recordv1.Counts
	foldKey       = "count-fold"     // recordv1.Fold
)

// shards is into how many values the counts of one period and site are divided:
// many enough that a value of a site with 100,000 links stays small, few enough
// that 20,000 links a second touch few keys.
const shards = 1024

// wholeSite stands in keys for all links of a site together.
const wholeSite = "-"

// shardOf returns in which value a link is counted.
func shardOf(link string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(link)) // never fails
	return int(h.Sum32() % shards)
}

func countKey(p stats.Period, site, shard string) []byte {
	return []byte(countScope(p, site) + shard)
}

// shardTerm is how a shard stands in keys, in order.
func shardTerm(shard int) string { return fmt.Sprintf("%03x", shard) }

func countScope(p stats.Period, site string) string {
	return countPrefix + periodTerm(p) + "/" + site + "/"
}

// periodTerm is how a period stands in keys; days sort by time.
func periodTerm(p stats.Period) string {
	day := strings.ReplaceAll(p.First.String(), "-", "")
	switch p.Unit {
	case stats.UnitMonth:
		return "m" + day[:6]
	case stats.UnitYear:
		return "y" + day[:4]
	case stats.UnitEver:
		return "e"
	default:
		return "d" + day
	}
}

func batchKey(request string) []byte { return []byte(batchPrefix + request) }

// countedKey is where a batch is remembered. The hour is that of its clicks,
// which stay the same when it is sent again.
func countedKey(hour int64, request string) []byte {
	return []byte(countedScope(hour) + request)
}

func countedScope(hour int64) string {
	return countedPrefix + fmt.Sprintf("%08s", strconv.FormatInt(hour, 16)) + "/"
}
