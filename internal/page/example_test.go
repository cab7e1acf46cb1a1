package page_test

import (
	"crypto/rand"
	"fmt"

	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// A list hands out where it stopped, and takes it back for the same query only.
func Example() {
	key := make([]byte, page.KeySize)
	rand.Read(key)
	sealer, err := page.NewSealer(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	list := func(req *articlev1.ListArticlesRequest) (next string, err error) {
		binding := page.Binding{
			Purpose: page.Page, Class: "anonymous", Site: req.GetParent(),
			Method: articlev1.ArticleService_ListArticles_FullMethodName, Query: page.Query(req),
		}
		if req.GetPageToken() != "" {
			after, err := sealer.Open(binding, req.GetPageToken())
			if err != nil {
				return "", err
			}
			fmt.Printf("after %s\n", after)
		}
		return sealer.Seal(binding, []byte("article 20")), nil
	}
	next, err := list(&articlev1.ListArticlesRequest{Parent: "sites/biblioteka"})
	fmt.Println(next != "", err)
	_, err = list(&articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 5, PageToken: next})
	fmt.Println(err)
	_, err = list(&articlev1.ListArticlesRequest{Parent: "sites/kita", PageToken: next})
	fmt.Println(err)
	// Output:
	// true <nil>
	// after article 20
	// <nil>
	// page_token: this token was not given for this query; list without it to start again
}
