package site

import "testing"

func TestHeadElements(t *testing.T) {
	cases := []struct{ name, source, want string }{
		{"nothing", "", ""},
		{
			"what belongs there",
			`<meta property="og:title" content="A &amp; B"><link rel="canonical" href="https://a.example/x?b=1&amp;c=2">`,
			"<meta property=\"og:title\" content=\"A &amp; B\"/>\n<link rel=\"canonical\" href=\"https://a.example/x?b=1&amp;c=2\"/>\n",
		},
		{
			"data", `<script type="application/ld+json">{"a":"<\/script>"}</script>`,
			"<script type=\"application/ld+json\">{\"a\":\"\\u003c/script\\u003e\"}</script>\n",
		},
		{
			"data after text and a picture", `x<img src=x><script type="application/ld+json">{"a":1}</script>`,
			"<script type=\"application/ld+json\">{\"a\":1}</script>\n",
		},
		{"a script", `<script>alert(1)</script><script type="module">1</script>`, ""},
		{"a refresh", `<meta http-equiv="refresh" content="0">`, ""},
		{"a style sheet", `<link rel="stylesheet" href="/x.css">`, ""},
		{"an address that is a script", `<link rel="canonical" href="javascript:1">`, ""},
		{"more attributes", `<meta name="a" content="b" onclick="c">`, "<meta name=\"a\" content=\"b\"/>\n"},
		{"a title and a base", `<title>x</title><base href="/">`, ""},
		{"elements inside others", `<div><meta name="a" content="b"></div>`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := string(headElements(c.source)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
