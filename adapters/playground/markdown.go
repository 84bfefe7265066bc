package playground

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mark is a piece of a rendered message: text, or an element with pieces in it. The page makes DOM nodes of it, one
// by one, from a literal list of elements; no HTML is ever written, so that nothing in a message can become any.
type mark struct {
	Tag  string `json:"t,omitempty"` // "p", "strong", "td"…; empty: a text
	Text string `json:"x,omitempty"`
	Href string `json:"h,omitempty"` // of "a": http or https, nothing else
	Kids []mark `json:"k,omitempty"`
}

// maxNesting bounds what stands in bold in italics in bold…
const maxNesting = 6

var (
	bullet  = regexp.MustCompile(`^\s{0,3}[-*•]\s+(.*)$`)
	number  = regexp.MustCompile(`^\s{0,3}\d{1,3}[.)]\s+(.*)$`)
	quoted  = regexp.MustCompile(`^>\s?(.*)$`)
	heading = regexp.MustCompile(`^#{1,6}\s+(.*)$`)
	ruler   = regexp.MustCompile(`^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$`)
	dashes  = regexp.MustCompile(`^\s*(-{3,}|\*{3,})\s*$`)
)

// parseMarkdown reads the part of Mattermost's Markdown that a bot writes: paragraphs with their line breaks, lists,
// quotations, tables, headings, code, bold, italics, struck words and links. Everything else stays the text it is.
func parseMarkdown(text string) []mark {
	lines := strings.Split(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n"), "\n")
	var out []mark
	for len(lines) > 0 {
		var block mark
		block, lines = nextBlock(lines)
		if block.Tag != "" {
			out = append(out, block)
		}
	}
	return out
}

// nextBlock takes the first block off the lines.
func nextBlock(lines []string) (mark, []string) {
	first := lines[0]
	switch {
	case strings.TrimSpace(first) == "":
		return mark{}, lines[1:]
	case strings.HasPrefix(first, "```"):
		return fenced(lines[1:])
	case dashes.MatchString(first):
		return mark{Tag: "hr"}, lines[1:]
	case heading.MatchString(first):
		return mark{Tag: "h4", Kids: inline(heading.FindStringSubmatch(first)[1], 0)}, lines[1:]
	case quoted.MatchString(first):
		return runOf("blockquote", "p", quoted, lines)
	case bullet.MatchString(first):
		return runOf("ul", "li", bullet, lines)
	case number.MatchString(first):
		return runOf("ol", "li", number, lines)
	case startsTable(lines):
		return table(lines)
	default:
		return paragraph(lines)
	}
}

func fenced(lines []string) (mark, []string) {
	end := 0
	for end < len(lines) && !strings.HasPrefix(lines[end], "```") {
		end++
	}
	code := mark{Tag: "pre", Kids: []mark{{Text: strings.Join(lines[:end], "\n")}}}
	return code, lines[min(end+1, len(lines)):]
}

// runOf gathers the lines of one form into one element, each in an element of its own.
func runOf(tag, each string, form *regexp.Regexp, lines []string) (mark, []string) {
	out := mark{Tag: tag}
	for len(lines) > 0 {
		m := form.FindStringSubmatch(lines[0])
		if m == nil {
			break
		}
		out.Kids = append(out.Kids, mark{Tag: each, Kids: inline(m[1], 0)})
		lines = lines[1:]
	}
	return out, lines
}

func startsTable(lines []string) bool {
	return len(lines) > 1 && strings.Contains(lines[0], "|") && strings.Contains(lines[1], "|") && ruler.MatchString(lines[1])
}

func table(lines []string) (mark, []string) {
	head := row("th", lines[0], 0)
	width := len(head.Kids)
	body := mark{Tag: "tbody"}
	lines = lines[2:]
	for len(lines) > 0 && strings.Contains(lines[0], "|") {
		body.Kids = append(body.Kids, row("td", lines[0], width))
		lines = lines[1:]
	}
	return mark{Tag: "table", Kids: []mark{{Tag: "thead", Kids: []mark{head}}, body}}, lines
}

// row reads the cells of one line, as many as the head has; width 0: as many as there are.
func row(cell, line string, width int) mark {
	out := mark{Tag: "tr"}
	for _, text := range cells(line) {
		if width == 0 || len(out.Kids) < width {
			out.Kids = append(out.Kids, mark{Tag: cell, Kids: inline(strings.TrimSpace(text), 0)})
		}
	}
	for len(out.Kids) < width {
		out.Kids = append(out.Kids, mark{Tag: cell})
	}
	return out
}

// cells cuts a line of a table at its bars, but not at those behind a backslash.
func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var out []string
	start := 0
	for i := range len(line) {
		if line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			out, start = append(out, line[start:i]), i+1
		}
	}
	return append(out, line[start:])
}

