package clicks

import sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"

type (
	reasonKind   = sharingv1.MachineReason
	deviceKind   = sharingv1.DeviceClass
	referrerKind = sharingv1.ReferrerClass
)

// Short names of the contract's classes, for the tables.
const (
	person     = sharingv1.MachineReason_MACHINE_REASON_UNSPECIFIED
	head       = sharingv1.MachineReason_MACHINE_REASON_HEAD
	preview    = sharingv1.MachineReason_MACHINE_REASON_PREVIEW
	fediverse  = sharingv1.MachineReason_MACHINE_REASON_FEDIVERSE
	scanner    = sharingv1.MachineReason_MACHINE_REASON_MAIL_SCANNER
	prefetch   = sharingv1.MachineReason_MACHINE_REASON_PREFETCH
	robot      = sharingv1.MachineReason_MACHINE_REASON_ROBOT
	tool       = sharingv1.MachineReason_MACHINE_REASON_TOOL
	burst      = sharingv1.MachineReason_MACHINE_REASON_BURST
	noLanguage = sharingv1.MachineReason_MACHINE_REASON_NO_LANGUAGE
	noAgent    = sharingv1.MachineReason_MACHINE_REASON_NO_USER_AGENT
	embedded   = sharingv1.MachineReason_MACHINE_REASON_EMBEDDED
)

const (
	noDevice    = sharingv1.DeviceClass_DEVICE_CLASS_UNSPECIFIED
	mobile      = sharingv1.DeviceClass_DEVICE_CLASS_MOBILE
	desktop     = sharingv1.DeviceClass_DEVICE_CLASS_DESKTOP
	otherDevice = sharingv1.DeviceClass_DEVICE_CLASS_OTHER
)

const (
	noReferrer = sharingv1.ReferrerClass_REFERRER_CLASS_UNSPECIFIED
	direct     = sharingv1.ReferrerClass_REFERRER_CLASS_DIRECT
	facebook   = sharingv1.ReferrerClass_REFERRER_CLASS_FACEBOOK
	x          = sharingv1.ReferrerClass_REFERRER_CLASS_X
	social     = sharingv1.ReferrerClass_REFERRER_CLASS_SOCIAL
	search     = sharingv1.ReferrerClass_REFERRER_CLASS_SEARCH
	mail       = sharingv1.ReferrerClass_REFERRER_CLASS_MAIL
	own        = sharingv1.ReferrerClass_REFERRER_CLASS_OWN
	elsewhere  = sharingv1.ReferrerClass_REFERRER_CLASS_OTHER
)
