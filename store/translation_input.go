package store

import (
	"concordat/governance"
)

// TranslatedTextInput is one translated text.
type TranslatedTextInput struct {
	Path  string // of the element, without a language: /outcomes/<id>/statement
	Words string // in the translation's language
}

// AddTranslationInput is what addTranslation takes.
type AddTranslationInput struct {
	IdempotencyKey string                       // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.TranslationID     // its id, where the client makes it
	Edition        governance.EditionID         // which edition
	Language       governance.LanguageTag       // BCP 47; not an authentic language
	Of             governance.Digest            // of the revision that it translates
	Status         governance.TranslationStatus // MACHINE or UNOFFICIAL
	Texts          []TranslatedTextInput        // may be a part
}

// SaveTranslationInput is what saveTranslation takes.
type SaveTranslationInput struct {
	IdempotencyKey string                       // makes a repeat harmless: the same key with the same input has one effect
	Translation    governance.TranslationID     // which translation
	Base           int                          // number of the version that was changed
	Of             governance.Digest            // of the revision that it translates now
	Status         governance.TranslationStatus // MACHINE or UNOFFICIAL
	Texts          []TranslatedTextInput        // all of them; may be a part
}

// ConfirmTranslationInput is what confirmTranslation takes.
type ConfirmTranslationInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	Translation    governance.TranslationID // which translation
	Digest         governance.Digest        // of the version that is confirmed: the newest
}

// WithdrawTranslationInput is what withdrawTranslation takes.
type WithdrawTranslationInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	Translation    governance.TranslationID // which translation
	Reason         string                   // why
}
