//! Writes an invented account of any size, as `aws iam get-account-authorization-details` would
//! print it:
//!
//! ```sh
//! cargo run --release --example generate_account -- --size large -o large.json
//! cargo run --release --example generate_account -- --users 10 --roles 20 > small.json
//! ```

#[path = "../benches/generate/mod.rs"]
mod generate;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use generate::Size;

/// Write an invented account, as the AWS CLI would print it
#[derive(Parser)]
struct Arguments {
    /// A size with a name; single numbers below override it
    #[arg(long, value_parser = ["large", "medium", "small"], default_value = "small")]
    size: String,
    #[arg(long)]
    users: Option<usize>,
    #[arg(long)]
    groups: Option<usize>,
    #[arg(long)]
    roles: Option<usize>,
    /// Customer managed policies
    #[arg(long)]
    policies: Option<usize>,
    /// The same seed gives the same account
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let base = match arguments.size.as_str() {
        "large" => Size::LARGE,
        "medium" => Size::large_by(10),
        _ => Size::large_by(100),
    };
    let size = Size {
        users: arguments.users.unwrap_or(base.users),
        groups: arguments.groups.unwrap_or(base.groups),
        roles: arguments.roles.unwrap_or(base.roles),
        policies: arguments.policies.unwrap_or(base.policies),
    };
    let out: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    generate::write(size, arguments.seed, out)
}
