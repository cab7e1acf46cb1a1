package cards_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestCardOfArticle(t *testing.T) {
	r := newRig(t)
	r.photo("langas", nil)
	r.run()
	r.publish("naujiena", "Nauja skaitykla", "langas")
	drawn := r.await("naujiena", "")
	data := r.object("naujiena", drawn.GetGeneration())
	picture, err := jpeg.Decode(bytes.NewReader(data))
	must(t, err)
	if size := picture.Bounds().Size(); size != image.Pt(1200, 630) || len(data) >= 300_000 || int64(len(data)) != drawn.GetSizeBytes() {
		t.Errorf("card of %v and %d bytes, the record says %d", size, len(data), drawn.GetSizeBytes())
	}
	if drawn.GetAlt() != "Nauja skaitykla" || len(drawn.GetPhotos()) != 1 || drawn.GetPhotos()[0] != photoName("langas") {
		t.Errorf("drawn = %v", drawn)
	}
	// The cover is red; the upper right corner has no text and no scrim.
	if red, _, blue, _ := picture.At(1150, 40).RGBA(); red < 3*blue {
		t.Errorf("the cover is not on the card: %v", picture.At(1150, 40))
	}
}

func TestCardFollows(t *testing.T) {
	r := newRig(t)
	r.photo("langas", nil)
	r.run()
	r.publish("naujiena", "Pirma", "langas")
	first := r.await("naujiena", "")

	r.publish("naujiena", "Antra", "langas")
	second := r.await("naujiena", first.GetGeneration())
	if second.GetAlt() != "Antra" {
		t.Errorf("alt = %q", second.GetAlt())
	}
	r.site.Store(&articlev1.Site{Name: site, Title: "Biblioteka", Color: "#7a1f3d"})
	third := r.await("naujiena", second.GetGeneration())

	r.withdraw("langas")
	fourth := r.await("naujiena", third.GetGeneration())
	if len(fourth.GetPhotos()) != 0 {
		t.Errorf("a withdrawn photo is on the card: %v", fourth)
	}
	r.restore("langas")
	if again := r.await("naujiena", fourth.GetGeneration()); again.GetGeneration() != third.GetGeneration() {
		t.Errorf("the same card has the generation %s, before %s", again.GetGeneration(), third.GetGeneration())
	}

	r.unpublish("naujiena")
	r.awaitGone("naujiena")
}

func TestFocalPoint(t *testing.T) {
	r := newRig(t)
	r.photo("vidurys", nil)
	r.photo("krastas", &mediav1.Photo_FocalPoint{X: 0.9, Y: 0.1})
	r.run()
	r.publish("viena", "Ta pati", "vidurys")
	r.publish("kita", "Ta pati", "krastas")
	if a, b := r.await("viena", ""), r.await("kita", ""); a.GetGeneration() == b.GetGeneration() {
		t.Error("another focal point gives the same card")
	}
}

// TestRestart reads the feed from its beginning in a second keeper over the
// same store: what has not changed is not drawn again, what nobody told of is.
func TestRestart(t *testing.T) {
	r := newRig(t)
	r.photo("langas", nil)
	stop := r.run()
	r.publish("liko", "Liko", "")
	r.publish("dingo", "Dingo", "")
	r.publish("kito", "Kito", "langas")
	stayed, gone, changed := r.await("liko", ""), r.await("dingo", ""), r.await("kito", "")
	stop()
	// An object that is drawn again is there again.
	for article, generation := range map[string]string{"liko": stayed.GetGeneration(), "dingo": gone.GetGeneration()} {
		must(t, r.objects.Remove(t.Context(), blobs.Card(articleName(article), generation)))
	}
	r.withdraw("langas")
	must(t, r.store.SetCardToken(t.Context(), ""))

	r.run()
	r.snapshot(article("liko", "Liko", ""), article("kito", "Kito", "langas"))
	r.await("kito", changed.GetGeneration())
	r.awaitGone("dingo")
	r.publish("nauja", "Nauja", "")
	r.await("nauja", "")
	if _, err := r.objects.Stat(t.Context(), blobs.Card(articleName("liko"), stayed.GetGeneration())); err == nil {
		t.Error("an unchanged card was drawn again")
	}
}

