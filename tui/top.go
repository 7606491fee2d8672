package tui

import (
	"fmt"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/pipeline"
	"asldbg/tui/theme"
)

// word is a piece of the top line.
type word struct {
	role theme.Role
	text string
	gap  int // blanks before it
}

// top writes where we are: the file, the phase, the state and the stage, what
// may leave the machine, and the clock. Where it does not all fit, the shorter
// forms are taken.
func (m *Model) top(p *paint.Pen, w int) {
	v := &m.view
	phase := word{phaseRole(v), v.Phase.String(), 3}
	title, network, clock := word{theme.Strong, v.Title, 2}, m.network(), word{theme.Dim, "clock " + m.clock(), 3}
	where, why := m.where(" / "), word{theme.Dim, m.why(), 3}
	short := network
	if len(short.text) > 7 && !v.Live {
		short.text = "OFFLINE"
	}
	if v.Live {
		short.text = "LIVE"
	}
	tight := []word{{theme.Strong, v.Title, 0}, {phase.role, phase.text, 2}, {theme.Plain, m.where("/").text, 1}}
	for _, try := range [][2][]word{
		{{{theme.Strong, "asldbg", 0}, title, phase, where, why}, {network, clock}},
		{{{theme.Strong, "asldbg", 0}, title, phase, where, why}, {network}},
		{append(tight, word{theme.Dim, m.whyShort(), 2}), {network}},
		{append(tight[:3:3], word{theme.Dim, m.whyShort(), 2}), {short}},
		{tight, {short}},
	} {
		left, right := measure(p, try[0]), measure(p, try[1])
		if left+right+3 > w-2 {
			continue
		}
		write(p, try[0])
		write(p.To(w-1-right), try[1])
		return
	}
	right := measure(p, []word{short})
	write(p.Until(w-right-2), tight)
	write(p.Until(w).To(w-1-right), []word{short})
}

func measure(p *paint.Pen, words []word) int {
	n := 0
	for i, wd := range words {
		if wd.text == "" {
			continue
		}
		if i > 0 {
			n += wd.gap
		}
		n += p.Measure(wd.text)
	}
	return n
}

func write(p *paint.Pen, words []word) {
	for i, wd := range words {
		if wd.text == "" {
			continue
		}
		if i > 0 {
			p.To(p.X + wd.gap)
		}
		p.Say(wd.role, wd.text)
	}
}

func phaseRole(v *sessions.View) theme.Role {
	switch {
	case v.Phase == sessions.Held || v.Phase == sessions.Waiting:
		return theme.Warn
	case v.Phase == sessions.Ended && v.Status != interp.Succeeded:
		return theme.Failed
	case v.Phase == sessions.Ended:
		return theme.Done
	}
	return theme.Here
}

// where is the state and the stage, or how it ended.
func (m *Model) where(slash string) word {
	v := &m.view
	f := m.frame()
	switch {
	case v.Phase == sessions.Replay && m.travel:
		return word{theme.Plain, fmt.Sprintf("step %d of %d", v.Cursor, len(v.Steps)), 2}
	case v.Over && v.AtNewest():
		return word{phaseRole(v), v.Status.String(), 2}
	case f == nil:
		return word{gap: 2}
	}
	text := f.State.Name + slash + pipeline.Current(f).Name(f.State)
	if isNested(f) {
		text = machineOf(f) + ": " + text
	}
	return word{theme.Strong, text, 2}
}

// why says why it stands here, where the phase does not.
func (m *Model) why() string {
	v := &m.view
	r := m.held()
	switch {
	case v.Phase == sessions.Replay:
		return "nothing runs, nothing is sent"
	case !v.AtNewest():
		return fmt.Sprintf("step %d of %d, in the past", v.Cursor, len(v.Steps))
	case r != nil && r.State == sessions.RequestHeld && r.HTTP != nil:
		return "nothing has been sent"
	case r != nil:
		return "an answer is wanted"
	case v.Stop.Reason == sessions.StopBreakpoint && v.Stop.Breakpoint > 0 && v.Phase == sessions.Paused:
		return fmt.Sprintf("breakpoint %d", v.Stop.Breakpoint)
	case v.Stop.Reason == sessions.StopFailure && v.Phase == sessions.Paused:
		return "a failure"
	}
	return ""
}

func (m *Model) whyShort() string {
	v := &m.view
	switch {
	case v.Phase == sessions.Replay:
		return ""
	case !v.AtNewest():
		return fmt.Sprintf("%d/%d", v.Cursor, len(v.Steps))
	case v.Stop.Reason == sessions.StopBreakpoint && v.Stop.Breakpoint > 0 && v.Phase == sessions.Paused:
		return fmt.Sprintf("bp %d", v.Stop.Breakpoint)
	}
	return ""
}

// network says what may leave the machine; a recording says when it was made.
func (m *Model) network() word {
	v := &m.view
	switch {
	case v.Phase == sessions.Replay && v.Recorded != "":
		return word{theme.Safe, "OFFLINE, " + v.Recorded, 0}
	case v.Phase == sessions.Replay:
		return word{theme.Safe, "OFFLINE nothing is sent", 0}
	case v.Live:
		return word{theme.Danger, v.Network, 0}
	}
	return word{theme.Safe, v.Network, 0}
}

func (m *Model) clock() string {
	word := ""
	if m.clockHeld() {
		word = "held "
	}
	return word + m.view.Now.UTC().Format("15:04:05Z")
}

// clockHeld reports whether the virtual clock stands.
func (m *Model) clockHeld() bool {
	return m.view.Phase != sessions.Running && m.view.Phase != sessions.Sending
}
