package playground

import (
	"fmt"
	"strings"
	"time"
)

var days = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}

var months = [...]string{"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// longDay writes "jeudi 3 décembre".
func longDay(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s", days[t.Weekday()], day, months[t.Month()-1])
}

// national writes a French number as people do, "06 39 98 12 34", and leaves the others.
func national(number string) string {
	rest, ok := strings.CutPrefix(number, "+33")
	if !ok || len(rest) != 9 {
		return number
	}
	digits := "0" + rest
	pairs := make([]string, 0, 5)
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, " ")
}
