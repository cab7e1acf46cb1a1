package worker

import "testing"

func TestWhole(t *testing.T) {
	const (
		start, end = "\xff\xd8", "\xff\xd9"
		scan       = "\xff\xda\x00\x02data"
		thumbnail  = "\xff\xe1\x00\x08" + start + end + "ab" // a segment with an end mark in it
		screen     = "GIF89a\x01\x00\x01\x00\x80\x00\x00" + "rgbrgb"
		frame      = ",\x00\x00\x00\x00\x01\x00\x01\x00\x00" + "\x02\x02;;\x00"
		loops      = "!\xff\x03;;;\x00"
	)
	for _, c := range []struct {
		name, mediaType, file string
		whole                 bool
	}{
		{"JPEG", "image/jpeg", start + scan + end, true},
		{"JPEG and more", "image/jpeg", start + scan + end + "phone", true},
		{"JPEG with filling", "image/jpeg", start + "\xff\xff" + scan + end, true},
		{"JPEG without end", "image/jpeg", start + scan, false},
		{"JPEG whose thumbnail ends", "image/jpeg", start + thumbnail + scan, false},
		{"JPEG with a thumbnail", "image/jpeg", start + thumbnail + scan + end, true},
		{"JPEG segment beyond the file", "image/jpeg", start + "\xff\xe1\xff\xffabc", false},
		{"JPEG segment without length", "image/jpeg", start + "\xff\xe1\x00\x00", false},
		{"JPEG mark", "image/jpeg", "\xff", false},
		{"GIF", "image/gif", screen + loops + frame + frame + ";", true},
		{"GIF and more", "image/gif", screen + frame + ";more", true},
		{"GIF with gaps", "image/gif", screen + "\x00\x00" + frame + "\x00;", true},
		{"GIF without end", "image/gif", screen + loops + frame, false},
		{"GIF cut in a frame", "image/gif", screen + frame + frame[:9], false},
		{"GIF cut in the data", "image/gif", screen + frame[:13], false},
		{"GIF cut in the screen", "image/gif", screen[:9], false},
		{"others end by themselves", "image/png", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := whole(c.mediaType, []byte(c.file)); (err == nil) != c.whole {
				t.Errorf("got %v, want whole %v", err, c.whole)
			}
		})
	}
}

func FuzzWhole(f *testing.F) {
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00rgbrgb,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02;;\x00;"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x08\xff\xd8\xff\xd9ab\xff\xda\x00\x02data\xff\xd9"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, mediaType := range []string{"image/jpeg", "image/gif"} {
			if whole(mediaType, file) == nil && whole(mediaType, append(file, "more"...)) != nil {
				t.Errorf("%s: not whole any more with something behind it", mediaType)
			}
		}
	})
}
