package documents

// SetPerFile sets how many articles a sitemap holds.
func (m *Maker) SetPerFile(n int) { m.perFile = n }
