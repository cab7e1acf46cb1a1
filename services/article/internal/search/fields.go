package search

import "github.com/skaitykla/skaitykla/services/article/internal/article"

// place is a part of an article, by its weight.
type place uint8

const (
	inTitle place = iota
	inLead
	inBody
	inCaptions
	inTags
	// often is not a part: words that stand oftenMin times and more.
	often
	// anywhere is all parts together.
	anywhere
	places
)

// oftenMin is how many times an article says a word that it is about.
const oftenMin = 3

// tier says how closely a word was met, best last.
type tier uint8

const (
	byEdit tier = iota + 1
	byPrefix
	byFolded
	byClass
	byExact
)

// weight is what it counts that a word stands in a place.
func (p place) weight() float64 {
	return [places]float64{inTitle: 10, inLead: 6, inBody: 4, inCaptions: 2.5, inTags: 1.5, often: 2, anywhere: 3}[p]
}

// String returns the name of the place, also on the wire.
func (p place) String() string {
	return [places]string{"title", "lead", "body", "captions", "tags", "often", "anywhere"}[p]
}

// factor is what the weight of a place is multiplied by.
func (t tier) factor() float64 {
	return [...]float64{byEdit: 0.3, byPrefix: 0.5, byFolded: 0.7, byClass: 0.9, byExact: 1}[t]
}

// group is the rank of an article by the worst of its words' tiers. Hits of a
// better group always stand first. A single word stands above its other forms,
// which may be those of another word; several words explain each other.
func (t tier) group(words int) int {
	if t == byExact && words > 1 {
		t = byClass
	}
	return int(t)
}

// Names of fields of the index: of one with terms, "place.kind", and of what is
// known of an article besides its texts.
const (
	kindExact = ".exact" // with positions, for phrases
	kindStem  = ".stem"
	kindForm  = ".form" // plain letters, for beginnings and errors

	fieldScope     = "scope" // see scopeOf
	fieldTags      = "tag"
	fieldTopics    = "topic"
	fieldLanguage  = "language_code"
	fieldState     = "state"
	fieldPublished = "publish_time"
	fieldUpdated   = "update_time"
	// fieldNewest and fieldOrder are times with the id of the article behind,
	// so that each stands in one place: publish_time or else update_time, and
	// publish_time.
	fieldNewest = "newest"
	fieldOrder  = "order"
)

func (p place) exact() string { return p.String() + kindExact }
func (p place) stem() string  { return p.String() + kindStem }
func (p place) form() string  { return p.String() + kindForm }

// side is how an article is seen.
type side string

const (
	public  side = "p" // by readers
	working side = "w" // by authors
)

// sideOf returns the side that a search is for.
func sideOf(q article.Search) side {
	if q.Working {
		return working
	}
	return public
}

// scopeOf is the term of the articles of one site on one side: without it no
// search sees anything.
func scopeOf(s side, site string) string { return string(s) + "/" + site }

// texts are the places that an article has texts in.
func texts() []place { return []place{inTitle, inLead, inBody, inCaptions, inTags} }

// stemmed are the places that stems are filed under.
func stemmed() []place { return append(texts(), often) }
