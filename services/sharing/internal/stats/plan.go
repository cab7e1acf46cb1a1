package stats

// Step is a period of which there is one figure of each kind, and the stored
// periods that it is made of.
type Step struct {
	Period
	// Stored are days, months or years.
	Stored []Period
}

// Plan is the figures that a range of days is made of, in order.
type Plan struct {
	Steps []Step
	// First and Last are the days that are counted in, which may be more than
	// those asked for.
	First, Last Day
}

// KeepMonths is how many months before the present one are kept by day, the
// rest by month for ever.
const KeepMonths = 25

// Kept returns the first day that is kept as a day.
func Kept(today Day) Day { return today.AddMonths(-KeepMonths) }

// NewPlan returns the figures for the days from first to last, both included,
// by day, week or month; with UnitNone those of which there are fewest. A week
// or month that is partly asked for is counted as a whole; with UnitNone a
// single day and whole weeks are counted as they are, and everything else as
// whole months. What is no longer kept by day, which is before kept, is told by
// month; kept is the first day of a month.
func NewPlan(first, last Day, unit Unit, kept Day) Plan {
	plan := Plan{First: first, Last: last}
	if unit == UnitNone {
		unit = coarsest(first, last, kept)
	}
	d := first
	if unit == UnitDay || unit == UnitWeek {
		for d <= last && d < kept {
			d = plan.add(d.In(UnitMonth), kept)
		}
	}
	for d <= last {
		p := d.In(unit)
		if unit == UnitYear && (p.First < first || p.Next() > last+1) {
			p = d.In(UnitMonth)
		}
		d = plan.add(p, kept)
	}
	if n := len(plan.Steps); n > 0 {
		plan.First = plan.Steps[0].First
		plan.Last = plan.Steps[n-1].Next() - 1
	}
	return plan
}

// coarsest returns the unit in which a range is counted when none is asked for.
func coarsest(first, last, kept Day) Unit {
	switch {
	case first < kept:
		return UnitYear
	case first == last:
		return UnitDay
	case first.In(UnitWeek).First == first && last.In(UnitWeek).Next() == last+1:
		return UnitWeek
	}
	return UnitYear
}

// add adds a step and returns the day after it.
func (p *Plan) add(period Period, kept Day) Day {
	p.Steps = append(p.Steps, Step{Period: period, Stored: period.stored(kept)})
	return period.Next()
}

// stored returns the stored periods that make up p: itself, or the days of a
// week that are kept.
func (p Period) stored(kept Day) []Period {
	if p.Unit != UnitWeek {
		return []Period{p}
	}
	var days []Period
	for d := max(p.First, kept); d < p.Next(); d++ {
		days = append(days, Period{UnitDay, d})
	}
	return days
}
