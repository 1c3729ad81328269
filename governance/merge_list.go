package governance

import (
	"cmp"
	"reflect"
	"slices"
)

// list merges a list's elements by id, then their order. The three are base, ours and theirs.
func (m *merger) list(element reflect.Type, at *trail, of [3][]any) any {
	b, o, t := byID(of[0]), byID(of[1]), byID(of[2])
	merged := make(map[string]any, len(t))
	var added []string // by one side alone
	for _, node := range slices.Concat(of[2], of[1]) {
		id := elementID(node)
		if _, done := merged[id]; done {
			continue
		}
		merged[id] = m.element(element, at.down(id), [3]any{b[id], o[id], t[id]})
		if b[id] == nil && (o[id] == nil || t[id] == nil) && merged[id] != nil {
			added = append(added, id)
		}
	}
	kept := make(map[string]any, len(merged))
	for id, node := range merged {
		if node != nil {
			kept[id] = node
		}
	}
	if len(kept) > mostElements(reflect.SliceOf(element)) {
		m.crowded(at, added, kept, [3]map[string]any{b, o, t})
	}
	return inMergedOrder(of, kept)
}

// element merges one element, which at least one of ours and theirs has; nil where it goes.
func (m *merger) element(element reflect.Type, at *trail, of [3]any) any {
	b, o, t := of[0], of[1], of[2]
	both := o != nil && t != nil
	if !both && m.contest.over(element, at.segment) {
		if m.contest.names(element) || isNew(b, o) || isNew(b, t) {
			m.conflict(at, b, o, t)
		}
		return t
	}
	if both || b == nil {
		if element.Kind() != reflect.Struct {
			return cmp.Or(t, o)
		}
		return m.node(element, at, b, o, t)
	}
	if isNew(b, o) || isNew(b, t) { // removed by one, edited by the other
		return m.conflict(at, b, o, t)
	}
	return nil
}

// crowded takes what ours alone added out of a list for which the two together are too many. What either added is in
// conflict: somebody has to choose.
func (m *merger) crowded(at *trail, added []string, kept map[string]any, of [3]map[string]any) {
	for _, id := range added {
		m.conflict(at.down(id), nil, of[1][id], of[2][id])
		if of[2][id] == nil {
			delete(kept, id)
		}
	}
}

// inMergedOrder answers the kept elements in their merged order; nil where none is kept.
//
// The elements that all three have are ordered first. Every other one follows the element that it follows on the side
// that has it, theirs where both have; several that follow the same one are ordered by id.
func inMergedOrder(of [3][]any, kept map[string]any) any {
	if len(kept) == 0 {
		return nil
	}
	settled := settledOrder(of, kept)
	inAll := make(map[string]bool, len(settled))
	for _, id := range settled {
		inAll[id] = true
	}
	followers := map[string][]string{} // "": those in front
	placed := map[string]bool{}
	for _, side := range [][]any{of[2], of[1]} {
		previous := ""
		for _, node := range side {
			id := elementID(node)
			if kept[id] == nil {
				continue
			}
			if !inAll[id] && !placed[id] {
				followers[previous] = append(followers[previous], id)
				placed[id] = true
			}
			previous = id
		}
	}
	list := make([]any, 0, len(kept))
	var emit func(id string)
	emit = func(id string) {
		if id != "" {
			list = append(list, kept[id])
		}
		slices.Sort(followers[id])
		for _, next := range followers[id] {
			emit(next)
		}
	}
	emit("")
	for _, id := range settled {
		emit(id)
	}
	return list
}

// settledOrder orders the kept elements that all three lists have. Of two of them, the side decides that changed their
// order; if both did, they agree. Only where such decisions turn in a circle is there none, and theirs stands.
func settledOrder(of [3][]any, kept map[string]any) []string {
	inOurs, inTheirs := positions(of[1]), positions(of[2])
	var ids []string // as base has them
	var ours, theirs []int
	for _, node := range of[0] {
		id := elementID(node)
		o, inO := inOurs[id]
		t, inT := inTheirs[id]
		if inO && inT && kept[id] != nil {
			ids, ours, theirs = append(ids, id), append(ours, o), append(theirs, t)
		}
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	switch {
	case slices.IsSorted(ours):
		slices.SortFunc(order, func(i, j int) int { return theirs[i] - theirs[j] })
	case slices.IsSorted(theirs):
		slices.SortFunc(order, func(i, j int) int { return ours[i] - ours[j] })
	default:
		orderByPairs(order, ours, theirs)
	}
	sorted := make([]string, len(order))
	for i, at := range order {
		sorted[i] = ids[at]
	}
	return sorted
}

func positions(list []any) map[string]int {
	at := make(map[string]int, len(list))
	for i, node := range list {
		at[elementID(node)] = i
	}
	return at
}

// orderByPairs orders elements by how many others each stands before. Where the pairs make an order, that is it. Where
// they turn in circles, the elements of one circle stand together: the first k elements are complete exactly where
// together they stand before as many as k elements before all others can.
func orderByPairs(order, ours, theirs []int) {
	before := make([]int, len(order))
	for i := range order {
		for j := i + 1; j < len(order); j++ {
			// Base has i before j: whoever does not has changed it.
			if ours[i] < ours[j] && theirs[i] < theirs[j] {
				before[i]++
			} else {
				before[j]++
			}
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(before[j]-before[i], theirs[i]-theirs[j])
	})
	start, sum := 0, 0
	for k := range order {
		sum += before[order[k]]
		if size := k + 1; sum == size*(size-1)/2+size*(len(order)-size) {
			slices.SortFunc(order[start:size], func(i, j int) int { return theirs[i] - theirs[j] })
			start = size
		}
	}
}
