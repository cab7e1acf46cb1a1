package clicks

type (
	reasonKind   int32
	deviceKind   int32
	referrerKind int32
)

const (
	person reasonKind = iota
	head
	preview
	fediverse
	scanner
	prefetch
	robot
	tool
	burst
	noLanguage
	noAgent
	embedded
)

const (
	noDevice deviceKind = iota
	mobile
	desktop
	otherDevice
)

const (
	noReferrer referrerKind = iota
	direct
	facebook
	x
	social
	search
	mail
	own
	elsewhere
)
