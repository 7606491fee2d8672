// Package payload evaluates ASL payload templates: JSON whose members with a
// name ending in ".$" are computed from a path or an intrinsic function, and the
// fields of JSONata states: JSON whose texts written {% … %} are expressions.
//
// The one idea: a template is compiled into the few places that change; the
// rest of the document is shared by every result.
//
// The same compiled places answer the debugger's question where a part of a
// result came from ([Template.Origin]).
//
// Rules of ASL that surprise: an index past the end of an array gives null
// here, though it fails inside an intrinsic function (measured on AWS); items
// of arrays are never computed, members of objects in arrays are; AWS's
// messages name a member by its own key, however deep it is. Of JSONata they
// name the whole way, such as Arguments/list[0].
package payload
