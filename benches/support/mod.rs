//! What the benches share: the large account as a file, and loading it as the program does.

#![allow(dead_code, reason = "each of those who include this needs a part")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use iamscope::iam::Account;
use iamscope::source::{Event, Mode, Source, Spec};
use tempfile::NamedTempFile;

use crate::generate::{self, Size};

/// The large account, generated once into the build folder.
pub fn large() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large.json");
    let file = File::create(&path).expect("the build folder can be written");
    generate::write(Size::LARGE, 1, file).expect("there is room for it");
    path
}

/// An account of any size in the build folder, for as long as it is used: it may be very large.
pub fn passing(size: Size) -> NamedTempFile {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let mut file = NamedTempFile::new_in(folder).expect("the build folder can be written");
    generate::write(size, 1, &mut file).expect("there is room for it");
    file
}

/// The size of a file, in bytes.
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).expect("the file is there").len()
}

/// Loads a file as the program does: from its path to an account that can be browsed.
pub fn load(path: &Path) -> Account {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    let mut account = Account::default();
    runtime.block_on(async {
        let spec = Spec::File(path.to_owned());
        let source = Source::open(&spec, Mode::ReadOnly).await.expect("opens");
        let (sink, mut news) = tokio::sync::mpsc::unbounded_channel::<Event>();
        source.load(None, sink).await;
        while let Some(event) = news.recv().await {
            event.apply(&mut account);
        }
    });
    account
}
