package exchange

import "strings"

// leftovers reports whatever of the file was not taken: an object as a whole where nothing in it was, else member by
// member, and a list element by element.
func (r *treeReader) leftovers(n treeNode, member string) {
	if !n.exists() || n.value == "" || r.taken[n.path] || r.format.plumbing[member] {
		return
	}
	_, isList := n.value.([]any)
	if !isList && (!n.isObject() || n.path != "" && !r.touched(n.path)) {
		r.leaveOut(n, member)
		return
	}
	for _, element := range elements(n) {
		r.leftovers(element, member)
	}
	for _, name := range n.names() {
		r.leftovers(n.child(name), name)
	}
}

// touched says whether anything below the path was taken.
func (r *treeReader) touched(path string) bool { return r.within[path] }

// ancestors answers every path that has a taken one below it.
func ancestors(taken map[string]bool) map[string]bool {
	above := map[string]bool{}
	for path := range taken {
		for cut := strings.LastIndexByte(path, '/'); cut > 0 && !above[path[:cut]]; cut = strings.LastIndexByte(path[:cut], '/') {
			above[path[:cut]] = true
		}
	}
	return above
}

func (r *treeReader) leaveOut(n treeNode, member string) {
	reason, ok := r.format.reasons[localName(member)]
	switch {
	case n.hasType("Person"):
		r.lose(n, "personal-data")
	case !ok:
		r.loseText(n, "no-place")
	case reason == "learner-data":
		r.lose(n, reason, "elements", member)
	default:
		r.lose(n, reason)
	}
}
