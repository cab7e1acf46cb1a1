package check

// slug warns of an address that another article once publicly had. It is said
// until the article is published: then the address has changed hands.
func (r *report) slug() {
	if r.manuscript.SlugFormer != "" {
		slug := r.manuscript.Content.GetSlug()
		r.add(slugTakenOver, "", "slug", slug, "slug", slug, "article", r.manuscript.SlugFormer)
	}
}
