package intents

// hour reads "14h", "14 h 30", "14:30", "dix heures moins le quart", "midi et demi" and ranges of them; of a range the
// beginning counts.
func (p *dateParser) hour(i int) (piece, bool) {
	h, m, n := p.clock(i)
	if n == 0 {
		return piece{}, false
	}
	w := When{Hour: h, Minute: m, HasTime: true}
	switch p.norm(i - 1) {
	case "vers", "environ", "partir", "apres", "avant", "des", "jusqu":
		w.Approx = true
	case "de":
		w.Approx = p.norm(i-2) == "partir" || p.norm(i-2) == "autour"
	}
	if p.norm(i-1) == "entre" && p.norm(i+n) == "et" {
		w.Approx = true
		n += 1 + p.rangeEnd(i+n+1)
	} else if s := p.norm(i + n); s == "-" || s == "a" || s == "–" {
		if k := p.rangeEnd(i + n + 1); k > 0 {
			n += 1 + k
		}
	}
	return piece{When: w, n: min(n, len(p.toks)-i)}, true
}

// rangeEnd returns the tokens of the hour that ends a range, 0 for none; "entre midi et deux" has no "heures".
func (p *dateParser) rangeEnd(i int) int {
	if _, _, n := p.clock(i); n > 0 {
		return n
	}
	if p.norm(i-1) == "et" {
		_, n := p.count(i)
		return n
	}
	return 0
}

// clock reads an hour of the day at token i; n is 0 for none.
func (p *dateParser) clock(i int) (h, m, n int) {
	switch p.norm(i) {
	case "midi":
		if p.norm(i-1) == "apres" || p.is(i-2, "apres", "-") {
			return 0, 0, 0
		}
		m, k := p.minutes(i+1, false)
		return 12, m, 1 + k
	case "minuit":
		return 0, 0, 1
	}
	h, k := p.count(i)
	if k == 0 || h > 23 || p.norm(i) == "une" && p.norm(i-1) != "a" && p.norm(i-1) != "vers" || p.norm(i) == "un" {
		return 0, 0, 0
	}
	j := i + k
	switch s := p.norm(j); {
	case isHourWord(s):
		m, n := p.minutes(j+1, p.toks[i].kind == number)
		if m < 0 {
			h, m = h-1, m+60
		}
		return max(h, 0), m, k + 1 + n
	case s == ":" && p.digits(j+1, 2) && len(p.norm(j+1)) == 2 && atoi(p.norm(j+1)) < 60 && p.toks[j+1].glued:
		return h, atoi(p.norm(j + 1)), k + 2
	case s == "-" && p.digits(i, 2) && p.digits(j+1, 2) && isHourWord(p.norm(j+2)) && atoi(p.norm(j+1)) > h:
		return h, 0, k + 3
	}
	return 0, 0, 0
}

// minutes reads what follows "heures": "30", "et quart", "et demie", "moins le quart", "moins dix" (negative), "quinze".
func (p *dateParser) minutes(i int, glued bool) (m, n int) {
	switch {
	case p.is(i, "et", "quart"):
		return 15, 2
	case p.is(i, "et", "demi"), p.is(i, "et", "demie"):
		return 30, 2
	case p.is(i, "moins", "le", "quart"):
		return -15, 3
	case p.is(i, "moins", "quart"):
		return -15, 2
	case p.norm(i) == "moins":
		if v, k := p.count(i + 1); k > 0 && v < 60 && v > 0 {
			return -v, 1 + k
		}
		return 0, 0
	}
	v, k := p.count(i)
	if k == 0 || v > 59 || !p.minuteLike(i, k, glued) {
		return 0, 0
	}
	switch p.norm(i + k) {
	case "min", "mn", "m", "minutes":
		k++
	}
	return v, k
}

// minuteLike reports whether the number at token i belongs to the hour before it and not to what follows.
func (p *dateParser) minuteLike(i, k int, digits bool) bool {
	t := p.toks[i]
	next := p.norm(i + k)
	if next == "/" || isHourWord(next) || monthAt(next) > 0 || streets[next] {
		return false
	}
	if t.kind == number {
		return len(t.norm) == 2 && (t.glued || digits)
	}
	v := numerals[t.norm]
	return v >= 5 && v%5 == 0
}
