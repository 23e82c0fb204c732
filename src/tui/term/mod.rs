//! The terminal: taking it, giving it back, and what goes in and out of it.
//!
//! | module | what it owns |
//! | --- | --- |
//! | [`tty`] | the descriptors, raw mode, the alternate screen; giving it all back, also in a panic |
//! | [`screen`] | one frame, one write |
//! | [`paint`] | a frame into as few bytes as will do |
//! | [`guard`] | no cell reaches the terminal that could steer it |
//! | [`input`] | the thread that waits for bytes, and notices that the terminal has gone |
//! | [`keys`] | bytes into keys |
//! | [`signals`] | what the system tells us |
//! | [`clipboard`] | a text into the sequence that puts it on the clipboard |
//! | [`capabilities`] | what the environment says of the terminal |
//!
//! Nothing here knows what is shown or what a key means. The terminal is never asked anything, so
//! nothing ever waits for an answer.

pub mod capabilities;
pub mod clipboard;
pub mod guard;
pub mod input;
pub mod keys;
pub mod paint;
mod pen;
pub mod screen;
pub mod signals;
pub mod tty;
