//! Business time.
