package config

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"reflect"
	"strings"
)

// own are the settings that each of several robots may have of its own.
var own = map[string]bool{"database": true, "listen": true, "postgres.url": true, "key": true}

// Digests tell the groups of settings of one robot from those of another without showing them: by the first word of their names ("sms"), or "général", twelve
// hexadecimal digits under a key. What each robot may have of its own is left out.
func (c *Config) Digests(key []byte) map[string]string {
	groups := map[string]hash.Hash{}
	for _, s := range settingsOf(c) {
		if own[s.name] || strings.HasSuffix(s.name, fileSuffix) {
			continue
		}
		group, _, several := strings.Cut(s.name, ".")
		if !several {
			group = "général"
		}
		if groups[group] == nil {
			groups[group] = hmac.New(sha256.New, key)
		}
		fmt.Fprintf(groups[group], "%s=", s.name)
		digest(groups[group], s.value)
	}
	out := make(map[string]string, len(groups))
	for group, sum := range groups {
		out[group] = hex.EncodeToString(sum.Sum(nil)[:6])
	}
	return out
}

// digest writes a value, secrets as they are.
func digest(to hash.Hash, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		fmt.Fprintf(to, "%q,", v.String())
	case reflect.Slice:
		for i := range v.Len() {
			digest(to, v.Index(i))
		}
		fmt.Fprint(to, ";")
	case reflect.Struct:
		for i := range v.NumField() {
			digest(to, v.Field(i))
		}
		fmt.Fprint(to, ";")
	default:
		fmt.Fprintf(to, "%v,", v.Interface())
	}
}
