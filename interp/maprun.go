package interp

import (
	"fmt"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// mapRun is a Map Run: what a distributed Map at work has besides its group.
// Items are asked for as children need them, and of children that have ended
// only what the Map's result needs is kept.
type mapRun struct {
	arn, id    string // id is the ARN's last part
	machineARN string // of the child executions
	express    bool

	// Items come from the state's data, or by and by from a reader.
	reads   bool
	params  jsonval.Value   // of the reader
	limit   int             // how many items there can be
	arrived int             // how many are known; of the state's data all are
	last    bool            // there are no more than arrived
	buffer  []jsonval.Value // read and not started
	begun   int             // items that were started or are in batch
	asked   EffectID        // the Read that is not answered, 0 for none

	batcher    bool
	batchItems int // the most items of a batch
	batchBytes int // the most bytes of a child's input
	batchInput jsonval.Value
	batch      []jsonval.Value
	batchSize  int           // bytes of the batch's items, commas included
	held       jsonval.Value // an item that is not in batch yet

	failed    int // items of children that failed
	tolerance Tolerance

	results results // where nothing is written
	kept    int     // bytes of them

	over   bool // nothing is started any more
	why    *Failure
	writer *resultWriter // nil: results are not written
}

// How many children a Map Run starts at once: what AWS allows, and what is
// enough where the Map does not say. AWS takes its time to get to its limit.
const (
	mapRunConcurrencyQuota = 10000
	mapRunConcurrency      = 1000
)

// How many items a Read asks for.
const readAtOnce = 500

// startMapRun makes a distributed Map ready to start its children. The order is
// AWS's: a bad MaxConcurrencyPath comes before MapStateStarted, bad tolerances
// after it, what reading says after MapRunStarted (recordings:
// test_max_concurrency_path, tolerated_failure, item_reader_csv).
func (t *turn) startMapRun(f *frame, limit int64) {
	n := f.node
	run := &mapRun{express: n.ItemProcessor.ExecutionType == "EXPRESS", reads: n.ItemReader != nil, limit: asl.MaxItems}
	if !run.reads {
		run.arrived, run.last = f.data[ItemsPath].Len(), true
	}
	t.emit(Event{Kind: MapStateStarted, Frame: f.id, State: n.State, Index: int32(run.arrived), Value: jsonval.OfInt(limit)})
	maxItems, ok := t.runSettings(f, run)
	if !ok {
		return
	}
	if t.instead != nil {
		t.worked(f)
		return
	}
	width := int(min(limit, mapRunConcurrencyQuota))
	if width <= 0 {
		width = mapRunConcurrency
	}
	f.group = &group{turn: t.turn, width: width, run: run}
	label := n.Label
	if label == "" {
		label = defaultLabel(n.Name)
	}
	run.id = t.random.uuid()
	run.machineARN = t.inside(f).StateMachineARN + "/" + label
	run.arn = replaceResource(run.machineARN, "mapRun") + ":" + run.id
	t.emit(Event{Kind: MapRunStarted, Frame: f.id, State: n.State, Value: jsonval.OfString(run.arn)})
	if maxItems < 0 {
		t.endMapRun(f, Fail("States.ItemReaderFailed", "field MaxItems must be positive"))
		return
	}
	if maxItems > 0 {
		run.limit = int(min(maxItems, asl.MaxItems))
	}
	run.startWriter()
	t.mapRunMoved(f)
}

// defaultLabel is the state's name as far as a Label can have it.
func defaultLabel(name string) string {
	label := []rune(strings.Map(func(r rune) rune {
		if asl.NotInLabel(r) || r == '/' {
			return -1
		}
		return r
	}, name))
	return string(label[:min(len(label), 40)])
}

// runSettings evaluates the fields that a Map Run starts with; false when f has
// failed over one.
func (t *turn) runSettings(f *frame, run *mapRun) (maxItems int64, ok bool) {
	n := f.node
	bad := false
	number := func(field string, from *asl.NumberField) (v int64) {
		if from != nil && !bad {
			v, bad = t.integer(f, field, from)
		}
		return v
	}
	template := func(of *payload.Template) jsonval.Value {
		if of == nil || bad {
			return jsonval.EmptyObject
		}
		v, err := of.Eval(t.env(f, f.effectiveInput()))
		if err != nil {
			t.failField(f, Work, err)
			bad = true
		}
		return v
	}
	if run.tolerance, ok = t.tolerance(f); !ok {
		return 0, false
	}
	if r := n.ItemReader; r != nil {
		maxItems = number("MaxItemsPath", r.MaxItems)
		run.params = template(r.Parameters)
	}
	run.batchBytes = payloadQuota
	if b := n.ItemBatcher; b != nil {
		run.batcher = true
		run.batchItems = int(number("MaxItemsPerBatchPath", b.MaxItemsPerBatch))
		most := number("MaxInputBytesPerBatchPath", b.MaxInputBytesPerBatch)
		if most > 0 {
			run.batchBytes = int(min(most, payloadQuota))
		}
		if b.BatchInput != nil {
			run.batchInput = template(b.BatchInput)
		}
		if field := "MaxItemsPerBatch"; run.batchItems < 0 || most < 0 {
			if most < 0 {
				field = "MaxInputBytesPerBatch"
			}
			t.failRuntime(f, field+" must be positive.")
			return 0, false
		}
	}
	if w := n.ResultWriter; w != nil {
		run.writer = &resultWriter{to: w, params: template(w.Parameters)}
	}
	return maxItems, !bad
}

// mapRunMoved looks what a Map Run can do after something changed.
func (t *turn) mapRunMoved(f *frame) {
	g := t.ownGroup(f)
	run := g.run
	switch {
	case run.over:
		t.writeNext(f)
		return
	case run.exceeded():
		t.endMapRun(f, ToleranceExceeded())
		return
	case g.open == 0 && run.exhausted():
		t.endMapRun(f, nil)
		return
	}
	t.writeSome(f)
	f.run = Waiting
	switch {
	case g.open >= g.width || run.writer.behind():
	case run.begun < run.arrived || run.last && !run.exhausted():
		f.run = Ready // it can start another child
	case !run.last && run.asked == 0:
		run.asked = t.newEffect()
		t.ask(f.id, Read{
			Effect: run.asked, Frame: f.id, State: f.node.State, Parameters: run.params,
			From: run.arrived, Max: min(readAtOnce, run.limit-run.arrived),
		})
	}
}

// exhausted reports whether every item has been started.
func (r *mapRun) exhausted() bool {
	return r.last && r.begun == r.arrived && len(r.batch) == 0 && !r.held.Exists()
}

// exceeded reports whether more items have failed than are tolerated. A share
// is of all items, so it counts once they are known. Without limits nothing is
// tolerated.
func (r *mapRun) exceeded() bool {
	if r.tolerance == (Tolerance{}) {
		return r.failed > 0
	}
	all := 0
	if r.last {
		all = r.arrived
	}
	return r.tolerance.Exceeded(r.failed, all)
}

// tookItems takes items from a reader.
func (t *turn) tookItems(f *frame, in Items) error {
	run := t.ownGroup(f).run
	room := min(readAtOnce, run.limit-run.arrived)
	switch {
	case len(in.Items) > room:
		return fmt.Errorf("%d items were asked for, not %d", room, len(in.Items))
	case len(in.Items) == 0 && !in.Last:
		return fmt.Errorf("without items it must be said that they were the last")
	}
	t.answered(in.Effect)
	run.asked = 0
	run.buffer = append(run.buffer[:len(run.buffer):len(run.buffer)], in.Items...)
	run.arrived += len(in.Items)
	run.last = in.Last || run.arrived == run.limit
	t.emit(Event{Kind: ItemsRead, Frame: f.id, State: f.node.State, Index: int32(len(in.Items))})
	t.mapRunMoved(f)
	return nil
}

// nextItem takes the next item out, selected as the Map says; false when f has
// failed over it.
func (t *turn) nextItem(f *frame) (v jsonval.Value, ok bool) {
	run := f.group.run
	item := &mapItem{index: run.begun}
	if run.reads {
		item.value, item.source = run.buffer[0], run.sourceName(f.node.ItemReader)
		run.buffer = run.buffer[1:]
	} else {
		item.source = "STATE_DATA"
		item.take(f.data[ItemsPath])
	}
	run.begun++
	sel := f.node.ItemSelector
	if sel == nil {
		return item.input(), true
	}
	v, err := sel.Eval(t.envOf(f, f.effectiveInput(), item))
	if err != nil {
		t.abortBelow(f)
		t.failField(f, Work, err)
		return v, false
	}
	return v, true
}

// take fills in the item of items, an array or an object, that has i's index.
func (i *mapItem) take(items jsonval.Value) {
	if items.Is(jsonval.Array) {
		i.value = items.At(i.index)
		return
	}
	m := items.MemberAt(i.index)
	i.key, i.value = &m.Key, m.Value
}

// input is what a child starts with where no ItemSelector says otherwise: of an
// object's member its key and value
// (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html).
func (i *mapItem) input() jsonval.Value {
	if i.key == nil {
		return i.value
	}
	return jsonval.ObjectOf(jsonval.Member{Key: "Key", Value: jsonval.OfString(*i.key)}, jsonval.Member{Key: "Value", Value: i.value})
}

// sourceName is the context object's Map.Item.Source of a reader.
func (r *mapRun) sourceName(reader *asl.ItemReader) string {
	name := "S3://" + r.params.Get("Bucket").Text()
	if key := r.params.Get("Key").Text(); key != "" && !reader.Lists() {
		name += "/" + key
	}
	return name
}

// nextChild starts the next child execution, or, in a batch, gets as far as the
// items that have been read allow.
func (t *turn) nextChild(f *frame) {
	g := t.ownGroup(f)
	run := g.run
	if !run.batcher {
		input, ok := t.nextItem(f)
		if ok {
			t.startChild(f, input, 1)
		}
		return
	}
	full := false
	if run.held.Exists() {
		run.hold()
	}
	for !full && run.begun < run.arrived {
		v, ok := t.nextItem(f)
		if !ok {
			return
		}
		run.held = v
		if full = len(run.batch) > 0 && run.batchSize+v.Size()+1+run.overhead() > run.batchBytes; !full {
			run.hold()
			full = len(run.batch) == run.batchItems
		}
	}
	if !full && !run.last {
		t.mapRunMoved(f) // the batch waits for more
		return
	}
	members := make([]jsonval.Member, 0, 2)
	if run.batchInput.Exists() {
		members = append(members, jsonval.Member{Key: "BatchInput", Value: run.batchInput})
	}
	items := run.batch
	run.batch, run.batchSize = nil, 0
	t.startChild(f, jsonval.OfMembers(append(members, jsonval.Member{Key: "Items", Value: jsonval.OfItems(items)})), len(items))
}

// hold puts the held item into the batch.
func (r *mapRun) hold() {
	n := len(r.batch)
	r.batch, r.batchSize, r.held = append(r.batch[:n:n], r.held), r.batchSize+r.held.Size()+1, jsonval.Value{}
}

// overhead is how many bytes a batch has besides its items and their commas.
func (r *mapRun) overhead() int {
	n := len(`{"Items":[]}`) - 1
	if r.batchInput.Exists() {
		n += len(`"BatchInput":,`) + r.batchInput.Size()
	}
	return n
}

// startChild opens a child for so many items.
func (t *turn) startChild(f *frame, input jsonval.Value, items int) {
	g := f.group
	if t.tooBig(input) {
		t.endMapRun(f, sizeFailure(f.node.Name))
		return
	}
	g.next++
	g.open++
	t.openChild(f, g.next-1, items, input)
	t.mapRunMoved(f)
}

// childEnded takes the outcome of a child execution into its Map.
func (t *turn) childEnded(f, root *frame, s Status, output jsonval.Value, why *Failure) {
	g := t.ownGroup(f)
	run := g.run
	g.open--
	g.done++
	if s != Succeeded {
		run.failed += root.items
	}
	switch {
	case run.writer != nil && run.writer.writes():
		run.writer = run.writer.with(root, s, t.now, output, why)
	case s == Succeeded && (run.kept <= payloadQuota || t.start.NoQuotas):
		// Beyond the quota the Map will fail: there is nothing to keep.
		run.kept += output.Size() + 1
		run.results.set(t.turn, root.branch, output)
	}
	t.mapRunMoved(f)
}

// endMapRun ends a Map Run: nil why means success. What is under way is
// stopped; what is left to write is written first.
func (t *turn) endMapRun(f *frame, why *Failure) {
	run := t.ownGroup(f).run
	for _, child := range t.childrenOf(f) {
		if run.writer != nil && run.writer.writes() {
			run.writer = run.writer.with(child, Aborted, t.now, jsonval.Value{}, nil)
		}
		t.abortExecution(child)
	}
	f.group.open = 0
	run.over, run.why = true, why
	if run.asked != 0 {
		t.answered(run.asked)
		run.asked = 0
	}
	t.writeNext(f)
}

// mapRunOver leaves the Map Run, of which everything is written.
func (t *turn) mapRunOver(f *frame) {
	run := f.group.run
	why := run.why
	var result jsonval.Value
	if why == nil {
		result = run.result()
		if t.tooBig(result) || run.kept > payloadQuota && !t.start.NoQuotas {
			why = sizeFailure(f.node.Name)
		}
	}
	if why != nil {
		t.emit(Event{Kind: MapRunFailed, Frame: f.id, State: f.node.State, Failure: why})
		t.fail(f, why, false)
		return
	}
	f.group = nil
	t.emit(Event{Kind: MapRunSucceeded, Frame: f.id, State: f.node.State})
	t.emit(Event{Kind: MapStateSucceeded, Frame: f.id, State: f.node.State})
	t.finish(f, Result, result)
}

// result is the state's result.
func (r *mapRun) result() jsonval.Value {
	if r.writer != nil && r.writer.writes() {
		return r.writer.result(r.arn)
	}
	all := r.results.all()
	if r.writer == nil || r.writer.to.Transformation != "FLATTEN" {
		return jsonval.OfItems(all)
	}
	var flat []jsonval.Value
	for _, v := range all {
		flat = append(flat, flattened(v)...)
	}
	return jsonval.OfItems(flat)
}

// flattened are the items of an array; anything else is its only item.
func flattened(v jsonval.Value) []jsonval.Value {
	if !v.Is(jsonval.Array) {
		return []jsonval.Value{v}
	}
	items := make([]jsonval.Value, 0, v.Len())
	for _, item := range v.Items() {
		items = append(items, item)
	}
	return items
}
