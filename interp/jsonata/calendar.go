package jsonata

import (
	"math"
	"time"
)

// maxMillis is how far from 1970 JavaScript's dates reach.
const maxMillis = 8.64e15

func validMillis(f float64) bool { return math.Abs(f) <= maxMillis }

const millisOfDay = 24 * 60 * 60 * 1000

// utcMillis is JavaScript's Date.UTC: months count from 0, what is too much goes
// over into the next, years from 0 to 99 are of the twentieth century.
func utcMillis(year, month, day, hour, minute, second, milli float64) float64 {
	for _, f := range [...]float64{year, month, day, hour, minute, second, milli} {
		if f != f || math.Abs(f) > maxMillis {
			return math.NaN()
		}
	}
	year, month = math.Trunc(year), math.Trunc(month)
	if year >= 0 && year <= 99 {
		year += 1900
	}
	if math.Abs(year) > 1e6 || math.Abs(month) > 1e6 {
		return math.NaN()
	}
	first := float64(time.Date(int(year), time.Month(int(month)+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	ms := first + (math.Trunc(day)-1)*millisOfDay + math.Trunc(hour)*3600_000 + math.Trunc(minute)*60_000 +
		math.Trunc(second)*1000 + math.Trunc(milli)
	if !validMillis(ms) {
		return math.NaN()
	}
	return ms
}

// dateComponent is a component of a date by its letter in pictures.
func dateComponent(millis int64, component byte) float64 {
	t := time.UnixMilli(millis).UTC()
	switch component {
	case 'Y':
		return float64(t.Year())
	case 'M':
		return float64(t.Month())
	case 'D':
		return float64(t.Day())
	case 'd':
		return float64(t.YearDay())
	case 'F':
		return float64((t.Weekday()+6)%7 + 1)
	case 'H':
		return float64(t.Hour())
	case 'h':
		return float64((t.Hour()+11)%12 + 1)
	case 'm':
		return float64(t.Minute())
	case 's':
		return float64(t.Second())
	case 'f':
		return float64(t.Nanosecond() / 1e6)
	case 'W':
		_, week := t.ISOWeek()
		return float64(week)
	case 'X':
		year, _ := t.ISOWeek()
		return float64(year)
	case 'w':
		_, week := monthWeek(t)
		return float64(week)
	case 'x':
		month, _ := monthWeek(t)
		return float64(month)
	}
	return 0
}

// monthWeek is the week of the month and the month it counts for: like ISO weeks
// of a year, the first week is the one with the first Thursday.
func monthWeek(t time.Time) (month, week int) {
	thursday := t.AddDate(0, 0, 3-int(t.Weekday()+6)%7)
	return int(thursday.Month()), (thursday.Day()-1)/7 + 1
}
