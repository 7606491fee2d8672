package sessions

import (
	"fmt"

	"asldbg/interp"
)

// fateText is such as "Charge tries again in 2 s (retry 1)" or "Fanout catches
// it and goes to Refund".
func fateText(f interp.Fate) string {
	switch {
	case f.Retrier >= 0:
		return fmt.Sprintf("%s tries again in %s (retry %d)", f.State.Name, seconds(f.Delay), f.Attempt)
	case f.Catcher >= 0:
		return fmt.Sprintf("%s catches it and goes to %s", f.State.Name, f.Next().Name)
	case f.Child:
		return "only this child execution fails"
	}
	return "nothing catches it"
}

// failed is a frame that has just failed, nil if there is none.
func failed(x interp.Execution) *interp.Frame {
	for _, f := range x.Frames() {
		if f.Failure != nil && f.Run == interp.Ready {
			return &f
		}
	}
	return nil
}
