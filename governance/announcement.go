package governance

// AnnouncementChannel is how the opening of a ballot is announced to somebody.
type AnnouncementChannel string

// The values of AnnouncementChannel.
const (
	ChannelInApp AnnouncementChannel = "IN_APP"
	ChannelMail  AnnouncementChannel = "MAIL"
	ChannelNone  AnnouncementChannel = "NONE" // nobody could be told
)

// DeliveryState is what came of an announcement.
type DeliveryState string

// The values of DeliveryState.
const (
	DeliveryTold   DeliveryState = "TOLD"   // it stands in the application
	DeliverySent   DeliveryState = "SENT"   // the mail's server has taken it
	DeliveryFailed DeliveryState = "FAILED" // it was refused for good, or nobody could be told
)
