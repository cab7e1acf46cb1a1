package search

// Place is a part of a resource, by its weight.
type Place uint8

// The places. What belongs where the service decides.
const (
	Title Place = iota
	Lead
	Body
	Captions
	Tags
	// often is not a part: words that stand oftenMin times and more.
	often
	// anywhere is all parts together.
	anywhere
	places
)

// oftenMin is how many times a text says a word that it is about.
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
func (p Place) weight() float64 {
	return [places]float64{Title: 10, Lead: 6, Body: 4, Captions: 2.5, Tags: 1.5, often: 2, anywhere: 3}[p]
}

// String returns the name of the place, also on the wire.
func (p Place) String() string {
	return [places]string{"title", "lead", "body", "captions", "tags", "often", "anywhere"}[p]
}

// factor is what the weight of a place is multiplied by.
func (t tier) factor() float64 {
	return [...]float64{byEdit: 0.3, byPrefix: 0.5, byFolded: 0.7, byClass: 0.9, byExact: 1}[t]
}

// group is the rank of a document by the worst of its words' tiers. Hits of a
// better group always stand first. A single word stands above its other forms,
// which may be those of another word; several words explain each other.
func (t tier) group(words int) int {
	if t == byExact && words > 1 {
		t = byClass
	}
	return int(t)
}

// Names of fields of the index: of one with terms, "place.kind", and of what is
// known of a document besides its texts. Facts have names of their own.
const (
	kindExact = ".exact" // with positions, for phrases
	kindStem  = ".stem"
	kindForm  = ".form" // plain letters, for beginnings and errors

	fieldScope = "scope" // see scopeOf
	// fieldNewest and fieldOrder are the times of a document with the id of its
	// resource behind, so that each stands in one place.
	fieldNewest = "newest"
	fieldOrder  = "order"
)

func (p Place) exact() string { return p.String() + kindExact }
func (p Place) stem() string  { return p.String() + kindStem }
func (p Place) form() string  { return p.String() + kindForm }

// Side is how a resource is seen.
type Side string

// The sides.
const (
	Public  Side = "p" // by readers
	Working Side = "w" // by those who see working copies
)

// scopeOf is the term of the resources of one site on one side: without it no
// search sees anything.
func scopeOf(s Side, site string) string { return string(s) + "/" + site }

// texts are the places that an article has texts in.
func texts() []Place { return []Place{Title, Lead, Body, Captions, Tags} }

// stemmed are the places that stems are filed under.
func stemmed() []Place { return append(texts(), often) }
