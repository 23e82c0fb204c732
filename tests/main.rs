//! End-to-end tests, a module each.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod agreement;
mod ask;
mod asking;
mod commands;
mod demo;
mod denied;
mod details;
mod effective;
mod faults;
mod files;
mod filters;
mod fuzz;
mod generated;
mod house;
mod keys;
mod live_interface;
mod moto;
mod naive;
mod opening;
mod properties;
mod questions;
mod readme;
mod remedy;
mod rules;
mod screens;
mod simulate;
mod support;
mod terminal;
mod who_can;
mod who_view;
