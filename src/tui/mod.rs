//! The tui face.
