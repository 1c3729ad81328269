package governance

// KeyID is the id of a key.
type KeyID string

// Custody says who keeps a private key.
type Custody string

// The custodies.
const (
	CustodyPlatform Custody = "PLATFORM" // sealed in the database; the platform signs when it is told to
	CustodyOwn      Custody = "OWN"      // the organization keeps it and signs outside
)
