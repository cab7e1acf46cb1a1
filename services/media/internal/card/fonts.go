package card

import _ "embed" // the fonts below

// Source Serif 4 and Source Sans 3 of Adobe, both SemiBold, under the SIL Open
// Font License 1.1 (beside them); unchanged files of the npm packages
// @expo-google-fonts/source-serif-4 0.4.1 and source-sans-3 0.4.1.
var (
	//go:embed fonts/SourceSerif4-SemiBold.ttf
	sourceSerif []byte
	//go:embed fonts/SourceSans3-SemiBold.ttf
	sourceSans []byte
)
