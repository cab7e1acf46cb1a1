package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/fault"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

const (
	// defaultDays is how many days an answer covers when no start is given.
	defaultDays = 30
	// maxYears is how long a range may be.
	maxYears = 15
)

// grouping reads the dimensions that are asked for. It fails with INVALID_FIELD.
func grouping(dimensions []sharingv1.ShareStatsDimension) (stats.By, stats.Unit, error) {
	var by stats.By
	unit := stats.UnitNone
	for _, d := range dimensions {
		period := stats.UnitNone
		switch d {
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_DAY:
			period = stats.UnitDay
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_WEEK:
			period = stats.UnitWeek
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_MONTH:
			period = stats.UnitMonth
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_ARTICLE:
			by.Article = true
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_SHARE_LINK:
			by.Link = true
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_SOURCE:
			by.Source = true
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_DEVICE_CLASS:
			by.Device = true
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_REFERRER_CLASS:
			by.Referrer = true
		case sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_MACHINE_REASON:
			by.Reason = true
		default:
			return by, unit, fault.InvalidField("dimensions", "%s cannot be asked for", d)
		}
		if period != stats.UnitNone && unit != stats.UnitNone {
			return by, unit, fault.InvalidField("dimensions", "ask for one of DAY, WEEK and MONTH")
		}
		unit = max(unit, period)
	}
	by.Time = unit != stats.UnitNone
	if by.Reason && (by.Device || by.Referrer) {
		return by, unit, fault.InvalidField("dimensions",
			"MACHINE_REASON is of machines alone, DEVICE_CLASS and REFERRER_CLASS of people; ask for them one by one")
	}
	return by, unit, nil
}

// plan reads the range that is asked for. It fails with INVALID_FIELD and, when
// there is no such site, RESOURCE_NOT_FOUND.
func (s *Server) plan(ctx context.Context, site string, unit stats.Unit, req *sharingv1.QueryShareStatsRequest) (stats.Plan, error) {
	zone, err := s.zone(ctx, site)
	if err != nil {
		return stats.Plan{}, err
	}
	today := stats.DayOf(now(), zone)
	last, err := dayAsked("end_date", req.GetEndDate(), today)
	if err != nil {
		return stats.Plan{}, err
	}
	first, err := dayAsked("start_date", req.GetStartDate(), last-(defaultDays-1))
	if err != nil {
		return stats.Plan{}, err
	}
	switch {
	case first > last:
		return stats.Plan{}, fault.InvalidField("start_date", "%s is after the last day, %s", first, last)
	case last > today:
		return stats.Plan{}, fault.InvalidField("end_date", "%s is yet to come; today is %s: leave it out to count until now", last, today)
	case first < last.AddMonths(-12*maxYears):
		return stats.Plan{}, fault.InvalidField("start_date", "from %s to %s is more than %d years; ask for less at a time", first, last, maxYears)
	}
	return stats.NewPlan(first, last, unit, stats.Kept(today)), nil
}

// dayAsked reads a day of a request.
func dayAsked(field, text string, otherwise stats.Day) (stats.Day, error) {
	if text == "" {
		return otherwise, nil
	}
	day, err := stats.ParseDay(text)
	if err != nil {
		return 0, fault.InvalidField(field, "%s", err)
	}
	return day, nil
}
