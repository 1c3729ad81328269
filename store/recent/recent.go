// Package recent keeps values in memory up to a number of bytes: what was not asked for the longest goes first.
package recent

import (
	"container/list"
	"sync"
)

// Values are values by their keys. They belong to everybody who gets them: nobody may change them. Any goroutine may call.
type Values[K comparable, V any] struct {
	limit int // in bytes

	mu    sync.Mutex // guards the rest
	size  int        // of all that is kept, in bytes
	order *list.List // of *kept[K, V], what was asked for last in front
	found map[K]*list.Element
}

type kept[K comparable, V any] struct {
	key   K
	value V
	size  int
}

// New makes an empty place for values of so many bytes in all.
func New[K comparable, V any](limit int) *Values[K, V] {
	return &Values[K, V]{limit: limit, order: list.New(), found: map[K]*list.Element{}}
}

// Get answers what is kept under a key; false where nothing is.
func (v *Values[K, V]) Get(key K) (value V, there bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	element := v.found[key]
	if element == nil {
		return value, false
	}
	v.order.MoveToFront(element)
	return element.Value.(*kept[K, V]).value, true
}

// Put keeps a value of so many bytes, in the place of another under its key and of what was not asked for the longest. One
// that alone is larger than the limit is not kept.
func (v *Values[K, V]) Put(key K, value V, size int) {
	if size > v.limit {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if element := v.found[key]; element != nil {
		v.drop(element)
	}
	for v.size+size > v.limit {
		v.drop(v.order.Back())
	}
	v.found[key] = v.order.PushFront(&kept[K, V]{key, value, size})
	v.size += size
}

// drop lets go of a value; the caller holds the mutex.
func (v *Values[K, V]) drop(element *list.Element) {
	gone := v.order.Remove(element).(*kept[K, V])
	delete(v.found, gone.key)
	v.size -= gone.size
}
