package config

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxFile  = 256 << 10 // bytes of a settings file, a hundred times the example's
	maxDepth = 16        // the deepest setting stands four levels deep
)

// position is where something stands in a file, counted from 1; zero: nowhere.
type position struct{ line, column int }

// shape is what a node of the tree is.
type shape int

const (
	empty  shape = iota // nothing was written: the default holds
	scalar              // text as it was written, unquoted
	list
	dict
)

// node is a value as it was written, whether in YAML or in a variable.
type node struct {
	shape   shape
	at      position
	text    string
	literal bool    // of a scalar: a number, true or false, written without quotes
	items   []node  // of a list
	entries []entry // of a dict, in the order of the file
}

type entry struct {
	key   string
	at    position
	value node
}

// parse reads one YAML document. What it refuses comes back as one Problem with a line; anchors, aliases, merges and
// tags are refused as well, for nobody needs them here and they hide what a file says. Doubled keys are left to the
// caller, who knows what the keys mean.
func parse(text []byte) (n node, err error) {
	defer func() {
		if recover() != nil { // a library that reads what people typed: a bug of it must not stop the program
			n, err = node{}, malformed(position{1, 1}, "ce fichier n'est pas compris")
		}
	}()
	if at, ok := unreadable(text); ok {
		return node{}, malformed(at, "un caractère ne peut pas être lu ; enregistrez le fichier en UTF-8")
	}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return node{}, syntax(err)
	}
	switch len(file.Docs) {
	case 0:
		return node{}, nil
	case 1:
		return convert(file.Docs[0].Body, 0)
	default:
		return node{}, malformed(positionOf(file.Docs[1].GetToken()), "un seul document est attendu ; retirez la ligne « --- »")
	}
}

func malformed(at position, text string) Problem {
	return Problem{Subject: "écriture", Line: max(1, at.line), Column: max(1, at.column), Text: text}
}

// syntax says where the library stopped; its own words quote the file, which may hold a secret.
func syntax(err error) error {
	at := position{1, 1}
	var located yaml.Error
	if errors.As(err, &located) {
		at = positionOf(located.GetToken())
	}
	return malformed(at, "ce n'est pas du YAML valable ; vérifiez l'alignement (des espaces, pas de tabulation), les guillemets et les deux-points suivis d'une espace")
}

// unreadable finds the first byte that is no text.
func unreadable(text []byte) (position, bool) {
	at := position{1, 1}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1, r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f:
			return at, true
		case r == '\n':
			at = position{at.line + 1, 1}
		default:
			at.column++
		}
		text = text[size:]
	}
	return at, false
}

func positionOf(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{1, 1}
	}
	return position{max(1, t.Position.Line), max(1, t.Position.Column)}
}

func convert(n ast.Node, depth int) (node, error) {
	if n == nil {
		return node{}, nil
	}
	at := positionOf(n.GetToken())
	if depth > maxDepth {
		return node{}, malformed(at, "trop de niveaux sont emboîtés")
	}
	switch n := n.(type) {
	case *ast.NullNode, *ast.CommentGroupNode:
		return node{at: at}, nil
	case *ast.StringNode:
		return node{shape: scalar, at: at, text: n.Value}, nil
	case *ast.LiteralNode:
		return node{shape: scalar, at: at, text: n.Value.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node{shape: scalar, at: at, text: n.GetToken().Value, literal: true}, nil // as written: 01 stays "01"
	case *ast.SequenceNode:
		return convertList(n, at, depth)
	case *ast.MappingNode:
		return convertDict(n.Values, at, depth)
	case *ast.MappingValueNode:
		return convertDict([]*ast.MappingValueNode{n}, at, depth)
	default:
		return node{}, malformed(at, "les ancres (&), renvois (*), fusions (<<) et étiquettes (!) de YAML ne sont pas admis ; écrivez la valeur elle-même")
	}
}

func convertList(n *ast.SequenceNode, at position, depth int) (node, error) {
	out := node{shape: list, at: at}
	for _, v := range n.Values {
		item, err := convert(v, depth+1)
		if err != nil {
			return node{}, err
		}
		out.items = append(out.items, item)
	}
	return out, nil
}

func convertDict(values []*ast.MappingValueNode, at position, depth int) (node, error) {
	out := node{shape: dict, at: at}
	for i, v := range values {
		key, err := convert(v.Key, depth+1)
		if err != nil {
			return node{}, err
		}
		if i == 0 {
			out.at = key.at
		}
		value, err := convert(v.Value, depth+1)
		if err != nil {
			return node{}, err
		}
		out.entries = append(out.entries, entry{key.text, key.at, value})
	}
	return out, nil
}

// readAtMost reads a whole file, if it is not larger than a file of its kind can be.
func readAtMost(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("il dépasse %d Kio ; est-ce le bon fichier ?", most>>10)
	}
	return text, nil
}
