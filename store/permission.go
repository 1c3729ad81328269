package store

import "concordat/governance"

// Permission is a step on an object and why the viewer may not take it, nil where it may.
type Permission struct {
	Step    governance.Step
	Refusal *governance.Error
}

// Allowed says whether the viewer may take the step now.
func (p Permission) Allowed() bool { return p.Refusal == nil }

// Code is the code that the mutation would answer with, nil where it is allowed.
func (p Permission) Code() *string {
	return p.refusal(func(e *governance.Error) string { return string(e.Code) })
}

// Reason is the refusal's stable word, nil where it is allowed.
func (p Permission) Reason() *string {
	return p.refusal(func(e *governance.Error) string { return e.Reason })
}

// Message is the refusal in English, nil where it is allowed.
func (p Permission) Message() *string {
	return p.refusal(func(e *governance.Error) string { return e.Message })
}

func (p Permission) refusal(part func(*governance.Error) string) *string {
	if p.Refusal == nil {
		return nil
	}
	text := part(p.Refusal)
	return &text
}
