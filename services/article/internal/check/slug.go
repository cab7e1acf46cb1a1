package check

// slugRules are about the address of the article.
func slugRules() []rule {
	return []rule{{id: "slug-taken-over", severity: warning, find: slugTakenOver}}
}

// slugTakenOver warns of an address that another article once publicly had. It
// is said until the article is published: then the address has changed hands.
func slugTakenOver(v *view, add func(hit)) {
	if v.SlugFormer != "" {
		slug := v.Content.GetSlug()
		add(hit{block: atTitle, field: "slug", excerpt: slug, pairs: []string{"slug", slug, "article", v.SlugFormer}})
	}
}
