package venues

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// readJSON takes in a JSON array of objects.
func (im *importer) readJSON(data []byte) error {
	im.report.JSON = true
	dec := json.NewDecoder(bytes.NewReader([]byte(utf8Of(string(data)))))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return errors.New("le fichier JSON doit être une liste de lieux, entre crochets")
	}
	for n := 1; dec.More(); n++ {
		var object map[string]json.RawMessage
		err := dec.Decode(&object)
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrongType), err == nil && object == nil:
			err = im.refuse(n, "ce n'est pas un lieu, avec des noms et des valeurs entre accolades")
		case err != nil:
			return fmt.Errorf("le fichier JSON ne se lit pas à partir du lieu n° %d : %w", n, err)
		default:
			err = im.take(rowOfObject(n, object))
		}
		if err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("le fichier JSON est coupé : %w", err)
	}
	return nil
}

// rowOfObject picks the columns that are read. Of two names of one column the standard's own counts, else the first in the order of bytes.
func rowOfObject(n int, object map[string]json.RawMessage) *row {
	r := &row{line: n}
	var set [columns]bool
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if c, ok := columnOf(name); ok && (!set[c] || name == c.String()) {
			r.cells[c], set[c] = cellOf(object[name]), true
		}
	}
	return r
}

// cellOf reads a text, a number, null, or a list of them.
func cellOf(raw json.RawMessage) cell {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return cell{broken: true}
	}
	if items, ok := value.([]any); ok {
		c := cell{list: []string{}}
		for _, item := range items {
			text, ok := scalar(item)
			c.broken = c.broken || !ok
			c.list = append(c.list, text)
		}
		return c
	}
	text, ok := scalar(value)
	return cell{text: text, broken: !ok}
}

func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}
