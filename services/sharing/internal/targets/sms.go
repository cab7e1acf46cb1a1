package targets

import "strings"

// smsBasic are the characters of GSM 03.38 that take seven bits, and
// smsExtended those that take twice that, other than control characters.
const (
	smsBasic = "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz" +
		"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"
	smsExtended = "^{}\\[~]|€"
)

// smsCount returns how many text messages a text takes, and is paid for as:
// 160 characters of the basic alphabet fit one, or 70 UTF-16 units if there is
// any other character in it, which ą and the ellipsis are; less where a text
// goes in parts.
func smsCount(text string) int {
	septets := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(smsBasic, r):
			septets++
		case strings.ContainsRune(smsExtended, r):
			septets += 2
		default:
			return smsParts(utf16Length(text), 70, 67)
		}
	}
	return smsParts(septets, 160, 153)
}

func smsParts(length, one, each int) int {
	if length <= one {
		return 1
	}
	return (length + each - 1) / each
}
