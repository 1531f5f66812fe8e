//! What is known of a lead: attribute writes and events.