func paragraph(lines []string) (mark, []string) {
	out := mark{Tag: "p"}
	for i := 0; len(lines) > 0; i++ {
		if i > 0 && endsParagraph(lines) {
			break
		}
		if i > 0 {
			out.Kids = append(out.Kids, mark{Tag: "br"})
		}
		out.Kids = append(out.Kids, inline(lines[0], 0)...)
		lines = lines[1:]
	}
	return out, lines
}

func endsParagraph(lines []string) bool {
	first := lines[0]
	return strings.TrimSpace(first) == "" || strings.HasPrefix(first, "```") || dashes.MatchString(first) ||
		heading.MatchString(first) || quoted.MatchString(first) || bullet.MatchString(first) ||
		number.MatchString(first) || startsTable(lines)
}

// emphasis lists the marks that surround words, the longer before the shorter.
var emphasis = []struct{ mark, tag string }{
	{"**", "strong"}, {"__", "strong"}, {"~~", "del"}, {"*", "em"}, {"_", "em"},
}

// inline reads what stands in one line.
func inline(text string, depth int) []mark {
	var out []mark
	plain := 0
	for i := 0; i < len(text); {
		m, size := inlineAt(text, i, depth)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		out = appendText(out, text[plain:i])
		out = append(out, m)
		i += size
		plain = i
	}
	return appendText(out, text[plain:])
}

func appendText(out []mark, text string) []mark {
	if text == "" {
		return out
	}
	return append(out, mark{Text: text})
}

// inlineAt reads the mark that begins at i and says how many bytes it takes; 0: none does.
func inlineAt(text string, i, depth int) (mark, int) {
	rest := text[i:]
	switch rest[0] {
	case '\\':
		if len(rest) > 1 && strings.IndexByte("\\`*_~[]()#|>-", rest[1]) >= 0 {
			return mark{Text: rest[1:2]}, 2
		}
	case '`':
		if end := strings.IndexByte(rest[1:], '`'); end > 0 {
			return mark{Tag: "code", Kids: []mark{{Text: rest[1 : 1+end]}}}, end + 2
		}
	case '[':
		return linkAt(rest, depth)
	case 'h':
		return bareLinkAt(text, i)
	case '*', '_', '~':
		return emphasisAt(text, i, depth)
	}
	return mark{}, 0
}

func emphasisAt(text string, i, depth int) (mark, int) {
	rest := text[i:]
	for _, e := range emphasis {
		if depth >= maxNesting || !strings.HasPrefix(rest, e.mark) || inWord(text, i, e.mark) {
			continue
		}
		inner := rest[len(e.mark):]
		end := strings.Index(inner, e.mark)
		if end <= 0 || inner[0] == ' ' || inner[end-1] == ' ' {
			continue
		}
		return mark{Tag: e.tag, Kids: inline(inner[:end], depth+1)}, end + 2*len(e.mark)
	}
	return mark{}, 0
}

// inWord says whether an underscore stands behind a letter: nom_de_famille is one word.
func inWord(text string, i int, mark string) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return mark[0] == '_' && (unicode.IsLetter(before) || unicode.IsDigit(before))
}

// linkAt reads [text](https://…).
func linkAt(rest string, depth int) (mark, int) {
	middle := strings.Index(rest, "](")
	if middle < 2 || depth >= maxNesting {
		return mark{}, 0
	}
	end := strings.IndexByte(rest[middle:], ')')
	if end < 0 {
		return mark{}, 0
	}
	href, ok := safeLink(rest[middle+2 : middle+end])
	if !ok {
		return mark{}, 0
	}
	return mark{Tag: "a", Href: href, Kids: inline(rest[1:middle], maxNesting)}, middle + end + 1
}

// bareLinkAt reads an address written as it is, without the full stop behind it.
func bareLinkAt(text string, i int) (mark, int) {
	rest := text[i:]
	if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
		return mark{}, 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>\"«»|", r) })
	if end < 0 {
		end = len(rest)
	}
	shown := strings.TrimRight(rest[:end], ".,;:!?)*_~'…")
	href, ok := safeLink(shown)
	if !ok {
		return mark{}, 0
	}
	return mark{Tag: "a", Href: href, Kids: []mark{{Text: shown}}}, len(shown)
}

// safeLink admits the two schemes that only open a page.
func safeLink(text string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	return u.String(), true
}
