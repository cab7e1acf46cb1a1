package lang_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// language returns a built-in language.
func language(t *testing.T, code string) *lang.Language {
	t.Helper()
	l, ok := lang.For(code)
	if !ok {
		t.Fatalf("no tables for %q", code)
	}
	return l
}

// keyboardNoise is what hands make of an alternative text that a form demands.
// The first six are those of the first user's page.
const keyboardNoise = `fgj hblkb hjl zbg agf asf
	asd asdf asdfg asdfgh asdfghjkl asdasd asdfasdf asdasda sdf sdfg sdfgh sdfsdf sdfsdfsdf dfg dfgh dfgdfg
	dfgdfgdfg fgh fghj fghfgh ghj ghjk ghjghj hjk hjkl hjklhjkl jkl jkljkl lkj lkjh lkjlkj kjh kjhg jhg hgf gfd fds dsa
	fdsa gfds qwe qwer qwert qwerty qwertyuiop qweqwe qweasd wert erty rtyu tyui uiop poiu poiuy uyt ytrewq rewq
	zxc zxcv zxcvb zxcvbnm zxczxc xcv xcvb cvb cvbn vbn vbnm bnm mnb mnbv mnbvcxz
	aaa aaaa ddd ffff jjjj xxx kkkkk qaz qazwsx wsx edc rfv tgb yhn zsd xdf cvx
	dsfg fgfg gdfg dfgd hfgh gfhf jhjh kjkj jkjk hgjh ghgh hgfhg sdfd dsfsd fsdf sfsd gfdgf jghj khjk sdsd klkl
	fjdk fjfj fdjk fjdksl sldkfj skdjf aslkdj ksjdf dkjf lskdj sjdhf jdhfg fhgj ghfj rgtd hyju kuyt bhjk asdlkj
	sdgsdg dfhdfh gdsg hdfh fdhfd erter wqewq dsada sadasd asdsad dasd fgdfgd jhkjh hjkhjk kljkl
	ljklj tytyt rtyrty yuiyui iuyiuy werwer ewrwer vcbvcb nbmnbm xzcxzc`

func TestJunkAltCatchesKeyboardNoise(t *testing.T) {
	for _, code := range lang.Codes() {
		t.Run(code, func(t *testing.T) {
			l := language(t, code)
			words := strings.Fields(keyboardNoise)
			var missed []string
			for i, word := range words {
				reason, junk := lang.JunkAlt(word, lang.JunkOptions{Language: l})
				if junk && reason != lang.JunkNoise && reason != lang.JunkPlaceholder {
					t.Errorf("JunkAlt(%q) = %s, want noise", word, reason)
				}
				if !junk && i < 6 {
					t.Errorf("JunkAlt(%q) passed: it is on the first page", word)
				}
				if !junk {
					missed = append(missed, word)
				}
			}
			caught := 1 - float64(len(missed))/float64(len(words))
			t.Logf("caught %.1f %% of %d; missed %v", 100*caught, len(words), missed)
			if caught < 0.9 {
				t.Errorf("caught %.1f %% of keyboard noise, want 90", 100*caught)
			}
		})
	}
}

func TestJunkAltPassesRealWords(t *testing.T) {
	const words = `namas namai gala euro algas upė ąžuolas katė šuo šuns map cat dog hus bog oak Vytautas Vilnius Kaunas Klaipėda Šiauliai
		Panevėžys Marijampolė Alytus Utena Nida Zarasai Aarhus Orhusas Risskov Randers København Odense Malmö London Oslo Ryga
		LNB VDU USB ISBN UNESCO NASA EU ES KTU LRT Dokk1 DOKK1 pvz psl mln vnt Jonas Ona Eglė Rūta Asta Rasa Jūratė Žygimantas
		Kęstutis Mindaugas Hans Anne Søren Bjørn Åse Lærke John Mary Lucy gėlė rožė tulpė pilis bokštas tiltas gatvė knyga
		knygos skaitykla lentyna vaikai mokykla šventė paroda koncertas ežeras jūra miškas medis laivas traukinys dviratis
		saulė mėnuo žvaigždė lietus sniegas rudenį žiema vasara uoga obuolys duona medus stalas kėdė durys langas sodas
		jazz quiz khaki sphinx tree house street bridge river flower library reading books children school festival concert castle tower rhythm sky
		hund kat træ skov sø å strand barn børn bøger bibliotek læsesal udstilling hav by gade vej bro kirke slot mølle
		gyvenvietė žvyrkelis džiazas chorvedys fjordas hjem fjord vindue smørrebrød æble øl ål`
	for _, code := range lang.Codes() {
		l := language(t, code)
		for word := range strings.FieldsSeq(words) {
			if len([]rune(word)) < 3 && strings.ToLower(word) == word {
				continue // too short for a description, though a word
			}
			if reason, junk := lang.JunkAlt(word, lang.JunkOptions{Language: l}); junk {
				t.Errorf("%s: JunkAlt(%q) = %s (score %.2f), want it to pass", code, word, reason, l.WordScore(word))
			}
		}
	}
}
