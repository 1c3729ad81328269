package store

// Node is anything with an id of its own: what node(id:) can answer.
type Node interface{ IsNode() }

// IsNode says that it has an id of its own.
func (*Organization) IsNode() {}

// IsNode says that it has an id of its own.
func (*Mandate) IsNode() {}

// IsNode says that it has an id of its own.
func (*Person) IsNode() {}

// IsNode says that it has an id of its own.
func (*Council) IsNode() {}

// IsNode says that it has an id of its own.
func (*RollEntry) IsNode() {}

// IsNode says that it has an id of its own.
func (*Charter) IsNode() {}

// IsNode says that it has an id of its own.
func (*Need) IsNode() {}

// IsNode says that it has an id of its own.
func (*Specification) IsNode() {}

// IsNode says that it has an id of its own.
func (*Edition) IsNode() {}

// IsNode says that it has an id of its own.
func (*Revision) IsNode() {}

// IsNode says that it has an id of its own.
func (*Comment) IsNode() {}

// IsNode says that it has an id of its own.
func (*Consultation) IsNode() {}

// IsNode says that it has an id of its own.
func (*Ballot) IsNode() {}

// IsNode says that it has an id of its own.
func (*Position) IsNode() {}

// IsNode says that it has an id of its own.
func (*Statement) IsNode() {}

// IsNode says that it has an id of its own.
func (*Offer) IsNode() {}

// IsNode says that it has an id of its own.
func (*Publication) IsNode() {}
