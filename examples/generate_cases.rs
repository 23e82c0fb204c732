//! Writes invented cases for `iamscope simulate`, one a line:
//!
//! ```sh
//! cargo run --release --example generate_cases -- --count 2000 -o cases.jsonl
//! cargo run --release --example generate_cases -- --kind odd --seed 7 | iamscope simulate
//! ```

#[path = "../benches/generate/mod.rs"]
mod generate;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use generate::cases::{self, Kind};

/// Write invented cases for iamscope simulate
#[derive(Parser)]
struct Arguments {
    /// Cases as in real accounts, of about 5 kB, or short ones with what is seldom met
    #[arg(long, value_parser = ["usual", "odd"], default_value = "usual")]
    kind: String,
    #[arg(long, default_value_t = 2_000)]
    count: usize,
    /// The same seed gives the same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let kind = match arguments.kind.as_str() {
        "odd" => Kind::Odd,
        _ => Kind::Usual,
    };
    let out: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    cases::write(kind, arguments.count, arguments.seed, out)
}
