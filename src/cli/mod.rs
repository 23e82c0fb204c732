//! The cli face.
