// Package payload evaluates ASL payload templates: JSON whose members with a
// name ending in ".$" are computed from a path or an intrinsic function.
//
// The one idea: a template is compiled into the few places that change; the
// rest of the document is shared by every result.
package payload
