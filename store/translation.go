package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// Translation is an edition's text in a language that is not authentic, in its newest version.
type Translation struct {
	TranslationVersion

	ID           governance.TranslationID
	EditionID    governance.EditionID
	Language     governance.LanguageTag
	Organization *Organization // that added it
	State        governance.TranslationState
	EndReason    string
	EndedAt      *time.Time
	AddedAt      time.Time
}

// TranslationVersion is one saved state of a translation; only whether it is confirmed ever changes.
type TranslationVersion struct {
	Number      int
	Of          governance.Digest // of the text that it translates
	Digest      governance.Digest // its own
	Status      governance.TranslationStatus
	Author      *Person
	SavedFor    *Organization
	ConfirmedBy *Organization // nil: nobody has
	ConfirmedAt *time.Time
	SavedAt     time.Time

	revision governance.RevisionID
	body     governance.Translation
	bytes    []byte
}

// The columns of a translation "t" with one of its versions "v".
const translationColumns = `
	t.id,
	t.edition_id,
	t.language,
	t.organization_id,
	t.state,
	t.end_reason,
	t.ended_at,
	t.created_at,
	v.number,
	v.revision_id,
	v.revision_digest,
	v.digest,
	v.body,
	v.status,
	v.person_id,
	v.organization_id,
	v.confirmed_by,
	v.confirmed_at,
	v.created_at`

// translationTables is what translationColumns are of: each translation in its newest version.
const translationTables = `
	FROM translations t
	JOIN translation_versions v ON v.translation_id = t.id AND v.number = t.number `

// scanTranslation reads translationColumns; organizations and persons carry their ids alone.
func scanTranslation(row scanner) (*Translation, error) {
	t := Translation{Organization: &Organization{}}
	t.Author, t.SavedFor = &Person{}, &Organization{}
	var confirmedBy governance.OrganizationID
	err := row.Scan(&t.ID, &t.EditionID, &t.Language, &t.Organization.ID, &t.State, &t.EndReason, atOrNil(&t.EndedAt), at(&t.AddedAt),
		&t.Number, &t.revision, &t.Of, &t.Digest, &t.bytes, &t.Status, &t.Author.ID, &t.SavedFor.ID, orEmpty(&confirmedBy),
		atOrNil(&t.ConfirmedAt), at(&t.SavedAt))
	if err != nil {
		return nil, err
	}
	if confirmedBy != "" {
		t.ConfirmedBy = &Organization{ID: confirmedBy}
	}
	if t.body, err = governance.ParseTranslation(t.bytes); err != nil {
		return nil, fmt.Errorf("parse the stored translation %s: %w", t.Digest, errStored{err})
	}
	return &t, nil
}

