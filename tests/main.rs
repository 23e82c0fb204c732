//! End-to-end tests, a module each.

mod demo;
