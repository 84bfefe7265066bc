package store

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// notInBody are the fields of a task that have a column, or that Claim works out.
var notInBody = []string{"Key", "Group", "Batch", "To", "Subject", "Network", "Lane", "At", "Attempt", "Tries", "SentToday", "ThreadID", "ReplaceID"}

// TestBodyHoldsEverything fills every field that bot.Task and bot.Message have, also those added after this was written.
func TestBodyHoldsEverything(t *testing.T) {
	var want bot.Task
	fill(t, reflect.ValueOf(&want).Elem())
	for _, name := range notInBody {
		reflect.ValueOf(&want).Elem().FieldByName(name).SetZero()
	}
	var got bot.Task
	if !decodeTask(encodeTask(&want), &got) {
		t.Fatal("it does not decode")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("give the field a tag in body.go (-want +got):\n%s", diff)
	}
}

func fill(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("é\x00" + v.Type().Name())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"": "a", "b": "", "c": "d"}))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.UnixMilli(1).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a field of kind %s: teach this test and body.go", v.Kind())
	}
}

func TestBodySkipsUnknownFields(t *testing.T) {
	b := appendField(encodeTask(&bot.Task{Place: "50"}), 99, "of the next release")
	var got bot.Task
	if !decodeTask(b, &got) || got.Place != "50" {
		t.Fatalf("got %+v", got)
	}
}

func FuzzBody(f *testing.F) {
	f.Add(encodeTask(&bot.Task{Place: "50", NotAfter: benchNow, Args: map[string]string{"a": "b"}, Message: &bot.Message{Text: "x", Args: map[string]string{"c": "d"}}}))
	f.Add([]byte{tagMessage, 3, 1, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var first, second bot.Task
		if !decodeTask(b, &first) {
			return
		}
		if !decodeTask(encodeTask(&first), &second) {
			t.Fatal("what was read cannot be written and read again")
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzSealed(f *testing.F) {
	s, err := newSealer(testKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("record\x00person\x00p1", []byte("{}"))
	f.Add("", []byte{})
	f.Fuzz(func(t *testing.T, label string, body []byte) {
		sealed := s.seal(label, body)
		if got, err := s.open(label, sealed, true); err != nil || string(got) != string(body) {
			t.Fatalf("got %q, %v", got, err)
		}
		if _, err := s.open(label+"x", sealed, true); err == nil {
			t.Fatal("it opens under another label")
		}
		if _, err := s.open(label, body, true); err == nil {
			t.Fatal("bytes that nobody sealed open")
		}
	})
}
