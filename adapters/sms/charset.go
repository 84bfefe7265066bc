package sms

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// charsets are those in which gateways give texts, in lower case. ISO-8859-1 is read as Windows-1252, as browsers
// do: the bytes between are no characters in the one, and € and œ in the other.
var charsets = map[string]encoding.Encoding{
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf-16":       unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"ucs-2":        unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"iso-8859-1":   charmap.Windows1252,
	"latin1":       charmap.Windows1252,
	"windows-1252": charmap.Windows1252,
	"iso-8859-15":  charmap.ISO8859_15,
}

// charset returns what the body is written in: the header that travels with it says it best, then the parameters
// charset (%C) and coding (%c: 2 is UTF-16BE).
func charset(r *http.Request, query url.Values) string {
	if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && params["charset"] != "" {
		return params["charset"]
	}
	if c := query.Get("charset"); c != "" {
		return c
	}
	if query.Get("coding") == "2" || r.Header.Get("X-Kannel-Coding") == "2" {
		return "utf-16be"
	}
	return ""
}

// decode returns the text of a body. What is not declared is UTF-8; what is not valid becomes U+FFFD; line breaks stay.
func decode(body []byte, charset string) string {
	text := string(body)
	if e, ok := charsets[strings.ToLower(charset)]; ok {
		if decoded, err := e.NewDecoder().Bytes(body); err == nil {
			text = string(decoded)
		}
	}
	return clean(text)
}

// clean makes a text valid UTF-8 without NUL, which databases refuse.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(legible(text), "\ufffd"), "\x00", "")
}

// legible reads a text that says to be UTF-8 and is not as Windows-1252, unless part of it is UTF-8 all the same: "ARR\xcaT" is "ARRÊT".
func legible(text string) string {
	if utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && r != utf8.RuneError }) {
		return text
	}
	decoded, err := charmap.Windows1252.NewDecoder().String(text)
	if err != nil {
		return text
	}
	return decoded
}
