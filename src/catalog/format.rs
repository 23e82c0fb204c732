//! The layout of `assets/catalog.bin`, for the module that reads it and the program that writes it.
//!
//! ```text
//! file    MAGIC, the number of groups of services, the number of groups of policies, for each frame
//!         its length compressed and plain, the frames
//! frame   a block, compressed with zstd
//! block   the length of the text, the text, numbers
//! text    lines, each ended by '\n'
//! number  LEB128: seven bits a byte, the lowest first; the high bit says that more follow
//! ```
//!
//! Frames, in this order. Those of a group can be read without any other:
//!
//! | frame | lines | numbers |
//! | --- | --- | --- |
//! | index | sources: package, version, licence, date; services: prefix, title; ARN services; prefixes of keys; global keys: name, description | see `store` |
//! | policy index | path and name of each | how many there are; group of each |
//! | names, a group each | the names of all actions | their access levels |
//! | details, a group each | see `details` | see `details` |
//! | policies, a group each | version, date, document of each | none |

/// What the file begins with; the number is that of the layout.
pub const MAGIC: &[u8] = b"iamscope catalogue 1\n";

/// How many packages the catalogue is made from.
pub const SOURCES: usize = 3;

/// The access levels, by their numbers.
pub const LEVELS: [&str; 5] = ["List", "Read", "Write", "Tagging", "Permissions management"];

/// The types of condition keys. A key's number is twice its type's, and one more where it holds
/// several values.
pub const TYPES: [&str; 7] = [
    "String",
    "ARN",
    "Bool",
    "Numeric",
    "Date",
    "IPAddress",
    "Binary",
];