// TestObjectStoreAway publishes while the object store is away; the next
// keeper, which can reach it, draws the card.
func TestObjectStoreAway(t *testing.T) {
	r := newRig(t)
	there := r.objects
	away, err := blobs.Open(blobs.Config{Endpoint: "127.0.0.1:1", AccessKey: "a", SecretKey: "b", Bucket: "cards"})
	must(t, err)
	r.objects = away
	stop := r.run()
	r.publish("naujiena", "Nauja skaitykla", "")
	r.awaitQueued("naujiena")
	stop()
	r.objects = there
	r.run()
	r.await("naujiena", "")
}

// TestLostObject draws a card again whose object is gone.
func TestLostObject(t *testing.T) {
	r := newRig(t)
	r.run()
	r.publish("naujiena", "Nauja skaitykla", "")
	drawn := r.await("naujiena", "")
	must(t, r.objects.Remove(t.Context(), blobs.Card(articleName("naujiena"), drawn.GetGeneration())))
	must(t, r.store.LoseCard(t.Context(), articleName("naujiena")))
	r.keeper.Wake()
	r.await("naujiena", "")
	r.object("naujiena", drawn.GetGeneration())
}

// TestCheck compares objects with their records.
func TestCheck(t *testing.T) {
	r := newRig(t)
	r.run()
	r.publish("naujiena", "Nauja skaitykla", "")
	key := blobs.Card(articleName("naujiena"), r.await("naujiena", "").GetGeneration())
	check := func(article string, wantKey blobs.Key, want cards.Finding) {
		t.Helper()
		got, finding, err := r.keeper.Check(t.Context(), articleName(article))
		if got != wantKey || finding != want || err != nil {
			t.Errorf("Check = %q, %v, %v; want %q, %v", got, finding, err, wantKey, want)
		}
	}
	check("naujiena", key, cards.Sound)
	check("nera", "", cards.Sound)
	must(t, r.objects.Put(t.Context(), key, bytes.NewReader([]byte("other")), 5, "image/jpeg"))
	check("naujiena", key, cards.Damaged)
	must(t, r.objects.Remove(t.Context(), key))
	check("naujiena", key, cards.Missing)
}

// TestDamagedCover draws the card without a cover that is no JPEG.
func TestDamagedCover(t *testing.T) {
	r := newRig(t)
	r.photo("langas", nil)
	key := blobs.Rendition(r.sha("langas"), "r1", "1200.jpg")
	must(t, r.objects.Put(t.Context(), key, bytes.NewReader([]byte("nonsense")), 8, "image/jpeg"))
	r.run()
	r.publish("naujiena", "Nauja skaitykla", "langas")
	r.object("naujiena", r.await("naujiena", "").GetGeneration())
}

func TestLogo(t *testing.T) {
	r := newRig(t)
	r.photo("herbas", nil)
	r.site.Store(&articlev1.Site{
		Name: site, Title: "Biblioteka", BaseUri: "https://biblioteka.lt",
		Publisher: &articlev1.Publisher{LogoUri: "https://biblioteka.lt/media/biblioteka/herbas/r1/1200.jpg"},
	})
	r.run()
	r.publish("naujiena", "Nauja skaitykla", "")
	with := r.await("naujiena", "")
	if len(with.GetPhotos()) != 1 {
		t.Errorf("the logo is not on the card: %v", with)
	}
	r.site.Store(&articlev1.Site{
		Name: site, Title: "Biblioteka", BaseUri: "https://biblioteka.lt",
		Publisher: &articlev1.Publisher{LogoUri: "https://elsewhere.lt/media/biblioteka/herbas/r1/1200.jpg"},
	})
	if without := r.await("naujiena", with.GetGeneration()); len(without.GetPhotos()) != 0 {
		t.Errorf("a logo from elsewhere is on the card: %v", without)
	}
}

func TestForget(t *testing.T) {
	r := newRig(t)
	if _, err := r.store.Card(t.Context(), articleName("naujiena")); !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		t.Errorf("error = %v, want RESOURCE_NOT_FOUND", err)
	}
}

// reds is a red picture of 1200 x 630.
func reds(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1200, 630))
	for i := 0; i < len(picture.Pix); i += 4 {
		picture.Pix[i], picture.Pix[i+3] = 200, 255
	}
	picture.Set(0, 0, color.White)
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, picture, nil))
	return file.Bytes()
}

func named(id string) photo.Name { return photo.Name{Site: "biblioteka", ID: id} }

const deadline = 30 * time.Second
