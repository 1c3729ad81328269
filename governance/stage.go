package governance

import "slices"

// Stage is where an object stands in its life. Every kind of object has its own stages; the words are shared where
// they mean the same.
type Stage string

// The stages of an edition.
const (
	StageDrafting     Stage = "DRAFTING"
	StageConsultation Stage = "CONSULTATION"
	StageDisposition  Stage = "DISPOSITION"
	StageBallot       Stage = "BALLOT"
	StageApproved     Stage = "APPROVED"
	StageEndorsed     Stage = "ENDORSED"
	StagePublished    Stage = "PUBLISHED"
	StageSuperseded   Stage = "SUPERSEDED"
	StageSuspended    Stage = "SUSPENDED"
	StageWithdrawn    Stage = "WITHDRAWN"
	StageAbandoned    Stage = "ABANDONED"
)

// EditionStages lists an edition's stages in the order of its life.
var EditionStages = []Stage{
	StageDrafting, StageConsultation, StageDisposition, StageBallot, StageApproved, StageEndorsed,
	StagePublished, StageSuperseded, StageSuspended, StageWithdrawn, StageAbandoned,
}

// The stages of a need. WITHDRAWN is shared.
const (
	StageOpen        Stage = "OPEN"
	StageUnderReview Stage = "UNDER_REVIEW"
	StageAccepted    Stage = "ACCEPTED"
	StageAddressed   Stage = "ADDRESSED"
	StageDeclined    Stage = "DECLINED"
	StageMerged      Stage = "MERGED"
)

// NeedStages lists a need's stages in the order of its life.
var NeedStages = []Stage{
	StageOpen, StageUnderReview, StageAccepted, StageAddressed, StageDeclined, StageMerged, StageWithdrawn,
}

// StageClosed is what comes of an open ballot.
const StageClosed Stage = "CLOSED"

// BallotStages lists a ballot's stages, which are its states. OPEN is shared with needs.
var BallotStages = []Stage{StageOpen, StageClosed}

// Open says whether an edition in this stage is still being worked on: at most one edition of a specification is.
func (s Stage) Open() bool { return slices.Contains(openStages, s) }

var openStages = []Stage{StageDrafting, StageConsultation, StageDisposition, StageBallot, StageApproved, StageEndorsed}

// Public says whether everybody may read an edition in this stage whatever its consultation was.
func (s Stage) Public() bool { return slices.Contains(publicStages, s) }

var publicStages = []Stage{
	StageApproved, StageEndorsed, StagePublished, StageSuperseded, StageSuspended, StageWithdrawn,
}

// Lapses says whether an edition in this stage is published, and shows as lapsed while an endorsement that its charter asks
// for is missing.
func (s Stage) Lapses() bool { return slices.Contains(untilTheEnd, s) }