// translation reads a translation's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) translation(ctx context.Context, id governance.TranslationID) (*Translation, error) {
	found, err := collect(ctx, q, scanTranslation, `SELECT `+translationColumns+translationTables+`WHERE t.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read translation: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("translation", string(id))
	}
	return found[0], nil
}

// currentTranslations reads those of an edition that stand, whoever may see it, by language.
func (q *Query) currentTranslations(ctx context.Context, edition governance.EditionID) ([]*Translation, error) {
	found, err := collect(ctx, q, scanTranslation, `SELECT `+translationColumns+translationTables+`
		WHERE t.edition_id = $1 AND t.state = 'CURRENT'
		ORDER BY t.language`, edition)
	if err != nil {
		return nil, fmt.Errorf("read the translations of edition %s: %w", edition, err)
	}
	return found, nil
}

// fillTranslations completes translations: who added, wrote and confirmed them.
func (q *Query) fillTranslations(ctx context.Context, s standing, translations ...*Translation) error {
	var organizations []*Organization
	var authors []*Person
	for _, t := range translations {
		organizations = append(organizations, t.Organization, t.SavedFor, t.ConfirmedBy)
		authors = append(authors, t.Author)
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return err
	}
	return q.fillPersons(ctx, s, authors...)
}

// showTranslations leaves of each translation what the viewer may read. Drafts from before an edition was public stay with
// those who saw them, and so do translations of them: of one that translates such a draft, others are shown the texts that
// stand in the edition as it is now.
func (q *Query) showTranslations(ctx context.Context, viewer editionViewer, e *Edition, translations ...*Translation) error {
	shown, err := q.showsFrom(ctx, viewer, e)
	if err != nil || shown == 0 {
		return err
	}
	for _, t := range translations {
		of, err := q.revision(ctx, t.revision)
		if err != nil {
			return err
		}
		if of.Number >= shown {
			continue
		}
		standing, err := q.translationStanding(ctx, t, e.HeadID, e.HeadDigest)
		if err != nil {
			return err
		}
		t.body, t.bytes = t.body.Fitting(standing), nil
	}
	return nil
}

// translationStanding compares a translation with a revision's text.
func (q *Query) translationStanding(ctx context.Context, t *Translation, now governance.RevisionID, digest governance.Digest) (governance.TranslationStanding, error) {
	of, err := q.document(ctx, t.revision, t.Of)
	if err != nil {
		return governance.TranslationStanding{}, err
	}
	text, err := q.document(ctx, now, digest)
	if err != nil {
		return governance.TranslationStanding{}, err
	}
	return t.body.Standing(of, text), nil
}

// Translations lists the translations of an edition that the actor was shown: those that stand, by language.
func (db *DB) Translations(ctx context.Context, actor governance.Actor, e *Edition) ([]*Translation, error) {
	translations := []*Translation{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		found, err := q.currentTranslations(ctx, e.ID)
		if err != nil {
			return err
		}
		translations = append(translations, found...)
		if err := q.showTranslations(ctx, viewer, e, translations...); err != nil {
			return err
		}
		return q.fillTranslations(ctx, viewer.standing, translations...)
	})
	return translations, err
}

// Translation reads a translation, withdrawn or not. NOT_FOUND where the actor may not see its edition.
func (db *DB) Translation(ctx context.Context, actor governance.Actor, id governance.TranslationID) (*Translation, error) {
	var t *Translation
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if t, err = q.translation(ctx, id); err != nil {
			return err
		}
		e, err := q.edition(ctx, t.EditionID)
		if err != nil {
			return err
		}
		viewer, err := q.lookAt(ctx, s, e)
		if err != nil {
			return err
		}
		if !viewer.sees {
			return governance.NotFound("translation", string(id))
		}
		if err := q.showTranslations(ctx, viewer, e, t); err != nil {
			return err
		}
		return q.fillTranslations(ctx, s, t)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// mostTranslationVersions is how many versions of a translation are listed: the newest.
const mostTranslationVersions = 50

// TranslationVersions lists the versions of a translation that the actor was shown, the newest first. Versions of drafts
// that it did not see are left out.
func (db *DB) TranslationVersions(ctx context.Context, actor governance.Actor, t *Translation) ([]*Translation, error) {
	var versions []*Translation
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, t.EditionID)
		if err != nil {
			return err
		}
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		shown, err := q.showsFrom(ctx, viewer, e)
		if err != nil {
			return err
		}
		versions, err = collect(ctx, q, scanTranslation, `SELECT `+translationColumns+`
			FROM translations t
			JOIN translation_versions v ON v.translation_id = t.id
			JOIN revisions r ON r.id = v.revision_id
			WHERE t.id = $1 AND r.number >= $2
			ORDER BY v.number DESC
			LIMIT $3`, t.ID, shown, mostTranslationVersions)
		if err != nil {
			return fmt.Errorf("read the versions of translation %s: %w", t.ID, err)
		}
		return q.fillTranslations(ctx, viewer.standing, versions...)
	})
	return versions, err
}

// Canonical is the exact bytes that the version's digest names; nil where the viewer may not see the draft that it
// translates.
func (t *Translation) Canonical() *string {
	if t.bytes == nil {
		return nil
	}
	text := string(t.bytes)
	return &text
}

// TranslatedText is one text of a translation.
type TranslatedText struct {
	Path  string
	Words string
}

// Texts lists the translated texts by path.
func (t *Translation) Texts() []*TranslatedText {
	texts := []*TranslatedText{}
	for _, path := range sortedKeys(t.body.Texts) {
		texts = append(texts, &TranslatedText{path, t.body.Texts[path]})
	}
	return texts
}

// Body is what the translation says, as the viewer may read it.
func (t *Translation) Body() governance.Translation { return t.body }

// TranslationStanding compares a translation that the actor was shown with a revision of its edition; nil: the newest.
// NOT_FOUND for a revision that the actor may not see, INVALID for one of another edition.
func (db *DB) TranslationStanding(ctx context.Context, actor governance.Actor, t *Translation, revision *governance.RevisionID) (*governance.TranslationStanding, error) {
	var standing governance.TranslationStanding
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, t.EditionID)
		if err != nil {
			return err
		}
		id, digest := e.HeadID, e.HeadDigest
		if revision != nil {
			s, err := q.standingOf(ctx, actor)
			if err != nil {
				return err
			}
			r, _, err := q.shownRevision(ctx, s, *revision)
			if err != nil {
				return err
			}
			if r.EditionID != t.EditionID {
				return governance.Invalid("revision", "another-edition", "The revision is of another edition.")
			}
			id, digest = r.ID, r.Digest
		}
		standing, err = q.translationStanding(ctx, t, id, digest)
		return err
	})
	return &standing, err
}

// ReadIn answers the texts of a revision that the actor was shown in a language: its own, a translation's where that says
// what the text says now, else the primary one's.
func (db *DB) ReadIn(ctx context.Context, r *Revision, language governance.LanguageTag) ([]*governance.ReadableText, error) {
	if !language.Valid() {
		return nil, governance.Invalid("language", "not-a-language", `{value} is not a language tag written as in "de", "de-AT" or "sr-Latn".`,
			"value", string(language))
	}
	var read []governance.ReadableText
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		document, err := q.document(ctx, r.ID, r.Digest)
		if err != nil {
			return err
		}
		rated, err := q.fittingTranslations(ctx, r.EditionID, r.ID, r.Digest)
		read = document.ReadIn(language, rated)
		return err
	})
	shown := make([]*governance.ReadableText, len(read))
	for i := range read {
		shown[i] = &read[i]
	}
	return shown, err
}

// fittingTranslations reads the translations of an edition that stand, with the texts that are of a revision as it stands.
func (q *Query) fittingTranslations(ctx context.Context, e governance.EditionID, revision governance.RevisionID, digest governance.Digest) ([]governance.RatedTranslation, error) {
	translations, err := q.currentTranslations(ctx, e)
	if err != nil {
		return nil, err
	}
	rated := make([]governance.RatedTranslation, len(translations))
	for i, t := range translations {
		standing, err := q.translationStanding(ctx, t, revision, digest)
		if err != nil {
			return nil, err
		}
		rated[i] = governance.RatedTranslation{Translation: t.body.Fitting(standing), Status: t.Status}
	}
	return rated, nil
}

// FittingTranslations reads the translations of an edition that the actor was shown, each with the texts that are of the
// newest text as it stands, by language.
func (db *DB) FittingTranslations(ctx context.Context, e *Edition) ([]governance.RatedTranslation, error) {
	var translations []governance.RatedTranslation
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		translations, err = q.fittingTranslations(ctx, e.ID, e.HeadID, e.HeadDigest)
		return err
	})
	return translations, err
}

// EditionLanguage is a language in which an edition's text can be read.
type EditionLanguage struct {
	Language  governance.LanguageTag
	Authentic bool
	Status    governance.TranslationStatus // empty: it is authentic
}

// LanguagesOf lists the languages in which the newest text of an edition that the actor was shown can be read: the
// authentic ones, the primary one first, then those of translations.
func (db *DB) LanguagesOf(ctx context.Context, e *Edition) ([]*EditionLanguage, error) {
	var languages []*EditionLanguage
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		document, err := q.document(ctx, e.HeadID, e.HeadDigest)
		if err != nil {
			return err
		}
		for _, language := range document.Languages {
			languages = append(languages, &EditionLanguage{Language: language, Authentic: true})
		}
		translations, err := q.currentTranslations(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, t := range translations {
			languages = append(languages, &EditionLanguage{Language: t.Language, Status: t.Status})
		}
		return nil
	})
	return languages, err
}

// newTranslation makes the bytes that are kept.
func newTranslation(language governance.LanguageTag, of governance.Digest, texts []TranslatedTextInput) (TranslationVersion, error) {
	body := governance.Translation{Language: language, Of: of, Texts: make(map[string]string, len(texts))}
	for i, text := range texts {
		if _, doubled := body.Texts[text.Path]; doubled {
			return TranslationVersion{}, governance.Invalid(fmt.Sprintf("input.texts[%d].path", i), "doubled-member",
				"The member {name} is there twice.", "name", text.Path)
		}
		body.Texts[text.Path] = text.Words
	}
	bytes, digest, err := notary.EncodeTranslation(body)
	if err != nil {
		return TranslationVersion{}, atInput("input", err)
	}
	v := TranslationVersion{Of: of, Digest: digest, bytes: bytes}
	v.body, err = governance.ParseTranslation(bytes)
	return v, err
}
