//go:build unix

package main

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"time"

	"passeur/bot"
)

// call is what one method of a store was asked, to be asked again of another one.
type call struct {
	Kind, Ref string
	IDs       []string
	Query     bot.Query
	Tally     bot.TallyQuery
	Change    bot.Change
	again     func(context.Context, bot.Store, *call) error
}

// named is the same call with other names in it.
func (c *call) named(names *strings.Replacer) *call {
	other := renamed(reflect.ValueOf(*c), names).Interface().(call)
	other.again = c.again
	return &other
}

// recording is a store that notes what is asked of it.
type recording struct {
	bot.Store
	mu    sync.Mutex
	calls []*call
}

func (r *recording) note(c *call) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
	return c
}

// taken returns what was asked since it was called last.
func (r *recording) taken() (calls []*call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls, r.calls = r.calls, nil
	return calls
}

// Get implements bot.Store.
func (r *recording) Get(ctx context.Context, kind string, ids ...string) ([]bot.Record, error) {
	r.note(&call{Kind: kind, IDs: ids, again: func(ctx context.Context, s bot.Store, c *call) error {
		_, err := s.Get(ctx, c.Kind, c.IDs...)
		return err
	}})
	return r.Store.Get(ctx, kind, ids...)
}

// Find implements bot.Store.
func (r *recording) Find(ctx context.Context, q bot.Query) ([]bot.Record, error) {
	r.note(&call{Query: q, again: func(ctx context.Context, s bot.Store, c *call) error { _, err := s.Find(ctx, c.Query); return err }})
	return r.Store.Find(ctx, q)
}

// Tally implements bot.Store.
func (r *recording) Tally(ctx context.Context, q bot.TallyQuery) ([]bot.Count, error) {
	r.note(&call{Tally: q, again: func(ctx context.Context, s bot.Store, c *call) error { _, err := s.Tally(ctx, c.Tally); return err }})
	return r.Store.Tally(ctx, q)
}

// Commit implements bot.Store.
func (r *recording) Commit(ctx context.Context, change bot.Change) error {
	r.note(&call{Change: change, again: func(ctx context.Context, s bot.Store, c *call) error { return s.Commit(ctx, c.Change) }})
	return r.Store.Commit(ctx, change)
}

// KeyOf implements bot.Store.
func (r *recording) KeyOf(ctx context.Context, network, ref string) (string, error) {
	r.note(&call{Kind: network, Ref: ref, again: func(ctx context.Context, s bot.Store, c *call) error {
		_, err := s.KeyOf(ctx, c.Kind, c.Ref)
		return err
	}})
	return r.Store.KeyOf(ctx, network, ref)
}

// Taken implements bot.Store.
func (r *recording) Taken(ctx context.Context, key string) (taken, arrived bool, err error) {
	r.note(&call{Ref: key, again: func(ctx context.Context, s bot.Store, c *call) error { _, _, err := s.Taken(ctx, c.Ref); return err }})
	return r.Store.Taken(ctx, key)
}

var (
	bytesType = reflect.TypeFor[[]byte]()
	timeType  = reflect.TypeFor[time.Time]()
)

// renamed is a deep copy of a value with other names in its texts.
func renamed(v reflect.Value, names *strings.Replacer) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch {
	case v.Type() == timeType || v.IsZero():
	case v.Type() == bytesType:
		out.SetBytes([]byte(names.Replace(string(v.Bytes()))))
	case v.Kind() == reflect.String:
		out.SetString(names.Replace(v.String()))
	case v.Kind() == reflect.Pointer:
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(renamed(v.Elem(), names))
	case v.Kind() == reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(renamed(v.Index(i), names))
		}
	case v.Kind() == reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for at, value := range v.Seq2() {
			out.SetMapIndex(renamed(at, names), renamed(value, names))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(renamed(v.Field(i), names))
			}
		}
	}
	return out
}
