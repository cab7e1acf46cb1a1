package manuscript

import articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"

// gather makes blocks of pictures: one picture is a figure, several in one
// paragraph or list are a gallery. A heading followed by nothing but pictures,
// up to the next heading or the end, is the title of one gallery of them all.
func gather(parts []part) []part {
	var out []part
	for i := 0; i < len(parts); i++ {
		if parts[i].block.GetHeading() != nil && !parts[i].title {
			if pictures, next := section(parts, i+1); len(pictures) > 0 {
				out = append(out, gallery(plain(parts[i].block.GetHeading().GetText()), pictures))
				i = next - 1
				continue
			}
		}
		switch pictures := parts[i].pictures; len(pictures) {
		case 0:
			out = append(out, parts[i])
		case 1:
			out = append(out, figure(pictures[0]))
		default:
			out = append(out, gallery("", pictures))
		}
	}
	return out
}

// section returns the pictures from a part on if there is nothing else before
// the next heading, and the index of what follows them.
func section(parts []part, from int) (pictures []*articlev1.PhotoPlacement, next int) {
	for next = from; next < len(parts); next++ {
		p := parts[next]
		if p.block.GetHeading() != nil {
			break
		}
		if len(p.pictures) == 0 {
			return nil, from
		}
		pictures = append(pictures, p.pictures...)
	}
	return pictures, next
}

func figure(p *articlev1.PhotoPlacement) part {
	return part{
		pictures: []*articlev1.PhotoPlacement{p},
		block:    &articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: p}}},
	}
}

func gallery(title string, pictures []*articlev1.PhotoPlacement) part {
	return part{
		pictures: pictures,
		block:    &articlev1.Block{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Title: title, Placements: pictures}}},
	}
}
