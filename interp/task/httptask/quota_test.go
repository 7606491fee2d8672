package httptask

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"asldbg/interp/task"
)

// TestRowsQuota: section 9's row "Quota: token bucket 300, refill 300/s".
func TestRowsQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q quota
		take := func(n int) (last time.Duration) {
			var mu sync.Mutex
			var all sync.WaitGroup
			began := time.Now()
			for range n {
				all.Go(func() {
					waited, err := q.take(t.Context())
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					last = max(last, waited)
				})
			}
			all.Wait()
			if passed := time.Since(began); passed != last {
				t.Errorf("%d tasks: %v passed, the last says it waited %v", n, passed, last)
			}
			return last
		}
		for _, step := range []struct {
			row  string
			rest time.Duration // before it
			n    int
			want time.Duration
		}{
			{"300 start at once", 0, 300, 0},
			{"the next when a token is there", 0, 1, time.Second / 300},
			{"300 a second", 0, 300, time.Second},
			{"half of it in half a second", 500 * time.Millisecond, 300, 500 * time.Millisecond},
			{"it never holds more than 300", time.Hour, 301, time.Second / 300},
		} {
			time.Sleep(step.rest)
			if got := take(step.n); (got - step.want).Abs() > time.Microsecond {
				t.Errorf("%s: the last of %d waited %v, want %v", step.row, step.n, got, step.want)
			}
		}
	})
}

// TestRowsQuotaGivenUp: a task that is stopped while it waits takes no token.
func TestRowsQuotaGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q quota
		for range 300 {
			q.take(t.Context())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if waited, err := q.take(ctx); !errors.Is(err, context.DeadlineExceeded) || waited != time.Millisecond {
			t.Errorf("%v %v", waited, err)
		}
		time.Sleep(time.Second/300 - time.Millisecond)
		if waited, err := q.take(t.Context()); err != nil || waited != 0 {
			t.Errorf("the next: %v %v", waited, err)
		}
	})
}

// TestSendThrottled: what had to wait says so; without quotas nothing has to.
func TestSendThrottled(t *testing.T) {
	came, url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	for _, noQuotas := range []bool{false, true} {
		h := &Handler{Transport: &task.Transport{}, Connections: connections(t, basic), NoQuotas: noQuotas}
		d := prepare(t, h, params(""))
		d.Endpoint = url
		s := seal(t, d)
		h.quota.once.Do(func() { h.quota.limiter = rate.NewLimiter(rate.Every(100*time.Millisecond), 1) })
		h.quota.limiter.Reserve() // the next has to wait
		o, x := h.Send(t.Context(), s)
		if o.Failure != nil || (x.Timing.Throttled > 0) == noQuotas || x.Response == nil {
			t.Errorf("noQuotas %v: %s, throttled %v", noQuotas, described(o), x.Timing.Throttled)
		}
		if noQuotas {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		h.quota.limiter.Reserve()
		before := len(came.came)
		if o, x = h.Send(ctx, s); o.Failure == nil || x.Response != nil || len(came.came) != before {
			t.Errorf("given up: %s %+v", described(o), x)
		}
	}
}
