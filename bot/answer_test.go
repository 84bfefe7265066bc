package bot

import "testing"

func FuzzReadAnswers(f *testing.F) {
	for _, file := range []string{"", "id\tquestion\tanswer\tthemes\n1\ta\tb\tc, d\n", "\ufeffréponse\tquestion\tid\r\nb\ta\t1\r\n", "1\t\"a \"\"b\"\"\"\tc\n1\ta\tb", "\xff\t\"\t\x00\n#\n", "id\tid\tquestion\tanswer\n"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		answers, faults := ReadAnswers(file)
		if len(answers) == 0 && len(faults) == 0 {
			t.Fatal("neither answers nor faults")
		}
		ids := map[string]bool{}
		for _, a := range answers {
			if err := a.check(); err != nil || ids[a.ID] {
				t.Fatalf("%+v: %v, twice %v", a, err, ids[a.ID])
			}
			ids[a.ID] = true
		}
	})
}
