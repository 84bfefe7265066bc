package french

// Problem is an error of one of a few kinds whose text is a French sentence for the person who wrote, with how to mend it.
type Problem struct {
	Kind     error // what errors.Is finds
	Sentence string
}

// Error is the sentence.
func (e *Problem) Error() string { return e.Sentence }

// Unwrap is the kind.
func (e *Problem) Unwrap() error { return e.Kind }
