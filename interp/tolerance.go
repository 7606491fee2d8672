package interp

// Tolerance is how many items of a distributed Map may fail; nil fields were not
// given.
type Tolerance struct {
	Count      *int64
	Percentage *float64
}

// Exceeded reports whether failed items are more than a limit that was given
// allows; all is how many items there are, 0 where that is not known yet.
func (o Tolerance) Exceeded(failed, all int) bool {
	return o.Count != nil && int64(failed) > *o.Count ||
		o.Percentage != nil && all > 0 && float64(failed)*100 > *o.Percentage*float64(all)
}

// ToleranceExceeded is the failure of a Map whose tolerance is exceeded.
func ToleranceExceeded() *Failure {
	return Fail("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")
}

// Tolerance is what the Map that frame id is in says it tolerates, as far as its
// fields can be evaluated. An inline one evaluates them and takes no notice.
func (x Execution) Tolerance(id FrameID) Tolerance {
	t := x.begin(x.c.now)
	f := t.own(id)
	if f == nil || f.node.ItemProcessor == nil {
		return Tolerance{}
	}
	o, _ := t.tolerance(f)
	return o
}

// tolerance evaluates what a Map says it tolerates; false when f has failed over
// it.
func (t *turn) tolerance(f *frame) (o Tolerance, ok bool) {
	if n := f.node.ToleratedFailureCount; n != nil {
		count, bad := t.integer(f, "ToleratedFailureCountPath", n)
		if !bad && count < 0 {
			t.failRuntime(f, "ToleratedFailureCount cannot be negative.")
			bad = true
		}
		if bad {
			return o, false
		}
		o.Count = &count
	}
	if n := f.node.ToleratedFailurePercentage; n != nil {
		share, bad := t.percentage(f, n)
		if bad {
			return o, false
		}
		o.Percentage = &share
	}
	return o, true
}
