//! iamscope: explore AWS IAM in the terminal.
//!
//! Three verbs carry the program: **load** an account, **ask** it, **change** it. The terminal
//! interface and the commands are two faces over the same three.
//!
//! The modules are floors of a house. An import points only to a lower floor, that is, up this
//! list; a test reads every path in `src` and holds the rule.
//!
//! | module | what it owns | what it never does |
//! | --- | --- | --- |
//! | [`visible`] | making text from strangers safe to print | know what a text means |
//! | [`policy`] | the policy language: text, tree with spans, typed document, patterns, values, sentences | know of accounts or of AWS |
//! | [`iam`] | what IAM is: account, user, group, role, policy, credential, ARN | I/O, clocks, parsing of files |
//! | [`catalog`] | what AWS offers: services, actions, resource types, condition keys, managed policies | know of an account, or ask AWS |
//! | [`access`] | who may do what, and why: one request against the policies of every layer | I/O, clocks, state |
//! | [`source`] | the async data layer: live AWS, a file, the demo account | draw, or decide what is shown |
//! | [`report`] | answers for machines and files: JSON, text, cases | draw, send, or decide |
//! | [`cli`] | the commands, a file each | know of the terminal interface |
//! | [`tui`] | the terminal interface | know of the commands, or of SDK types |
//!
//! Everything below `source` knows no tokio, no AWS SDK and no ratatui; SDK types stay inside
//! `source::aws`.

pub mod access;
pub mod catalog;
pub mod cli;
pub mod iam;
pub mod policy;
pub mod report;
pub mod source;
pub mod tui;
pub mod visible;
