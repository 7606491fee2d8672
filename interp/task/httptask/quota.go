package httptask

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// AWS throttles the HTTP tasks of an account and Region with a token bucket
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-http-task).
const (
	bucketSize = 300 // HTTP tasks that may start at once
	refillRate = 300 // and how many more each second
)

// quota is that bucket. What becomes of a task that finds it empty AWS does not
// say: here it waits, and its TimeoutSeconds go on. The zero quota is full; it
// may be used by many goroutines.
type quota struct {
	once    sync.Once
	limiter *rate.Limiter
}

// take takes a token, and says how long it took until there was one.
func (q *quota) take(ctx context.Context) (waited time.Duration, err error) {
	q.once.Do(func() { q.limiter = rate.NewLimiter(refillRate, bucketSize) })
	began := time.Now()
	r := q.limiter.ReserveN(began, 1)
	waited = r.DelayFrom(began)
	if waited == 0 {
		return 0, nil
	}
	timer := time.NewTimer(waited)
	defer timer.Stop()
	select {
	case <-timer.C:
		return waited, nil
	case <-ctx.Done():
		r.Cancel()
		return time.Since(began), ctx.Err()
	}
}
